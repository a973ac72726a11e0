import FrameModel
import Lanes

/// Meshes → clusters of triangles, materials and textures, ready to be laid into a scene's block.
struct MeshBake {
    private var vertices = MeshVertices()
    private var triangles: [UInt32] = []
    private var clusters: [cyc_mesh_cluster] = []
    private var objects: [PreparedMesh] = []
    private var materials: [cyc_mesh_material] = []
    private var textures = MeshTextureBake()

    init(_ meshes: [Mesh]) {
        for mesh in meshes {
            let first = materials.count
            for index in mesh.materials.indices { add(material: index, of: mesh) }
            for object in mesh.objects where !object.indices.isEmpty {
                add(object, mesh.materials[object.material], first + object.material)
            }
        }
        precondition(
            objects.count <= SceneLimits.meshObjects && materials.count <= SceneLimits.meshMaterials
                && objects.reduce(0) { $0 + Int($1.triangleCount) } <= SceneLimits.meshTriangles,
            "a scene's meshes are within SceneLimits")
    }

    private mutating func add(material index: Int, of mesh: Mesh) {
        let material = mesh.materials[index]
        // A vertex colour tints what is reflected, not what is emitted: then that stands apart.
        let isColored = mesh.objects.contains { $0.material == index && !$0.colors.isEmpty }
        let baked = textures.add(material, mesh.textures, emissionApart: isColored)
        var flags: Int32 = 0
        var cutoff: Float = 0
        switch material.alpha {
        case .opaque: break
        case .mask(let least):
            flags = Int32(CYC_MESH_MASKED)
            cutoff = least * 255
        case .blend: flags = Int32(CYC_MESH_BLENDS)
        }
        materials.append(
            cyc_mesh_material(
                texture: Int32(baked.texture), emission: Int32(baked.emission ?? -1),
                flags: flags, cutoff: cutoff))
    }

    private mutating func add(_ object: MeshObject, _ material: MeshMaterial, _ index: Int) {
        let first = clusters.count
        var local = LocalIndices(count: object.positions.count)
        let order = MeshOrder.triangles(of: object)
        var start = 0
        while start < order.count {
            let end = min(order.count, start + Int(CYC_MESH_TRIANGLES))
            add(cluster: order[start..<end], object, material, index, &local)
            start = end
        }
        let sphere = MeshSphere(around: object.indices.lazy.map { object.positions[Int($0)] })
        let layer: MeshLayer =
            switch material.alpha {
            case .opaque: .opaque
            case .mask: .masked
            case .blend: .blended
            }
        objects.append(
            PreparedMesh(
                firstCluster: Int32(first), clusterCount: Int32(clusters.count - first),
                triangleCount: Int32(order.count), layer: layer, center: sphere.center,
                radius: sphere.radius))
    }

    private mutating func add(
        cluster order: ArraySlice<Int>, _ object: MeshObject, _ material: MeshMaterial,
        _ index: Int, _ local: inout LocalIndices
    ) {
        local.start()
        var cluster = cyc_mesh_cluster()
        cluster.vertex = UInt32(vertices.count)
        cluster.triangle = UInt32(triangles.count)
        cluster.color = object.colors.isEmpty ? .max : UInt32(vertices.red.count)
        cluster.material = UInt16(index)
        cluster.flags = material.isTwoSided ? UInt16(CYC_MESH_TWO_SIDED) : 0
        var members: [Int] = []
        for triangle in order {
            var word: UInt32 = 0
            for corner in 0..<3 {
                let vertex = Int(object.indices[3 * triangle + corner])
                let (place, isNew) = local.place(of: vertex, next: members.count)
                if isNew { members.append(vertex) }
                word |= UInt32(place) << (8 * UInt32(corner))
            }
            triangles.append(word)
        }
        cluster.triangles = UInt16(order.count)
        cluster.vertices = UInt16(members.count)
        // Whole steps of sixteen are read.
        while triangles.count % 16 != 0 { triangles.append(0) }
        vertices.add(members, of: object)
        let sphere = MeshSphere(around: members.map { object.positions[$0] })
        cluster.center = (sphere.center.x, sphere.center.y, sphere.center.z)
        cluster.radius = sphere.radius
        clusters.append(cluster)
    }

    /// Takes places in a block of `bytes` for everything.
    func layout(from bytes: inout Int) -> MeshLayout {
        var layout = MeshLayout()
        guard !objects.isEmpty else { return layout }
        layout.objects = MeshLayout.take(objects, from: &bytes)
        layout.clusters = MeshLayout.take(clusters, from: &bytes)
        layout.materials = MeshLayout.take(materials, from: &bytes)
        layout.triangles = MeshLayout.take(triangles, from: &bytes)
        for (index, list) in vertices.lists.enumerated() {
            layout.vertices[index] = MeshLayout.take(list, from: &bytes)
        }
        textures.layout(&layout, from: &bytes)
        return layout
    }

    /// Lays everything into the block.
    func bake(_ layout: MeshLayout, in block: UnsafeMutableRawPointer) -> PreparedMeshes {
        var prepared = PreparedMeshes()
        guard !objects.isEmpty else { return prepared }
        prepared.count = objects.count
        prepared.objects = MeshLayout.put(objects, layout.objects, block)
        prepared.data.clusters = MeshLayout.put(clusters, layout.clusters, block)
        prepared.data.materials = MeshLayout.put(materials, layout.materials, block)
        prepared.data.triangles = MeshLayout.put(triangles, layout.triangles, block)
        var lists: [UnsafePointer<Float>?] = []
        for (index, list) in vertices.lists.enumerated() {
            lists.append(MeshLayout.put(list, layout.vertices[index], block))
        }
        prepared.data.x = lists[0]
        prepared.data.y = lists[1]
        prepared.data.z = lists[2]
        prepared.data.u = lists[3]
        prepared.data.v = lists[4]
        prepared.data.red = lists[5]
        prepared.data.green = lists[6]
        prepared.data.blue = lists[7]
        prepared.data.alpha = lists[8]
        textures.bake(layout, in: block, &prepared.data)
        return prepared
    }
}

/// Where in the block a scene's meshes lie.
struct MeshLayout {
    var objects = 0
    var clusters = 0
    var materials = 0
    var triangles = 0
    var vertices = [Int](repeating: 0, count: 9)
    var textures = 0
    var texels = 0
    var coverage = 0

    /// The next place for a list; sixteen elements more may be read than there are.
    static func take<Element>(_ list: [Element], from bytes: inout Int) -> Int {
        let place = bytes
        bytes = BakeLayout.align(bytes + (list.count + 16) * MemoryLayout<Element>.stride)
        return place
    }

    /// A list in its place.
    static func put<Element: BitwiseCopyable>(
        _ list: [Element], _ place: Int, _ block: UnsafeMutableRawPointer
    ) -> UnsafePointer<Element> {
        let typed = (block + place).bindMemory(to: Element.self, capacity: list.count + 16)
        list.withUnsafeBufferPointer { from in
            if let base = from.baseAddress { typed.initialize(from: base, count: from.count) }
        }
        return UnsafePointer(typed)
    }
}

/// Vertices of all clusters, one list a number.
private struct MeshVertices {
    var lists: [[Float]] { [x, y, z, u, v, red, green, blue, alpha] }
    private var x: [Float] = []
    private var y: [Float] = []
    private var z: [Float] = []
    private var u: [Float] = []
    private var v: [Float] = []
    private(set) var red: [Float] = []
    private var green: [Float] = []
    private var blue: [Float] = []
    private var alpha: [Float] = []

    var count: Int { x.count }

    /// Adds a cluster's vertices and fills up to a multiple of sixteen with the last one.
    mutating func add(_ members: [Int], of object: MeshObject) {
        let padded = (members.count + 15) / 16 * 16
        for index in 0..<padded {
            let vertex = members[min(index, members.count - 1)]
            let position = object.positions[vertex]
            x.append(position.x)
            y.append(position.y)
            z.append(position.z)
            let uv = object.uvs.isEmpty ? SIMD2(0.5, 0.5) : object.uvs[vertex]
            u.append(uv.x)
            v.append(uv.y)
            guard !object.colors.isEmpty else { continue }
            let color = object.colors[vertex]
            red.append(color.x)
            green.append(color.y)
            blue.append(color.z)
            alpha.append(color.w)
        }
    }
}

/// Which vertices of an object a cluster has so far, without clearing a list for each cluster.
private struct LocalIndices {
    private var places: [Int32]
    private var marks: [Int32]
    private var mark: Int32 = 0

    init(count: Int) {
        places = Array(repeating: 0, count: count)
        marks = Array(repeating: 0, count: count)
    }

    mutating func start() { mark += 1 }

    mutating func place(of vertex: Int, next: Int) -> (place: Int, isNew: Bool) {
        if marks[vertex] == mark { return (Int(places[vertex]), false) }
        marks[vertex] = mark
        places[vertex] = Int32(next)
        return (next, true)
    }
}
