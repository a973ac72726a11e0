import Color
import Foundation
public import FrameModel

/// Flat patches round the whole dome: the test chart of color.
///
/// Cells of 3° × 3° carry, in turn, a gray ramp from 0.05 nit to the wall's peak, the 24 patches
/// of the ColorChecker, and P3 colors of half, three-quarter and full saturation.
public struct ColorChart: Sendable {
    /// Cells round the dome.
    static let across = 120
    /// Cells from pole to pole.
    static let down = 60
    /// Texels a cell is wide and high.
    private static let texels = 16

    /// Patches, scene-linear ACEScg.
    public let patches: [SIMD3<Double>]

    /// A chart for a wall of such a peak, nits, and scale, nits of scene-linear one.
    public init(peakNits: Double, nitsPerUnit: Double) {
        let peak = peakNits / nitsPerUnit
        let dark = 0.05 / nitsPerUnit
        let ramp = (0..<32).map { step in
            SIMD3(repeating: dark * pow(0.98 * peak / dark, Double(step) / 31))
        }
        let fromVideo = Colorimetry.converting(Colorimetry.video, to: Colorimetry.working)
        let checker = ColorChart.checker.map { code in
            fromVideo.applied(to: ColorChart.linear(code))
        }
        let fromCinema = Colorimetry.converting(Colorimetry.cinema, to: Colorimetry.working)
        var saturated: [SIMD3<Double>] = []
        // Full saturation at one level only: a wall short of P3 still shows nine patches of ten.
        for level in [0.03 * peak, 0.2 * peak, 0.8 * peak] {
            for floor in level == 0.2 * peak ? [0.0, 0.25, 0.5] : [0.25, 0.5] {
                for hue in 1..<7 {
                    let rgb = SIMD3(
                        hue & 1 == 0 ? floor : 1, hue & 2 == 0 ? floor : 1,
                        hue & 4 == 0 ? floor : 1)
                    saturated.append(fromCinema.applied(to: rgb * level))
                }
            }
        }
        patches = ramp + checker + saturated
    }

    /// The chart as a scene: a dome at infinity, or triangles 50 m round the origin.
    ///
    /// A third of the triangles' columns has it as a base texture, a third as emission, and a third
    /// as colors of vertices.
    public func scene(on content: TwinContent = .cards) -> Scene {
        let picture = picture()
        guard content == .meshes else {
            return Scene(name: "color chart", dome: Dome(picture: picture))
        }
        return Scene(
            name: "color chart", dome: nil,
            meshes: [
                Mesh(
                    name: "chart", objects: (0..<3).map(columns),
                    materials: [
                        MeshMaterial(name: "texture", baseTexture: 0),
                        MeshMaterial(
                            name: "emission", base: SIMD4(0, 0, 0, 1), emission: SIMD3(1, 1, 1),
                            emissionTexture: 0),
                        MeshMaterial(name: "vertices"),
                    ], textures: [MeshTexture(picture: picture, wrapV: .clamp)])
            ])
    }

    /// Every third column of cells as triangles, from 80° below the horizon to 80° above it.
    private func columns(_ third: Int) -> MeshObject {
        var positions: [SIMD3<Float>] = []
        var uvs: [SIMD2<Float>] = []
        var colors: [SIMD4<Float>] = []
        var indices: [UInt32] = []
        for column in stride(from: third, to: ColorChart.across, by: 3) {
            for row in ColorChart.down / 18..<ColorChart.down - ColorChart.down / 18 {
                let color = patches[patch(column: column, row: row)]
                let first = UInt32(positions.count)
                for (x, y) in [(0, 1), (1, 1), (1, 0), (0, 0)] {
                    let u = Double(column + x) / Double(ColorChart.across)
                    let v = Double(row + y) / Double(ColorChart.down)
                    let (azimuth, elevation) = (2 * .pi * (u - 0.5), .pi * (0.5 - v))
                    positions.append(
                        SIMD3<Float>(
                            50
                                * SIMD3(
                                    sin(azimuth) * cos(elevation), cos(azimuth) * cos(elevation),
                                    sin(elevation))))
                    uvs.append(SIMD2(Float(u), Float(v)))
                    colors.append(SIMD4(SIMD3<Float>(color), 1))
                }
                indices += [0, 1, 2, 0, 2, 3].map { first + $0 }
            }
        }
        return MeshObject(
            name: "columns \(third)", positions: positions, uvs: uvs,
            colors: third == 2 ? colors : [], indices: indices, material: third)
    }

    private func picture() -> Picture {
        let width = ColorChart.across * ColorChart.texels
        let height = ColorChart.down * ColorChart.texels
        var pixels: [Float] = []
        pixels.reserveCapacity(width * height * 4)
        for row in 0..<height {
            for column in 0..<width {
                let color = patches[
                    patch(column: column / ColorChart.texels, row: row / ColorChart.texels)]
                pixels.append(Float(color.x))
                pixels.append(Float(color.y))
                pixels.append(Float(color.z))
                pixels.append(1)
            }
        }
        return Picture(width: width, height: height, pixels: pixels)
    }

    /// The patch in a cell: neighbors differ, and a small view still sees many.
    func patch(column: Int, row: Int) -> Int { (column + 17 * row) % patches.count }

    /// The cell a dome place lies in, or nil within a quarter cell of its border.
    static func cell(at place: SIMD2<Double>) -> SIMD2<Int>? {
        let x = place.x * Double(across)
        let y = place.y * Double(down)
        let inside = SIMD2(x - x.rounded(.down), y - y.rounded(.down))
        guard inside.x > 0.25, inside.x < 0.75, inside.y > 0.25, inside.y < 0.75 else { return nil }
        return SIMD2(Int(x), Int(y))
    }

    /// ColorChecker Classic as 8-bit sRGB, dark skin to black.
    private static let checker: [SIMD3<Double>] = [
        SIMD3(115, 82, 68), SIMD3(194, 150, 130), SIMD3(98, 122, 157), SIMD3(87, 108, 67),
        SIMD3(133, 128, 177), SIMD3(103, 189, 170), SIMD3(214, 126, 44), SIMD3(80, 91, 166),
        SIMD3(193, 90, 99), SIMD3(94, 60, 108), SIMD3(157, 188, 64), SIMD3(224, 163, 46),
        SIMD3(56, 61, 150), SIMD3(70, 148, 73), SIMD3(175, 54, 60), SIMD3(231, 199, 31),
        SIMD3(187, 86, 149), SIMD3(8, 133, 161), SIMD3(243, 243, 242), SIMD3(200, 200, 200),
        SIMD3(160, 160, 160), SIMD3(122, 122, 121), SIMD3(85, 85, 85), SIMD3(52, 52, 52),
    ]

    /// Linear light of 8-bit sRGB (IEC 61966-2-1).
    private static func linear(_ code: SIMD3<Double>) -> SIMD3<Double> {
        func light(_ c: Double) -> Double {
            let v = c / 255
            return v <= 0.04045 ? v / 12.92 : pow((v + 0.055) / 1.055, 2.4)
        }
        return SIMD3(light(code.x), light(code.y), light(code.z))
    }
}
