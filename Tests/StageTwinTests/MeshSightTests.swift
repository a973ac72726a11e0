import FrameModel
import Foundation
import Geometry
import StageTwin
import Testing

/// The truth about meshes is held against arithmetic simple enough to see through.
struct MeshSightTests {
    private func sight(
        _ objects: [MeshObject], _ materials: [MeshMaterial], _ textures: [MeshTexture] = [],
        cards: [Card] = []
    ) -> SceneSight {
        SceneSight(
            scene: Scene(
                name: "test", dome: nil, cards: cards,
                meshes: [
                    Mesh(name: "m", objects: objects, materials: materials, textures: textures)
                ]), sceneFromStage: .identity, eye: SIMD3(0, 0, 0))
    }

    /// An upright rectangle 8 m wide and high, seen from the front.
    private func pane(_ y: Float, material: Int, isTurned: Bool = false) -> MeshObject {
        MeshObject(
            name: "pane",
            positions: [SIMD3(-4, y, -4), SIMD3(4, y, -4), SIMD3(4, y, 4), SIMD3(-4, y, 4)],
            uvs: [SIMD2(0, 1), SIMD2(1, 1), SIMD2(1, 0), SIMD2(0, 0)],
            indices: isTurned ? [0, 2, 1, 0, 3, 2] : [0, 1, 2, 0, 2, 3], material: material)
    }

    @Test func `a ray finds the nearest triangle, however many there are`() {
        var state: UInt64 = 7
        func random(_ range: ClosedRange<Float>) -> Float {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return range.lowerBound + Float(state >> 40) / Float(1 << 24)
                * (range.upperBound - range.lowerBound)
        }
        // Each triangle is a shade of its own.
        var object = MeshObject(name: "cloud", positions: [], colors: [], indices: [], material: 0)
        for index in 0..<400 {
            let middle = SIMD3(random(-3...3), random(1...9), random(-3...3))
            for _ in 0..<3 {
                object.positions.append(
                    middle + SIMD3(random(-1...1), random(-1...1), random(-1...1)))
                let shade = Float(index + 1) / 512
                object.colors.append(SIMD4(shade, shade, shade, 1))
                object.indices.append(UInt32(object.indices.count))
            }
        }
        let sight = sight([object], [MeshMaterial(name: "both", isTwoSided: true)])
        var found = 0
        for row in 0..<40 {
            for column in 0..<40 {
                let ray = SIMD3(Double(column) - 19.3, 20, Double(row) - 19.7) / 20
                let truth = nearest(object, ray)
                let seen = Int((sight.color(along: ray).x * 512).rounded())
                #expect(seen == truth)
                if truth > 0 { found += 1 }
            }
        }
        #expect(found > 400)
    }

    /// Number of the nearest triangle on a ray from the origin, 0: none; by signed volumes.
    private func nearest(_ object: MeshObject, _ ray: SIMD3<Double>) -> Int {
        func volume(_ a: SIMD3<Double>, _ b: SIMD3<Double>, _ c: SIMD3<Double>) -> Double {
            a.x * (b.y * c.z - b.z * c.y) + a.y * (b.z * c.x - b.x * c.z)
                + a.z * (b.x * c.y - b.y * c.x)
        }
        var (best, distance) = (0, Double.infinity)
        for index in 0..<object.triangleCount {
            let p = (0..<3).map { SIMD3<Double>(object.positions[3 * index + $0]) }
            let parts = [volume(ray, p[1], p[2]), volume(p[0], ray, p[2]), volume(p[0], p[1], ray)]
            guard parts.allSatisfy({ $0 > 0 }) || parts.allSatisfy({ $0 < 0 }) else { continue }
            let way = volume(p[0], p[1], p[2]) / parts.reduce(0, +)
            if way > 0 && way < distance { (best, distance) = (index + 1, way) }
        }
        return best
    }

    @Test func `a texture runs straight in space, whatever the perspective`() {
        let ramp = Picture(
            width: 64, height: 1,
            pixels: (0..<64).flatMap { column -> [Float] in
                let shade = (Float(column) + 0.5) / 64
                return [shade, shade, shade, 1]
            })
        // A floor 1 m below, u along the way ahead: 0 at 2 m, 1 at 10 m.
        let floor = MeshObject(
            name: "floor",
            positions: [SIMD3(-4, 2, -1), SIMD3(4, 2, -1), SIMD3(4, 10, -1), SIMD3(-4, 10, -1)],
            uvs: [SIMD2(0, 0), SIMD2(0, 0), SIMD2(1, 0), SIMD2(1, 0)],
            indices: [0, 1, 2, 0, 2, 3], material: 0)
        let sight = sight(
            [floor], [MeshMaterial(name: "ramp", baseTexture: 0)],
            [MeshTexture(picture: ramp, wrapU: .clamp)])
        for way in stride(from: 2.5, to: 9.6, by: 0.35) {
            let light = sight.color(along: SIMD3(0.1, way, -1))
            #expect(abs(light.x - (way - 2) / 8) < 1e-6)
        }
    }

    @Test func `masks, glass, emission, backs and cards are what glTF says`() {
        let flat = Picture(
            width: 1, height: 1, pixels: [0.25, 0.25, 0.25, 1])
        let hole = Picture(
            width: 2, height: 1, pixels: [1, 1, 1, 1, 0, 0, 0, 0])
        let materials = [
            MeshMaterial(name: "solid", base: SIMD4(0.5, 0.5, 0.5, 1)),
            MeshMaterial(name: "glass", base: SIMD4(1, 1, 1, 0.5), alpha: .blend),
            MeshMaterial(name: "leaf", baseTexture: 0, alpha: .mask(cutoff: 0.5)),
            MeshMaterial(name: "lamp", base: SIMD4(0, 0, 0, 1), emission: SIMD3(3, 2, 1)),
        ]
        let textures = [MeshTexture(picture: hole, wrapU: .clamp)]
        func light(_ objects: [MeshObject], _ x: Double = -0.2, cards: [Card] = []) -> Double {
            sight(objects, materials, textures, cards: cards).color(along: SIMD3(x, 1, 0.1)).x
        }
        let card = Card(
            name: "c",
            sceneFromCard: .init(
                rotation: .identity, translation: SIMD3(0, 5, 0)), width: 9, height: 9,
            picture: flat)
        #expect(light([pane(6, material: 0)]) == 0.5)
        #expect(light([pane(6, material: 0), pane(4, material: 1)]) == 0.75)
        #expect(light([pane(6, material: 1), pane(4, material: 0)]) == 0.5)
        #expect(light([pane(6, material: 3)]) == 3)
        // Left half of the mask's picture covers.
        #expect(light([pane(6, material: 0), pane(4, material: 2)], -0.5) == 1)
        #expect(light([pane(6, material: 0), pane(4, material: 2)], 0.5) == 0.5)
        #expect(light([pane(4, material: 0, isTurned: true)]) == 0)
        #expect(light([pane(6, material: 0)], cards: [card]) == 0.25)
        #expect(light([pane(4, material: 0)], cards: [card]) == 0.5)
        #expect(light([pane(4, material: 1)], cards: [card]) == 0.5 + 0.125)
    }
}
