import FrameModel
import Geometry
import Glibc
import Scenes
import StageModel

/// Casts rays at a scene's triangles in doubles, one by one: the truth meshes are held to.
///
/// Light is a function of the place hit, not of a texture: what a picture of it must come close to.
struct MeshCast {
    /// A triangle and what it shows at a place.
    struct Face {
        var a: Vector3
        var ab: Vector3
        var ac: Vector3
        var light: (Vector3) -> SIMD3<Double>
    }

    var faces: [Face] = []

    mutating func add(_ object: MeshObject, light: @escaping (Vector3) -> SIMD3<Double>) {
        for triangle in 0..<object.triangleCount {
            let corners = (0..<3).map {
                Vector3(object.positions[Int(object.indices[3 * triangle + $0])])
            }
            faces.append(
                Face(
                    a: corners[0], ab: corners[1] - corners[0], ac: corners[2] - corners[0],
                    light: light))
        }
    }

    /// Light along a ray, zero where it meets nothing (Möller and Trumbore, 1997).
    func light(_ eye: Vector3, _ d: Vector3) -> SIMD3<Double> {
        var nearest = Double.infinity
        var found: (face: Face, point: Vector3)?
        for face in faces {
            let p = d.cross(face.ac)
            let determinant = face.ab.dot(p)
            guard abs(determinant) > 1e-15 else { continue }
            let way = eye - face.a
            let u = way.dot(p) / determinant
            guard u >= 0, u <= 1 else { continue }
            let q = way.cross(face.ab)
            let v = d.dot(q) / determinant
            guard v >= 0, u + v <= 1 else { continue }
            let t = face.ac.dot(q) / determinant
            guard t > 1e-9, t < nearest else { continue }
            nearest = t
            found = (face, eye + t * d)
        }
        return found.map { $0.face.light($0.point) } ?? .zero
    }

    /// Mean light of a pixel over n × n places.
    func pixel(_ facet: Facet, _ eye: Vector3, _ x: Int, _ y: Int, places n: Int) -> SIMD3<Double> {
        var sum = SIMD3<Double>.zero
        for row in 0..<n {
            for column in 0..<n {
                let px = Double(x) + (Double(column) + 0.5) / Double(n) - 0.5
                let py = Double(y) + (Double(row) + 0.5) / Double(n) - 0.5
                let point = facet.origin + px * facet.alongX + py * facet.alongY
                sum += light(eye, point - eye)
            }
        }
        return sum / Double(n * n)
    }
}

/// A wall of one flat facet straight ahead, the eye before its middle.
func flatWall(width: Int, height: Int, pitch: Double = 0.02, distance: Double = 2) -> Stage {
    var wall = stage(
        [
            Facet(
                processor: 0, wall: 0, canvas: CanvasRect(x: 0, y: 0, width: width, height: height),
                origin: Vector3(
                    -0.5 * Double(width - 1) * pitch, distance, 0.5 * Double(height - 1) * pitch),
                alongX: Vector3(pitch, 0, 0), alongY: Vector3(0, 0, -pitch))
        ], width: width, height: height)
    wall.outerEye = .zero
    return wall
}

/// A rectangle from a corner along two edges, seen from the side where they turn left.
func rectangle(
    _ name: String, _ corner: SIMD3<Float>, _ right: SIMD3<Float>, _ up: SIMD3<Float>,
    material: Int, color: SIMD4<Float>? = nil
) -> MeshObject {
    MeshObject(
        name: name, positions: [corner, corner + right, corner + right + up, corner + up],
        uvs: [SIMD2(0, 1), SIMD2(1, 1), SIMD2(1, 0), SIMD2(0, 0)],
        colors: color.map { [$0, $0, $0, $0] } ?? [], indices: [0, 1, 2, 0, 2, 3],
        material: material)
}

/// A sphere seen from inside, its texture round it as a panorama's.
func shell(radius: Float, across: Int, down: Int, material: Int) -> MeshObject {
    var positions: [SIMD3<Float>] = []
    var uvs: [SIMD2<Float>] = []
    var indices: [UInt32] = []
    for row in 0...down {
        let v = Float(row) / Float(down)
        for column in 0...across {
            let u = Float(column) / Float(across)
            let (azimuth, elevation) = ((u - 0.5) * 2 * .pi, (0.5 - v) * .pi)
            positions.append(
                SIMD3(
                    sinf(azimuth) * cosf(elevation), cosf(azimuth) * cosf(elevation),
                    sinf(elevation)) * radius)
            uvs.append(SIMD2(u, v))
        }
    }
    for row in 0..<down {
        for column in 0..<across {
            let a = UInt32(row * (across + 1) + column)
            let (b, c, d) = (a + 1, a + UInt32(across) + 1, a + UInt32(across) + 2)
            indices += [a, c, b, b, c, d]
        }
    }
    return MeshObject(
        name: "shell", positions: positions, uvs: uvs, indices: indices, material: material)
}

/// Light as a 10-bit PQ code, 1.0 being 100 nits (SMPTE ST 2084).
func pqCode(_ light: Double) -> Double {
    let p = pow(max(0, light) / 100, 2610.0 / 16384)
    return 1023 * pow((3424.0 / 4096 + 2413.0 / 128 * p) / (1 + 2392.0 / 128 * p), 2523.0 / 32)
}

/// Peak signal to noise of PQ codes of 10 bits, decibels.
func decibels(_ pairs: [(SIMD3<Double>, SIMD3<Double>)]) -> Double {
    var sum = 0.0
    for (a, b) in pairs {
        for channel in 0..<3 {
            let d = pqCode(a[channel]).rounded() - pqCode(b[channel]).rounded()
            sum += d * d
        }
    }
    return 10 * log10(1023 * 1023 / (sum / Double(3 * pairs.count)))
}

/// What was drawn beside the truth, on a grid of pixels of the wall's first facet.
func pairs(
    _ drawn: Rendered, _ truth: MeshCast, _ wall: Stage, across: StrideTo<Int>,
    down: StrideTo<Int>, places: Int
) -> [(SIMD3<Double>, SIMD3<Double>)] {
    down.flatMap { y in
        across.map { x in
            (drawn.color(x, y), truth.pixel(wall.facets[0], .zero, x, y, places: places))
        }
    }
}
