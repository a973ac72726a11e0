import Foundation
public import FrameModel

/// What carries the charts of a twin.
public enum TwinContent: String, CaseIterable, Codable, Sendable {
    /// A dome, and cards before it.
    case cards
    /// Triangles alone.
    case meshes
}

extension DefaultShot {
    /// Sectors of the bowl round the horizon.
    private static let sectors = 8
    /// Bands of the bowl from 75° below the horizon to 75° above it.
    private static let bands = 3

    /// The default scene of triangles: bent sheets at 2 m and through the wall, before a bowl 10 m
    /// behind it.
    ///
    /// Each object has a material and a texture of its own.
    /// - Parameter picture: what they show; a grating chart replaces it.
    public func meshScene(picture: Picture) -> Scene {
        var objects = [
            sheet("near", away: 2, aside: -0.35, height: -0.1, width: 0.4, bend: 0.06, 0),
            sheet("wall", away: distance, aside: 0.8, height: 0.2, width: 1, bend: -0.2, 1),
        ]
        for sector in 0..<DefaultShot.sectors {
            for band in 0..<DefaultShot.bands { objects.append(bowl(sector, band, objects.count)) }
        }
        let texture = MeshTexture(picture: picture, wrapU: .clamp, wrapV: .clamp)
        return Scene(
            name: "default shot of triangles", dome: nil,
            meshes: [
                Mesh(
                    name: "shot", objects: objects,
                    materials: objects.indices.map {
                        MeshMaterial(name: "chart \($0)", baseTexture: $0)
                    }, textures: objects.map { _ in texture })
            ])
    }

    /// Width of a mesh object as the middle of the shot sees it, radians.
    private func breadth(_ index: Int) -> Double {
        switch index {
        case 0: 0.4 / 2
        case 1: 1 / distance
        default: 2 * .pi / Double(DefaultShot.sectors)
        }
    }

    /// Periods of the finest grating that each mesh object takes.
    func finestOnMeshes(pitch: Double) -> [Double] {
        (0..<2 + DefaultShot.sectors * DefaultShot.bands).map {
            breadth($0) * distance / pitch / 24
        }
    }

    /// A sheet that faces the middle of the shot, its corners `bend` metres nearer than its middle.
    private func sheet(
        _ name: String, away: Double, aside: Double, height: Double, width: Double, bend: Double,
        _ material: Int
    ) -> MeshObject {
        let stand = Placement(pan: pan, tilt: 0, roll: 0, origin: center)
        return MeshPatch(columns: 12, rows: 8) { u, v in
            let (x, z) = (2 * u - 1, 1 - 2 * v)
            return stand.point(
                SIMD3(
                    aside + 0.5 * width * x, away - 0.5 * bend * (x * x + z * z),
                    height + 0.375 * width * z))
        }.object(name, material: material)
    }

    /// A part of the bowl round the middle of the shot, 10 m behind the wall.
    private func bowl(_ sector: Int, _ band: Int, _ material: Int) -> MeshObject {
        let radius = distance + 10
        let middle = center
        return MeshPatch(columns: 8, rows: 8) { u, v in
            let azimuth = 2 * .pi * (Double(sector) + u) / Double(DefaultShot.sectors)
            let elevation =
                5 * .pi / 6 * (0.5 - (Double(band) + v) / Double(DefaultShot.bands))
            return middle + radius
                * SIMD3(
                    sin(azimuth) * cos(elevation), cos(azimuth) * cos(elevation), sin(elevation))
        }.object("bowl \(sector) \(band)", material: material)
    }
}

/// A grid of triangles from a place for each u (right) and v (down), 0 … 1.
struct MeshPatch {
    private let columns: Int
    private let rows: Int
    private let place: (Double, Double) -> SIMD3<Double>

    init(columns: Int, rows: Int, place: @escaping (Double, Double) -> SIMD3<Double>) {
        self.columns = columns
        self.rows = rows
        self.place = place
    }

    /// The grid as an object of a material, seen from where u runs right and v down.
    func object(_ name: String, material: Int) -> MeshObject {
        var positions: [SIMD3<Float>] = []
        var uvs: [SIMD2<Float>] = []
        var indices: [UInt32] = []
        for row in 0...rows {
            for column in 0...columns {
                let (u, v) = (Double(column) / Double(columns), Double(row) / Double(rows))
                positions.append(SIMD3<Float>(place(u, v)))
                uvs.append(SIMD2(Float(u), Float(v)))
                guard row < rows, column < columns else { continue }
                let a = UInt32(row * (columns + 1) + column)
                let (b, c) = (a + 1, a + UInt32(columns + 1))
                indices += [c, c + 1, b, c, b, a]
            }
        }
        return MeshObject(
            name: name, positions: positions, uvs: uvs, indices: indices, material: material)
    }
}
