import FrameModel
import Geometry

/// Where a node's points stand: three columns and a move.
struct GLTFTransform {
    private var columns: Matrix3
    private var move: Vector3

    /// From a scene's axes to where the mesh stands; glTF's X, Y, Z are right, up, backward.
    init(_ placement: MeshPlacement) {
        let r = placement.rotation
        let s = placement.scale
        columns = Matrix3(columns: r.x * s, r.z * s, r.y * -s)
        move = placement.translation
    }

    /// A node's own: a matrix, or translation · rotation · scale (glTF 2.0, 3.5.2).
    init(_ node: GLTFTree) throws(GLTFFault) {
        if let m = try node.numbers("matrix", count: 16) {
            columns = Matrix3(
                columns: Vector3(m[0], m[1], m[2]), Vector3(m[4], m[5], m[6]),
                Vector3(m[8], m[9], m[10]))
            move = Vector3(m[12], m[13], m[14])
            return
        }
        let t = try node.numbers("translation", count: 3) ?? [0, 0, 0]
        let q = try node.numbers("rotation", count: 4) ?? [0, 0, 0, 1]
        let s = try node.numbers("scale", count: 3) ?? [1, 1, 1]
        let length = (q[0] * q[0] + q[1] * q[1] + q[2] * q[2] + q[3] * q[3]).squareRoot()
        guard length > 1e-6 else {
            throw GLTFFault(
                place: node.place + ".rotation", found: "has no length",
                expected: "a unit quaternion is expected")
        }
        let (x, y, z, w) = (q[0] / length, q[1] / length, q[2] / length, q[3] / length)
        columns = Matrix3(
            columns: Vector3(1 - 2 * (y * y + z * z), 2 * (x * y + z * w), 2 * (x * z - y * w))
                * s[0],
            Vector3(2 * (x * y - z * w), 1 - 2 * (x * x + z * z), 2 * (y * z + x * w)) * s[1],
            Vector3(2 * (x * z + y * w), 2 * (y * z - x * w), 1 - 2 * (x * x + y * y)) * s[2])
        move = Vector3(t[0], t[1], t[2])
    }

    /// The right one is applied first.
    static func * (a: GLTFTransform, b: GLTFTransform) -> GLTFTransform {
        var out = a
        out.columns = Matrix3(
            columns: a.columns * b.columns.x, a.columns * b.columns.y, a.columns * b.columns.z)
        out.move = a.columns * b.move + a.move
        return out
    }

    /// A point where it stands; as a float, so that its reach can be checked.
    func point(_ p: Vector3) -> SIMD3<Float> { SIMD3<Float>(columns * p + move) }

    /// It turns right hands into left ones.
    var isMirrored: Bool { columns.x.dot(columns.y.cross(columns.z)) < 0 }
}
