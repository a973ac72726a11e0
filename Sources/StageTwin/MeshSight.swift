import FrameModel

/// What a ray finds of a scene's meshes, cast from the stored triangles.
///
/// A place in the texture and a colour are those of the corners, weighted by where in the triangle
/// the ray meets its plane in space, so perspective needs no thought. Textures are read linear
/// between the texels of the picture as it is stored.
///
/// Sendable although it holds pointers, because nothing is written after `init`.
final class MeshSight: @unchecked Sendable {
    /// A triangle: its plane, two vectors that tell where in it a point lies, and what its corners
    /// carry.
    ///
    /// Plain numbers, as everything a ray looks at: there are many rays.
    struct Face: BitwiseCopyable {
        var corner: SIMD3<Double>
        var normal: SIMD3<Double>
        /// Weight of the second corner is (point − corner) · second; of the third likewise.
        var second: SIMD3<Double>
        var third: SIMD3<Double>
        /// Index into `materials`.
        var material: Int
        /// Index of the first of its corners in `corners`.
        var first: Int
    }

    /// What a corner carries.
    struct Corner: BitwiseCopyable {
        var place: SIMD2<Double>
        var tint: SIMD4<Double>
    }

    /// What its triangles are made of.
    struct Material: BitwiseCopyable {
        var base: SIMD4<Double>
        var emission: SIMD3<Double>
        /// Indices into `textures`; −1: none.
        var baseTexture: Int
        var emissionTexture: Int
        /// Alpha below which nothing is seen; −1: it is not masked.
        var cutoff: Double
        var blends: Bool
        var isTwoSided: Bool
    }

    /// A picture among the texels of all.
    struct Texture {
        /// Its first number in `texels`.
        var first: Int
        var width: Int
        var height: Int
        var wrapU: TextureWrap
        var wrapV: TextureWrap
    }

    /// A surface on a ray.
    struct Hit: BitwiseCopyable {
        /// Lengths of the ray's direction from its start.
        var distance: Double
        /// Light it sends, scene-linear: of a blended surface already times its alpha.
        var light: SIMD3<Double>
        /// Share of the light behind it that it takes.
        var alpha: Double
        /// Place in its texture.
        var place: SIMD2<Double>
    }

    private let faces: UnsafeMutablePointer<Face>
    private let corners: UnsafeMutablePointer<Corner>
    private let materials: UnsafeMutablePointer<Material>
    private let textures: UnsafeMutablePointer<Texture>
    private let texels: UnsafeMutablePointer<Float>
    private let tree: TriangleTree

    init(_ meshes: [Mesh]) {
        var lists = Lists()
        for mesh in meshes { lists.add(mesh) }
        faces = .copy(of: lists.faces)
        corners = .copy(of: lists.corners)
        materials = .copy(of: lists.materials)
        textures = .copy(of: lists.textures)
        texels = .copy(of: lists.texels)
        tree = TriangleTree(lists.places)
    }

    deinit {
        faces.deallocate()
        corners.deallocate()
        materials.deallocate()
        textures.deallocate()
        texels.deallocate()
        tree.deallocate()
    }

    /// Surfaces along a ray, nearest first: those that let light through, up to the first that does
    /// not.
    func hits(from eye: SIMD3<Double>, along way: SIMD3<Double>) -> [Hit] {
        var search = MeshSearch(
            surfaces: Surfaces(
                faces: faces, corners: corners, materials: materials, textures: textures,
                texels: texels))
        tree.each(along: TriangleTree.Ray(eye: eye, way: way), &search)
        return search.hits
    }

    /// Lists while they are made.
    private struct Lists {
        var faces: [Face] = []
        var corners: [Corner] = []
        var materials: [Material] = []
        var textures: [Texture] = []
        var texels: [Float] = []
        var places: [(SIMD3<Double>, SIMD3<Double>, SIMD3<Double>)] = []

        mutating func add(_ mesh: Mesh) {
            let firstMaterial = materials.count
            for material in mesh.materials { add(material, textures.count) }
            for texture in mesh.textures { add(texture) }
            for object in mesh.objects {
                for first in stride(from: 0, to: object.indices.count, by: 3) {
                    let indices = (0..<3).map { Int(object.indices[first + $0]) }
                    let points = indices.map { SIMD3<Double>(object.positions[$0]) }
                    let material = firstMaterial + object.material
                    guard let face = MeshSight.face(points, material, corners.count) else {
                        continue
                    }
                    faces.append(face)
                    places.append((points[0], points[1], points[2]))
                    corners += indices.map { index in
                        Corner(
                            place: object.uvs.isEmpty
                                ? SIMD2(0.5, 0.5) : SIMD2<Double>(object.uvs[index]),
                            tint: object.colors.isEmpty
                                ? SIMD4(1, 1, 1, 1) : SIMD4<Double>(object.colors[index]))
                    }
                }
            }
        }

        private mutating func add(_ material: MeshMaterial, _ firstTexture: Int) {
            var cutoff = -1.0
            if case .mask(let least) = material.alpha { cutoff = Double(least) }
            materials.append(
                Material(
                    base: SIMD4<Double>(material.base),
                    emission: SIMD3<Double>(material.emission),
                    baseTexture: material.baseTexture.map { firstTexture + $0 } ?? -1,
                    emissionTexture: material.emissionTexture.map { firstTexture + $0 } ?? -1,
                    cutoff: cutoff, blends: material.alpha == .blend,
                    isTwoSided: material.isTwoSided))
        }

        private mutating func add(_ texture: MeshTexture) {
            let picture = texture.picture
            textures.append(
                Texture(
                    first: texels.count, width: picture.width, height: picture.height,
                    wrapU: texture.wrapU, wrapV: texture.wrapV))
            texels += picture.pixels
        }
    }

    fileprivate static func face(_ points: [SIMD3<Double>], _ material: Int, _ first: Int) -> Face?
    {
        let (b, c) = (points[1] - points[0], points[2] - points[0])
        let normal = outer(b, c)
        let (second, third) = (outer(c, normal), outer(normal, b))
        let (bSize, cSize) = (inner(b, second), inner(c, third))
        guard bSize > 0, cSize > 0 else { return nil }
        return Face(
            corner: points[0], normal: normal, second: second / bSize, third: third / cSize,
            material: material, first: first)
    }

    /// All that a ray looks at.
    struct Surfaces {
        let faces: UnsafeMutablePointer<Face>
        let corners: UnsafeMutablePointer<Corner>
        let materials: UnsafeMutablePointer<Material>
        let textures: UnsafeMutablePointer<Texture>
        let texels: UnsafeMutablePointer<Float>
    }
}

/// What a ray has found so far.
private struct MeshSearch: TriangleTree.Search {
    let surfaces: MeshSight.Surfaces
    private var open: [MeshSight.Hit] = []
    private var solid: MeshSight.Hit?

    init(surfaces: MeshSight.Surfaces) { self.surfaces = surfaces }

    var limit: Double { solid?.distance ?? .infinity }

    mutating func look(at triangle: Int, _ ray: TriangleTree.Ray) {
        let face = surfaces.faces[triangle]
        guard let hit = surfaces.meet(face, ray.eye, ray.way, before: limit) else { return }
        if hit.alpha < 1 { open.append(hit) } else { solid = hit }
    }

    /// Nearest first, none behind what hides.
    var hits: [MeshSight.Hit] {
        guard let solid else { return open.sorted { $0.distance < $1.distance } }
        if open.isEmpty { return [solid] }
        let before = open.filter { $0.distance < solid.distance }
        return before.sorted { $0.distance < $1.distance } + [solid]
    }
}

extension MeshSight.Surfaces {
    /// Where a ray meets a triangle, and what it shows there; nil beyond `limit` and from behind.
    fileprivate func meet(
        _ face: MeshSight.Face, _ eye: SIMD3<Double>, _ way: SIMD3<Double>, before limit: Double
    ) -> MeshSight.Hit? {
        let facing = inner(face.normal, way)
        guard facing != 0 else { return nil }
        let distance = inner(face.normal, face.corner - eye) / facing
        guard distance > 1e-6, distance < limit else { return nil }
        let place = eye + way * distance - face.corner
        let (b, c) = (inner(place, face.second), inner(place, face.third))
        // Neighbors share their edge, but for rounding.
        guard b >= -1e-9, c >= -1e-9, b + c <= 1 + 1e-9 else { return nil }
        let material = materials[face.material]
        // Counter-clockwise corners face who looks against their normal.
        guard facing < 0 || material.isTwoSided else { return nil }
        return surface(material, face.first, SIMD3(1 - b - c, b, c), distance)
    }

    /// What a place of a triangle shows; nil where a mask leaves it out.
    private func surface(
        _ material: MeshSight.Material, _ first: Int, _ weights: SIMD3<Double>, _ distance: Double
    ) -> MeshSight.Hit? {
        let (a, b, c) = (corners[first], corners[first + 1], corners[first + 2])
        let place = a.place * weights.x + b.place * weights.y + c.place * weights.z
        let tint = a.tint * weights.x + b.tint * weights.y + c.tint * weights.z
        let texel = texel(material.baseTexture, place)
        let factor = material.base * tint
        let alpha = texel.w * factor.w
        guard alpha >= material.cutoff else { return nil }
        // Pictures are premultiplied; a surface that hides all shows the color itself.
        let straight = texel.w > 0 ? texel / texel.w : texel
        var light = SIMD3(straight.x * factor.x, straight.y * factor.y, straight.z * factor.z)
        let covers = material.blends ? min(1, alpha) : 1
        light *= covers
        if material.emission != SIMD3(0, 0, 0) {
            let glow = self.texel(material.emissionTexture, place)
            light +=
                material.emission * SIMD3(glow.x, glow.y, glow.z) / (glow.w > 0 ? glow.w : 1)
        }
        return MeshSight.Hit(distance: distance, light: light, alpha: covers, place: place)
    }

    /// A picture at a place, linear between texels, going on as it says; without one, white.
    private func texel(_ index: Int, _ place: SIMD2<Double>) -> SIMD4<Double> {
        guard index >= 0 else { return SIMD4(1, 1, 1, 1) }
        let texture = textures[index]
        let x = Self.wrapped(place.x, texture.wrapU) * Double(texture.width) - 0.5
        let y = Self.wrapped(place.y, texture.wrapV) * Double(texture.height) - 0.5
        let (left, top) = (x.rounded(.down), y.rounded(.down))
        let columns = (
            Self.inside(Int(left), texture.width, texture.wrapU),
            Self.inside(Int(left) + 1, texture.width, texture.wrapU)
        )
        let rows = (
            Self.inside(Int(top), texture.height, texture.wrapV),
            Self.inside(Int(top) + 1, texture.height, texture.wrapV)
        )
        return betweenTexels(
            texels + texture.first, width: texture.width, columns: columns, rows: rows,
            beyond: SIMD2(x - left, y - top))
    }

    private static func wrapped(_ place: Double, _ wrap: TextureWrap) -> Double {
        switch wrap {
        case .clamp: return min(1, max(0, place))
        case .repeat: return place - place.rounded(.down)
        case .mirror:
            let pair = place - 2 * (place / 2).rounded(.down)
            return min(pair, 2 - pair)
        }
    }

    private static func inside(_ index: Int, _ count: Int, _ wrap: TextureWrap) -> Int {
        if wrap == .repeat { return (index + count) % count }
        return min(count - 1, max(0, index))
    }
}
