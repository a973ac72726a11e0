import FrameModel
import Foundation
import Geometry

/// How a mesh stands in the scene, and how bright it is.
struct MeshPlacement {
    var rotation = Matrix3.identity
    var translation = Vector3.zero
    var scale = 1.0
    /// Light is multiplied by it.
    var gain: Float = 1
}

/// A glTF 2.0 file → a mesh in scene space.
///
/// glTF is right-handed, Y up, metres; a scene is right-handed, Z up, Y forward, metres.
struct GLTFReader {
    private let placement: MeshPlacement
    private let tree: GLTFTree
    private let nodes: [GLTFTree]
    private let meshes: [GLTFTree]
    private var accessors: GLTFAccessors
    private var materials: GLTFMaterials
    private var objects: [MeshObject] = []
    private var visited: Set<Int> = []
    private var vertexCount = 0
    private var triangleCount = 0
    private var unsupported: Set<String> = []

    /// Extensions a file may say it cannot do without.
    private static let extensions = ["KHR_materials_unlit", "KHR_materials_emissive_strength"]

    /// A mesh from a file's bytes, and what of it is not supported.
    /// - Parameter folder: where the files it names lie.
    static func mesh(
        _ bytes: [UInt8], name: String, folder: String, placement: MeshPlacement
    ) throws(GLTFFault) -> (mesh: Mesh, unsupported: [String]) {
        var reader = try GLTFReader(try GLTFBytes(bytes, folder: folder), placement)
        try reader.readScene()
        let mesh = Mesh(
            name: name, objects: reader.objects, materials: reader.exposed(),
            textures: reader.materials.textures)
        let all = reader.unsupported.union(reader.accessors.unsupported)
            .union(reader.materials.unsupported)
        return (mesh, all.sorted())
    }

    private init(_ bytes: GLTFBytes, _ placement: MeshPlacement) throws(GLTFFault) {
        self.placement = placement
        tree = bytes.tree
        let version = try tree.required("asset").text("version") ?? ""
        guard version.hasPrefix("2.") else {
            throw GLTFFault(
                place: "asset.version", found: "\"\(version.prefix(20))\"",
                expected: "version 2.0 is expected")
        }
        for entry in try tree.list("extensionsRequired") {
            guard case .text(let name) = entry.value, GLTFReader.extensions.contains(name) else {
                throw GLTFFault(
                    place: entry.place, found: entry.value.found,
                    expected: "only \(GLTFReader.extensions.joined(separator: " and ")) are "
                        + "supported: export without it")
            }
        }
        nodes = try tree.list("nodes")
        meshes = try tree.list("meshes")
        accessors = try GLTFAccessors(bytes)
        materials = try GLTFMaterials(bytes)
        for key in ["animations", "skins"] where try !tree.list(key).isEmpty {
            unsupported.insert(key)
        }
    }

    /// The materials as bright as the placement says.
    private func exposed() -> [MeshMaterial] {
        materials.materials.map { material in
            var material = material
            let base = material.base
            material.base = SIMD4(
                base.x * placement.gain, base.y * placement.gain, base.z * placement.gain, base.w)
            material.emission *= placement.gain
            return material
        }
    }

    /// All nodes of the scene the file shows, or of its first.
    private mutating func readScene() throws(GLTFFault) {
        let scenes = try tree.list("scenes", most: 1024)
        guard !scenes.isEmpty else {
            throw GLTFFault(
                place: "scenes", found: "is missing", expected: "a scene with nodes is needed")
        }
        let scene = scenes[try tree.integer("scene", in: 0..<scenes.count) ?? 0]
        let root = GLTFTransform(placement)
        for entry in try scene.list("nodes") { try read(node: entry, under: root, depth: 0) }
        guard !objects.isEmpty else {
            throw GLTFFault(
                place: scene.place, found: "shows no triangles",
                expected: "export a file with meshes")
        }
    }

    private mutating func read(
        node reference: GLTFTree, under parent: GLTFTransform, depth: Int
    ) throws(GLTFFault) {
        let index = try reference.integer(in: 0..<nodes.count)
        guard depth < GLTFLimits.depth, visited.insert(index).inserted else {
            throw GLTFFault(
                place: reference.place, found: "\(index)",
                expected: "nodes are a tree, at most \(GLTFLimits.depth) deep")
        }
        let node = nodes[index]
        let transform = parent * (try GLTFTransform(node))
        if let mesh = try node.member("mesh") {
            let entry = meshes[try mesh.integer(in: 0..<meshes.count)]
            let name = try node.text("name") == nil ? try entry.name() : try node.name()
            for primitive in try entry.list("primitives", most: 4096) {
                try read(primitive: primitive, name: name, transform)
            }
        }
        for child in try node.list("children") {
            try read(node: child, under: transform, depth: depth + 1)
        }
    }

    private mutating func read(
        primitive: GLTFTree, name: String, _ transform: GLTFTransform
    ) throws(GLTFFault) {
        let mode = try primitive.integer("mode", in: 0..<7) ?? 4
        guard mode >= 4 else {
            unsupported.insert("points and lines")
            return
        }
        if try !primitive.list("targets").isEmpty { unsupported.insert("morph targets") }
        let attributes = try primitive.required("attributes")
        let positions = try positions(attributes, transform)
        let count = positions.count
        var uvs: [SIMD2<Float>] = []
        if let member = try attributes.member("TEXCOORD_0") {
            let (numbers, _) = try accessors.vectors(member, widths: 2...2)
            try check(numbers.count / 2, count, member)
            uvs = (0..<count).map { SIMD2(numbers[2 * $0], numbers[2 * $0 + 1]) }
        }
        let indices = try indices(primitive, mode: mode, vertices: count, transform)
        let material = try materials.place(of: try primitive.member("material"), &accessors)
        triangleCount += indices.count / 3
        guard triangleCount <= SceneLimits.meshTriangles, objects.count < SceneLimits.meshObjects
        else {
            throw GLTFFault(
                place: primitive.place,
                found: "makes \(triangleCount) triangles in \(objects.count + 1) objects",
                expected: "at most \(SceneLimits.meshTriangles) in \(SceneLimits.meshObjects) "
                    + "are taken")
        }
        guard !indices.isEmpty else { return }
        objects.append(
            MeshObject(
                name: name, positions: positions, uvs: uvs,
                colors: try colors(attributes, count: count), indices: indices,
                material: material))
    }

    private func check(_ found: Int, _ count: Int, _ member: GLTFTree) throws(GLTFFault) {
        guard found == count else {
            throw GLTFFault(
                place: member.place, found: "has \(found) elements",
                expected: "POSITION has \(count)")
        }
    }

    private mutating func positions(
        _ attributes: GLTFTree, _ transform: GLTFTransform
    ) throws(GLTFFault) -> [SIMD3<Float>] {
        let member = try attributes.required("POSITION")
        let (numbers, _) = try accessors.vectors(member, widths: 3...3)
        vertexCount += numbers.count / 3
        guard vertexCount <= GLTFLimits.elements else {
            throw GLTFFault(
                place: member.place, found: "makes \(vertexCount) vertices",
                expected: "at most \(GLTFLimits.elements) in all are taken")
        }
        var out: [SIMD3<Float>] = []
        out.reserveCapacity(numbers.count / 3)
        for at in stride(from: 0, to: numbers.count, by: 3) {
            let point = transform.point(
                Vector3(Double(numbers[at]), Double(numbers[at + 1]), Double(numbers[at + 2])))
            guard abs(point.x) <= GLTFLimits.reach, abs(point.y) <= GLTFLimits.reach,
                abs(point.z) <= GLTFLimits.reach
            else {
                throw GLTFFault(
                    place: member.place, found: "vertex \(at / 3) lies at \(point)",
                    expected: "at most \(GLTFLimits.reach) m from the origin")
            }
            out.append(point)
        }
        return out
    }

    /// COLOR_0 in the working space, opaque where it has no alpha.
    private mutating func colors(
        _ attributes: GLTFTree, count: Int
    ) throws(GLTFFault) -> [SIMD4<Float>] {
        guard let member = try attributes.member("COLOR_0") else { return [] }
        let (numbers, width) = try accessors.vectors(member, widths: 3...4)
        try check(numbers.count / width, count, member)
        return (0..<count).map { vertex in
            let at = vertex * width
            func number(_ channel: Int) -> Double {
                let value = Double(numbers[at + channel])
                return value.isFinite ? max(0, min(65504, value)) : 0
            }
            let alpha = width == 4 ? Float(min(1, number(3))) : 1
            return SIMD4(GLTFMaterials.color(number(0), number(1), number(2)), alpha)
        }
    }

    /// Three vertices a triangle, whatever the mode, turned round where the node mirrors.
    private mutating func indices(
        _ primitive: GLTFTree, mode: Int, vertices: Int, _ transform: GLTFTransform
    ) throws(GLTFFault) -> [UInt32] {
        var list = (0..<UInt32(vertices)).map { $0 }
        if let member = try primitive.member("indices") {
            list = try accessors.indices(member)
            if let wrong = list.first(where: { $0 >= vertices }) {
                throw GLTFFault(
                    place: member.place, found: "names vertex \(wrong)",
                    expected: "there are \(vertices)")
            }
        }
        var out: [UInt32] = []
        switch mode {
        case 4: out = Array(list[..<(list.count / 3 * 3)])
        // A strip turns every second triangle (glTF 2.0, 3.7.2.1).
        case 5 where list.count >= 3:
            for at in 0..<(list.count - 2) {
                out += [list[at], list[at + 1 + at % 2], list[at + 2 - at % 2]]
            }
        case 6 where list.count >= 3:
            for at in 1..<(list.count - 1) { out += [list[at], list[at + 1], list[0]] }
        default: break
        }
        guard transform.isMirrored else { return out }
        for at in stride(from: 0, to: out.count, by: 3) { out.swapAt(at + 1, at + 2) }
        return out
    }
}
