import FrameModel
import Foundation
import Geometry
import Media
import Scenes
import Testing

@Suite("Import of scenes")
struct SceneImportTests {
    static let picture = DepthPicture(width: 320, height: 180)

    /// Imports the street with a depth file; returns the notes and the scene read back.
    private func imported(
        _ folder: String, depth: [UInt8]? = nil, as file: String = "depth.pfm",
        _ change: (inout ImportOptions) -> Void = { _ in }
    ) throws -> (notes: String, scene: Scene) {
        try put(Self.picture.png, folder + "/street.png")
        if let depth { try put(depth, folder + "/" + file) }
        var options = ImportOptions()
        change(&options)
        let made = try SceneImport(
            folder + "/street.png", depth: depth == nil ? nil : folder + "/" + file,
            to: folder + "/set", options: options)
        return (made.notes.joined(separator: "\n"), try SceneFile.load(folder + "/set"))
    }

    private func complaint(_ body: () throws -> Void) -> String {
        do { try body() } catch { return "\(error)" }
        return ""
    }

    @Test func `one picture is a card that fills its field of view, round its horizon`() throws {
        try withScratch { folder in
            let (notes, scene) = try imported(folder) {
                $0.horizon = 0.5
                $0.distance = 8
            }
            let card = try #require(scene.cards.first)
            #expect(abs(card.width - 2 * 8 * tan(.pi / 6)) < 0.01)
            #expect(abs(card.sceneFromCard.translation.z - 1.6) < 0.01)
            #expect(card.sceneFromCard.translation.y == 8 && scene.dome != nil)
            #expect(notes.contains("field of view 60°"))
        }
    }

    @Test func `the relief of a metric map stands where the map says`() throws {
        try withScratch { folder in
            let (notes, scene) = try imported(folder, depth: Self.picture.pfm { $0 })
            #expect(notes.contains("meters") && notes.contains("horizon at 0.5"), "\(notes)")
            let front = try #require(scene.meshes.first?.objects.first { $0.name == "front" })
            var errors: [Double] = []
            for (position, uv) in zip(front.positions, front.uvs) {
                let (x, y) = (Double(uv.x) * 320, Double(uv.y) * 180)
                let truth = [(-1.1, 0.0), (1.1, 0), (0, -1.1), (0, 1.1), (0, 0)].map {
                    1 / Self.picture.depth(x + $0.0, y + $0.1)
                }
                // How far it moves wrongly when the camera goes half a meter.
                let shift = truth.map { abs(1 / Double(position.y) - $0) }.min()!
                errors.append(shift * 0.5 * Self.picture.focal)
                let up = Double(position.z) - 1.6
                #expect(abs(up / Double(position.y) - (90 - y) / Self.picture.focal) < 1e-4)
            }
            errors.sort()
            #expect(errors[errors.count * 99 / 100] < 0.25, "\(errors.suffix(3))")
        }
    }

    @Test func `no triangle reaches from one surface to another`() throws {
        try withScratch { folder in
            let (_, scene) = try imported(folder, depth: Self.picture.pfm { $0 })
            let front = try #require(scene.meshes.first?.objects.first { $0.name == "front" })
            for triangle in 0..<front.triangleCount {
                let ends = (0..<3).map {
                    1 / front.positions[Int(front.indices[3 * triangle + $0])].y
                }
                #expect(ends.max()! - ends.min()! < 0.05)
            }
        }
    }

    @Test func `behind everything there is something, and behind the box not the box`() throws {
        try withScratch { folder in
            let (_, scene) = try imported(folder, depth: Self.picture.pfm { $0 })
            let mesh = try #require(scene.meshes.first)
            let sheet = try #require(mesh.objects.first { $0.name == "behind 1" })
            // The farthest sheet covers the whole picture, corner to corner.
            #expect(sheet.uvs.map(\.x).max() == 1 && sheet.uvs.map(\.y).max() == 1)
            let cells = ((320 + 7) / 8) * ((180 + 7) / 8)
            #expect(sheet.triangleCount == 2 * cells)
            for (index, object) in mesh.objects.enumerated() where object.name != "front" {
                let texture = try #require(mesh.materials[object.material].baseTexture)
                let picture = mesh.textures[texture].picture
                // The box is deep blue; nothing else is.
                let blue = stride(from: 0, to: picture.pixels.count, by: 4).count { at in
                    picture.pixels[at + 3] > 0.99 && index < 3
                        && picture.pixels[at + 2] > 4 * picture.pixels[at] + 0.01
                }
                #expect(blue == 0)
            }
        }
    }

    @Test func `plates are soft at their edges, stand apart, and the last has no hole`() throws {
        try withScratch { folder in
            let (_, scene) = try imported(folder, depth: Self.picture.pfm { $0 }) {
                $0.form = .plates
                $0.layers = 4
            }
            #expect(scene.cards.count == 4)
            let distances = scene.cards.map(\.sceneFromCard.translation.y)
            #expect(distances == distances.sorted(by: >) && distances.last! < 6)
            let alphas = scene.cards.map { card in
                stride(from: 3, to: card.picture.pixels.count, by: 4).map {
                    card.picture.pixels[$0]
                }
            }
            #expect(alphas[0].allSatisfy { $0 == 1 } && scene.cards[0].picture.width == 320)
            for alpha in alphas.dropFirst() {
                #expect(alpha.contains { $0 > 0.2 && $0 < 0.8 })
                #expect(alpha.contains { $0 > 0.999 })
            }
            // Seen from the viewpoint each card's pixels lie where the picture has them.
            for card in scene.cards {
                let pixel = card.width / Double(card.picture.width)
                let pitch = card.sceneFromCard.translation.y / Self.picture.focal
                #expect(abs(pixel / pitch - 1) < 0.001)
            }
        }
    }

    @Test func `what a map's numbers mean is told by its foot and its kind`() throws {
        try withScratch { folder in
            let inverse = try imported(folder, depth: Self.picture.gray { 4 / $0 }, as: "d.png")
            #expect(inverse.notes.contains("depth kind: inverse"))
            // The box is nearest; the floor's rise says how far: 5 m, the floor at the foot 3.9 m.
            let front = try #require(inverse.scene.meshes.first?.objects.first)
            let box = front.positions.filter { abs($0.x) < 0.5 && $0.z < 1.4 && $0.z > 0.8 }
            let near = try #require(box.map(\.y).min())
            #expect(abs(near - 5) < 0.6, "\(near) \(inverse.notes)")
            let linear = try imported(folder, depth: Self.picture.gray { $0 / 30 }, as: "d.png")
            #expect(linear.notes.contains("depth kind: linear, "))
            let said = try imported(folder, depth: Self.picture.gray { 4 / $0 }, as: "d.png") {
                ($0.depthKind, $0.near, $0.far) = (.inverse, 2, 40)
            }
            #expect(!said.notes.contains("depth kind") && !said.notes.contains("--near"))
            let nearest = said.scene.meshes.flatMap(\.objects).flatMap { $0.positions.map(\.y) }
            #expect(abs(try #require(nearest.min()) - 2) < 0.1)
        }
    }

    @Test func `a 2:1 picture is a panorama, with depth all round`() throws {
        try withScratch { folder in
            let (width, height) = (128, 64)
            var bytes = Array("Pf\n\(width) \(height)\n-1.0\n".utf8)
            for row in 0..<height {
                for column in 0..<width {
                    let value: Float = column > 90 && column < 110 && row < 30 ? 2 : 6
                    withUnsafeBytes(of: value.bitPattern.littleEndian) { bytes += $0 }
                }
            }
            let pixels = [UInt8](repeating: 120, count: width * height * 4)
            try put(
                PNGFile.bytes(width: width, height: height, pixels: pixels) ?? [],
                folder + "/round.png")
            try put(bytes, folder + "/round.pfm")
            var options = ImportOptions()
            options.depthKind = .meters
            let made = try SceneImport(
                folder + "/round.png", depth: folder + "/round.pfm", to: folder + "/set",
                options: options)
            #expect(made.notes.contains { $0.contains("panorama") })
            let scene = try SceneFile.load(folder + "/set")
            let front = try #require(scene.meshes.first?.objects.first { $0.name == "front" })
            for position in front.positions {
                let way = position - SIMD3(0, 0, 1.6)
                let radius = (way * way).sum().squareRoot()
                #expect(abs(radius - 2) < 0.05 || abs(radius - 6) < 0.05)
            }
            #expect(front.positions.contains { $0.y < -1 } && scene.dome != nil)
        }
    }

    @Test func `white is raised by the stated curve, without a step in its slope`() throws {
        try withScratch { folder in
            let codes: [UInt8] = [0, 100, 187, 189, 220, 255]
            var pixels: [UInt8] = []
            for index in 0..<16 * 18 {
                let code = codes[index % 18 / 3]
                pixels += [code, code, code, 255]
            }
            try put(
                PNGFile.bytes(width: 18, height: 16, pixels: pixels) ?? [], folder + "/p.png")
            try put(
                Array(
                    #"{"name": "a", "dome": {"picture": "p.png", "expand": 3}}"#.utf8),
                folder + "/scene.yaml")
            let plain = try PictureFile.read(folder + "/p.png")
            let raised = try #require(try SceneFile.load(folder).dome?.picture)
            for column in 0..<18 {
                let y = Double(plain.pixels[4 * column + 1])
                let t = max(0, (y - 0.5) / 0.5)
                let expected = y + 7 * t * t
                #expect(
                    abs(Double(raised.pixels[4 * column + 1]) - expected) < 2e-3 * expected + 1e-6)
            }
            #expect(abs(raised.pixels[4 * 17] - 8) < 0.02)
        }
    }

    @Test func `what cannot be imported is refused in one line`() throws {
        try withScratch { folder in
            let shape = complaint {
                try put(DepthPicture(width: 64, height: 64).pfm { $0 }, folder + "/square.pfm")
                try put(Self.picture.png, folder + "/street.png")
                _ = try SceneImport(
                    folder + "/street.png", depth: folder + "/square.pfm", to: folder + "/set")
            }
            #expect(shape.contains("64×64") && shape.contains("same shape"))
            let flat = complaint { _ = try imported(folder, depth: Self.picture.pfm { _ in 3 }) }
            #expect(flat.contains("the same depth everywhere"))
            let cut = complaint {
                _ = try imported(folder, depth: Array(Self.picture.pfm { $0 }.dropLast(9000)))
            }
            #expect(cut.contains("ends after row"))
            let order = complaint {
                _ = try imported(folder, depth: Self.picture.pfm { $0 }) {
                    ($0.near, $0.far) = (9, 3)
                }
            }
            #expect(order.contains("the near distance is the smaller one"))
            let missing = complaint { _ = try imported(folder) { $0.form = .plates } }
            #expect(missing.contains("needs a depth map"))
            let none = complaint {
                _ = try SceneImport(folder + "/no.png", depth: nil, to: folder + "/set")
            }
            #expect(none.contains("no.png") && !none.contains("\n"))
        }
    }

    @Test func `a mesh file is stood in a scene of its own`() throws {
        try withScratch { folder in
            try SceneFile.write(TestScenes.meshes(tiles: 2), to: folder + "/from")
            let made = try SceneImport(
                folder + "/from/mesh1.glb", depth: nil, to: folder + "/set")
            #expect(!made.notes.isEmpty)
            let scene = try SceneFile.load(folder + "/set")
            #expect(scene.meshes.first?.triangleCount ?? 0 > 0)
        }
    }
}
