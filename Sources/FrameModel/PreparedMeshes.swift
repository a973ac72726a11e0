public import Lanes

/// What an object does to what lies behind it: also the order objects are drawn in.
public enum MeshLayer: UInt8, BitwiseCopyable, Sendable {
    /// Hides it.
    case opaque = 0
    /// Hides it where its texture covers.
    case masked = 1
    /// Lets light through.
    case blended = 2
}

/// One object of a mesh in the baked scene: clusters of triangles and a sphere round them.
public struct PreparedMesh: BitwiseCopyable, Sendable {
    /// Its first cluster.
    public var firstCluster: Int32
    /// Its clusters.
    public var clusterCount: Int32
    /// Its triangles.
    public var triangleCount: Int32
    /// What it does to what lies behind.
    public var layer: MeshLayer
    /// Middle of a sphere round it, scene metres.
    public var center: SIMD3<Float>
    /// Radius of the sphere, scene metres.
    public var radius: Float

    /// An object of some clusters.
    public init(
        firstCluster: Int32, clusterCount: Int32, triangleCount: Int32, layer: MeshLayer,
        center: SIMD3<Float>, radius: Float
    ) {
        self.firstCluster = firstCluster
        self.clusterCount = clusterCount
        self.triangleCount = triangleCount
        self.layer = layer
        self.center = center
        self.radius = radius
    }
}

/// Every mesh of a scene in the form kernels read: pointers into the scene's block.
///
/// Plain bytes; valid as long as the asset lives.
public struct PreparedMeshes: BitwiseCopyable {
    /// Objects in use; 0: the scene has no meshes.
    public var count: Int
    /// The objects; nil when there are none.
    public var objects: UnsafePointer<PreparedMesh>?
    /// Clusters, vertices, materials and textures of all objects.
    public var data: cyc_mesh_data

    /// No meshes.
    public init() {
        count = 0
        objects = nil
        data = cyc_mesh_data()
    }
}
