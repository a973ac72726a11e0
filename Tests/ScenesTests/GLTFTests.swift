import FrameModel
import Foundation
import Geometry
import Scenes
import TestSupport
import Testing

@Suite("glTF meshes")
struct GLTFTests {
    private func put(_ bytes: [UInt8], _ name: String, in folder: String) throws {
        try Data(bytes).write(to: URL(fileURLWithPath: folder + "/" + name))
    }

    /// A scene of one mesh file, or the complaints about it.
    private func load(
        _ bytes: [UInt8], in folder: String, name: String = "m.gltf", entry: String = ""
    ) throws -> Result<Scene, SceneComplaints> {
        try put(bytes, name, in: folder)
        let json = #"{"name": "s", "meshes": [{"name": "m", "file": "\#(name)"\#(entry)}]}"#
        try put(Array(json.utf8), "scene.yaml", in: folder)
        do throws(SceneComplaints) { return .success(try SceneFile.load(folder)) } catch {
            return .failure(error)
        }
    }

    private func scene(_ text: GLTFText, entry: String = "") throws -> Scene {
        var scene: Scene?
        try withSceneFolder { scene = try load(Array(text.text.utf8), in: $0, entry: entry).get() }
        return scene!
    }

    private func object(_ text: GLTFText, entry: String = "") throws -> MeshObject {
        try scene(text, entry: entry).meshes[0].objects[0]
    }

    /// The one complaint about a file.
    private func refusal(_ text: GLTFText) throws -> String {
        var line = ""
        try withSceneFolder { folder in
            guard case .failure(let error) = try load(Array(text.text.utf8), in: folder) else {
                return
            }
            #expect(error.lines.count == 1)
            line = error.lines[0]
            #expect(line.hasPrefix(folder + "/m.gltf: ") && !line.contains("\n"))
            #expect(line.contains(" – "))
        }
        return line
    }

    @Test func `right, up and towards us become right, up and back`() throws {
        var text = GLTFText()
        let place = text.add(
            GLTFText.floats([1, 2, 3, 4, 5, 6, 7, 8, 10]), type: "VEC3", component: 5126, count: 3)
        text.attributes = "\"POSITION\": \(place)"
        let object = try object(text)
        #expect(object.positions == [SIMD3(1, -3, 2), SIMD3(4, -6, 5), SIMD3(7, -10, 8)])
        #expect(object.indices == [0, 1, 2] && object.name == "it")
    }

    @Test func `nodes stand on each other, by matrix or by translation, rotation and scale`() throws
    {
        var text = GLTFText.triangle()
        // A quarter turn about Y takes X to −Z; then twice as large, then moved up by 5.
        text.nodes = """
            [{"children": [1], "translation": [0, 5, 0], "scale": [2, 2, 2]},
             {"mesh": 0, "rotation": [0, 0.70710678, 0, 0.70710678]}]
            """
        let turned = try object(text).positions
        #expect(length(turned[1] - SIMD3(0, 2, 5)) < 1e-5)
        text.nodes = #"[{"mesh": 0, "matrix": [0,0,-2,0, 0,2,0,0, 2,0,0,0, 0,5,0,1]}]"#
        #expect(length(try object(text).positions[1] - SIMD3(0, 2, 5)) < 1e-5)
    }

    @Test func `a node that mirrors turns its triangles round`() throws {
        var text = GLTFText.triangle()
        text.nodes = #"[{"mesh": 0, "scale": [-1, 1, 1]}]"#
        #expect(try object(text).indices == [0, 2, 1])
    }

    @Test func `the scene's entry moves, turns, scales and exposes`() throws {
        var text = GLTFText.triangle()
        text.more = #", "materials": [{"emissiveFactor": [0, 0.5, 0]}]"#
        text.primitive = #", "material": 0"#
        let scene = try scene(
            text, entry: #", "position": [1, 2, 3], "pan": 90, "scale": 2, "exposure": 1"#)
        let mesh = scene.meshes[0]
        // Its right is now forward.
        #expect(length(mesh.objects[0].positions[1] - SIMD3(1, 4, 3)) < 1e-5)
        #expect(abs(mesh.materials[0].base.x - 2) < 1e-5)
        // Green of Rec.709 in ACEScg, twice half of it.
        #expect(abs(mesh.materials[0].emission.y - 0.9163539) < 1e-4)
    }

    @Test func `interleaved, normalised and short numbers are read`() throws {
        var text = GLTFText()
        var bytes: [UInt8] = []
        for vertex in 0..<4 {
            bytes += GLTFText.floats([Float(vertex), 0, 0])
            bytes += GLTFText.words([UInt16(vertex) * 16384, 65535])
            bytes += [255, 0, 128, 51]
        }
        let place = text.add(bytes, type: "VEC3", component: 5126, count: 4, stride: 20)
        func view(_ offset: Int, _ type: String, _ component: Int) -> Int {
            text.accessors.append(
                """
                {"bufferView": 0, "byteOffset": \(offset), "type": "\(type)", "normalized": true,
                 "componentType": \(component), "count": 4}
                """)
            return text.accessors.count - 1
        }
        let (uv, color) = (view(12, "VEC2", 5123), view(16, "VEC4", 5121))
        let indices = text.add([3, 2, 1, 0], type: "SCALAR", component: 5121, count: 4)
        text.attributes = "\"POSITION\": \(place), \"TEXCOORD_0\": \(uv), \"COLOR_0\": \(color)"
        text.primitive = ", \"mode\": 5, \"indices\": \(indices)"
        let object = try object(text)
        #expect(object.positions[3] == SIMD3(3, 0, 0))
        #expect(length(object.uvs[2] - SIMD2(32768.0 / 65535, 1)) < 1e-6)
        #expect(abs(object.colors[0].w - 0.2) < 1e-6)
        // Rec.709 (1, 0, 128/255) in ACEScg.
        #expect(abs(object.colors[0].x - (0.6130974 + 0.0473795 * 128 / 255)) < 1e-4)
        // A strip: every second triangle turns.
        #expect(object.indices == [3, 2, 1, 2, 0, 1])
    }

    @Test func `a file beside it, percent signs and all, and nothing outside`() throws {
        var text = GLTFText.triangle()
        let bytes = text.buffer
        try withSceneFolder { folder in
            try put(bytes, "a b.bin", in: folder)
            text.uri = "a%20b.bin"
            let scene = try load(Array(text.text.utf8), in: folder).get()
            #expect(scene.meshes[0].triangleCount == 1)
        }
        for uri in ["../x.bin", "/etc/passwd", "http://x/y.bin", "none.bin", "%00", "data:,x"] {
            text.uri = uri
            #expect(try refusal(text).contains("buffers[0].uri"), "\(uri)")
        }
    }

    @Test func `what is not supported is named in one warning and left out`() throws {
        var text = GLTFText.triangle()
        text.more = """
            , "materials": [{"normalTexture": {"index": 0}}], "skins": [{}], "animations": [{}]
            """
        text.primitive = #", "material": 0, "targets": [{}]"#
        let warnings = try scene(text).warnings
        #expect(warnings.count == 1)
        for word in ["normal maps", "skins", "animations", "morph targets", "lighting"] {
            #expect(warnings[0].contains(word))
        }
    }

    @Test func `lies are refused where they stand`() throws {
        let lies: [(String, (inout GLTFText) -> Void)] = [
            ("accessors[0]: takes 3600 bytes", { $0.replace("\"count\": 3", "\"count\": 300") }),
            ("bufferViews[0].byteLength", { $0.views[0].replace("36", "9999") }),
            ("bufferViews[0].buffer", { $0.views[0].replace("\"buffer\": 0", "\"buffer\": 7") }),
            ("accessors[0].type", { $0.replace("VEC3", "MAT4") }),
            ("accessors[0].componentType", { $0.replace("5126", "5124") }),
            ("nodes[0].mesh", { $0.nodes = #"[{"mesh": 3}]"# }),
            ("children[0]", { $0.nodes = #"[{"mesh": 0, "children": [0]}]"# }),
            ("nodes[0].matrix", { $0.nodes = #"[{"mesh": 0, "matrix": [1, 2]}]"# }),
            ("nodes[0].scale[1]", { $0.nodes = #"[{"mesh": 0, "scale": [1, "x", 1]}]"# }),
            ("vertex 1 lies at", { $0.nodes = #"[{"mesh": 0, "scale": [1e9, 1, 1]}]"# }),
            ("attributes.POSITION: is missing", { $0.attributes = "" }),
            ("alphaMode", { $0.more = #", "materials": [{"alphaMode": "FOG"}]"# }),
            ("extensionsRequired[0]", { $0.more = #", "extensionsRequired": ["KHR_draco"]"# }),
            ("material", { $0.primitive = #", "material": 1"# }),
            ("texCoord", { $0.materialTexture(#"{"index": 0, "texCoord": -1}"#) }),
            ("images[0]", { $0.materialTexture(#"{"index": 0}"#) }),
        ]
        for (place, lie) in lies {
            var text = GLTFText.triangle()
            text.primitive = #", "material": 0"#
            text.more = #", "materials": [{}]"#
            lie(&text)
            #expect(try refusal(text).contains(place), "\(place)")
        }
        var text = GLTFText.triangle()
        let indices = text.add(
            GLTFText.words([0, 1, 9]), type: "SCALAR", component: 5123, count: 3)
        text.primitive = ", \"indices\": \(indices)"
        #expect(try refusal(text).contains("names vertex 9"))
    }

    @Test func `a mesh that was written as .glb is read back`() throws {
        let scene = TestScenes.meshes()
        try withSceneFolder { folder in
            try SceneFile.write(scene, to: folder)
            let back = try SceneFile.load(folder)
            let (a, b) = (scene.meshes[0], back.meshes[0])
            #expect(back.warnings.isEmpty)
            #expect(a.triangleCount == b.triangleCount && a.objects.count == b.objects.count)
            for (first, second) in zip(a.objects, b.objects) {
                #expect(first.name == second.name && first.uvs == second.uvs)
                #expect(
                    zip(first.positions, second.positions).allSatisfy { length($0 - $1) < 1e-5 })
                #expect(zip(first.colors, second.colors).allSatisfy { length($0 - $1) < 1e-4 })
                let (old, new) = (a.materials[first.material], b.materials[second.material])
                #expect(old.name == new.name && old.alpha == new.alpha)
                #expect(length(old.base - new.base) < 1e-4)
                #expect(length(old.emission - new.emission) < 1e-3)
            }
            // Eight bits of sRGB.
            for (first, second) in zip(a.textures, b.textures) {
                let worst = zip(first.picture.pixels, second.picture.pixels).map { abs($0 - $1) }
                #expect(worst.max()! < 0.012)
            }
        }
    }

    @Test(arguments: 1...3)
    func `any bytes give a mesh or one line, never a crash`(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        try withSceneFolder { folder in
            try SceneFile.write(TestScenes.meshes(tiles: 4), to: folder)
            let whole = [UInt8](
                try Data(contentsOf: URL(fileURLWithPath: folder + "/mesh1.glb")))
            // Mostly the description: it says what all else means.
            let length = Int(whole[12]) | Int(whole[13]) << 8 | Int(whole[14]) << 16
            var refused = 0
            for _ in 0..<500 {
                var bytes = whole
                for _ in 0...Int(random.next() % 5) {
                    let span = random.next() % 8 == 0 ? bytes.count : min(bytes.count, 20 + length)
                    let place = Int(random.next() % UInt64(span))
                    switch random.next() % 5 {
                    case 0: bytes[place] = UInt8(truncatingIfNeeded: random.next())
                    case 1: bytes[place] ^= 1 << UInt8(random.next() % 8)
                    case 2: bytes[place] = UInt8(ascii: "9")
                    case 3: bytes[place] = UInt8(ascii: "-")
                    default: bytes.removeLast(Int(random.next() % UInt64(bytes.count / 2)))
                    }
                    if bytes.count < 64 { bytes = whole }
                }
                if case .failure(let error) = try load(bytes, in: folder, name: "mesh1.glb") {
                    refused += 1
                    #expect(error.lines.count == 1 && !error.lines[0].contains("\n"))
                }
            }
            #expect(refused > 200)
        }
    }

    @Test func `every complaint about a mesh's entry has its place`() throws {
        try withSceneFolder { folder in
            let json = """
                {"name": "s", "meshes": [{"name": "a", "file": "../x.glb", "scale": 0},
                 {"file": "b.glb", "position": [1, 2], "size": 3}]}
                """
            try put(Array(json.utf8), "scene.yaml", in: folder)
            do {
                _ = try SceneFile.load(folder)
                Issue.record("it was read")
            } catch let error as SceneComplaints {
                for place in [
                    "meshes[0].file", "meshes[0].scale", "meshes[1].name: is missing",
                    "meshes[1].position", "meshes[1].size",
                ] {
                    #expect(error.lines.contains { $0.contains(place) }, "\(place)")
                }
            }
        }
    }

    private func length<V: SIMD>(_ v: V) -> Float where V.Scalar == Float {
        (v * v).sum().squareRoot()
    }
}

extension GLTFText {
    fileprivate mutating func replace(_ old: String, _ new: String) {
        accessors[0].replace(old, new)
    }

    /// A material whose texture is no picture.
    fileprivate mutating func materialTexture(_ reference: String) {
        more = """
            , "materials": [{"pbrMetallicRoughness": {"baseColorTexture": \(reference)}}],
            "textures": [{"source": 0}], "images": [{"uri": "data:image/png;base64,aGVsbG8="}]
            """
    }
}

extension String {
    fileprivate mutating func replace(_ old: String, _ new: String) {
        self = replacingOccurrences(of: old, with: new)
    }
}
