/// How a texture goes on beyond its edges.
public enum TextureWrap: Int32, Sendable, Equatable {
    /// The edge is repeated.
    case clamp = 0
    /// The picture is repeated.
    case `repeat` = 1
    /// The picture is repeated, every second time turned over.
    case mirror = 2
}

/// A picture on a mesh.
///
/// u runs right and v down, 0 … 1 over the picture, as glTF 2.0 has it (3.8.3).
public struct MeshTexture: Sendable, Equatable {
    /// Scene-linear ACEScg, premultiplied.
    public var picture: Picture
    /// Beyond its left and right edges.
    public var wrapU: TextureWrap
    /// Beyond its upper and lower edges.
    public var wrapV: TextureWrap

    /// A picture and how it goes on; repeated unless said otherwise.
    public init(picture: Picture, wrapU: TextureWrap = .repeat, wrapV: TextureWrap = .repeat) {
        self.picture = picture
        self.wrapU = wrapU
        self.wrapV = wrapV
    }
}

/// What a mesh is made of: light = base × texture × vertex colour + emission.
///
/// Lighting is baked into the colours; there are no lamps.
public struct MeshMaterial: Sendable, Equatable {
    /// What alpha does.
    public enum Alpha: Sendable, Equatable {
        /// Nothing: everything is seen.
        case opaque
        /// Below the cutoff nothing is seen, above it everything.
        case mask(cutoff: Float)
        /// It lets light through; of one object the nearest surface is seen.
        case blend
    }

    /// The material's name.
    public var name: String
    /// Scene-linear ACEScg and alpha, not premultiplied; times the texture.
    public var base: SIMD4<Float>
    /// Index of the base texture in the mesh, or nil.
    public var baseTexture: Int?
    /// Light added, scene-linear ACEScg; times its texture.
    public var emission: SIMD3<Float>
    /// Index of the emission's texture in the mesh, or nil.
    public var emissionTexture: Int?
    /// What alpha does.
    public var alpha: Alpha
    /// Seen from behind too.
    public var isTwoSided: Bool

    /// A material; opaque white unless said otherwise.
    public init(
        name: String, base: SIMD4<Float> = SIMD4(1, 1, 1, 1), baseTexture: Int? = nil,
        emission: SIMD3<Float> = SIMD3(0, 0, 0), emissionTexture: Int? = nil,
        alpha: Alpha = .opaque, isTwoSided: Bool = false
    ) {
        self.name = name
        self.base = base
        self.baseTexture = baseTexture
        self.emission = emission
        self.emissionTexture = emissionTexture
        self.alpha = alpha
        self.isTwoSided = isTwoSided
    }
}

/// Triangles of one material: what is left out, sorted and blended as a whole.
public struct MeshObject: Sendable, Equatable {
    /// The object's name.
    public var name: String
    /// Vertices, scene metres.
    public var positions: [SIMD3<Float>]
    /// A place in the texture for each vertex, or none at all.
    public var uvs: [SIMD2<Float>]
    /// Scene-linear ACEScg and alpha for each vertex, or none at all.
    public var colors: [SIMD4<Float>]
    /// Three vertices a triangle, counter-clockwise as seen from its front.
    public var indices: [UInt32]
    /// Index of its material in the mesh.
    public var material: Int

    /// An object; every index names a vertex, every list of vertices has one length or none.
    public init(
        name: String, positions: [SIMD3<Float>], uvs: [SIMD2<Float>] = [],
        colors: [SIMD4<Float>] = [], indices: [UInt32], material: Int
    ) {
        precondition(uvs.isEmpty || uvs.count == positions.count, "a place for each vertex")
        precondition(colors.isEmpty || colors.count == positions.count, "a colour for each vertex")
        precondition(
            indices.allSatisfy { Int($0) < positions.count } && indices.count % 3 == 0,
            "triangles of vertices that are there")
        self.name = name
        self.positions = positions
        self.uvs = uvs
        self.colors = colors
        self.indices = indices
        self.material = material
    }

    /// Triangles.
    public var triangleCount: Int { indices.count / 3 }
}

/// Objects with their materials and pictures, as one file brings them; placed in the scene.
public struct Mesh: Sendable, Equatable {
    /// The mesh's name.
    public var name: String
    /// Its objects.
    public var objects: [MeshObject]
    /// Its materials.
    public var materials: [MeshMaterial]
    /// Its pictures.
    public var textures: [MeshTexture]

    /// A mesh; every index names something that is there.
    public init(
        name: String, objects: [MeshObject], materials: [MeshMaterial],
        textures: [MeshTexture] = []
    ) {
        precondition(
            objects.allSatisfy { materials.indices.contains($0.material) },
            "every object has a material")
        precondition(
            materials.allSatisfy { material in
                [material.baseTexture, material.emissionTexture].allSatisfy {
                    $0.map(textures.indices.contains) ?? true
                }
            }, "every material's textures are there")
        self.name = name
        self.objects = objects
        self.materials = materials
        self.textures = textures
    }

    /// Triangles of all objects.
    public var triangleCount: Int { objects.reduce(0) { $0 + $1.triangleCount } }
}
