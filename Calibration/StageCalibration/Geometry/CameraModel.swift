public import Geometry
import Glibc

/// A camera's picture as OpenCV describes it: pinhole in pixels and Brown–Conrady distortion.
///
/// The camera's axes are OpenCV's (x right, y down, z forward), its origin the entrance pupil;
/// pixel centres are whole numbers.
public struct CameraModel: Sendable, Equatable, Codable {
    /// Focal lengths, pixels, across and down.
    public var focal: Vector2
    /// Where the axis meets the picture, pixels.
    public var center: Vector2
    /// k1, k2, k3 of r², r⁴, r⁶.
    public var radial: Vector3
    /// p1, p2.
    public var tangential: Vector2

    /// A camera; without distortion unless it is given.
    public init(
        focal: Vector2, center: Vector2, radial: Vector3 = .zero, tangential: Vector2 = .zero
    ) {
        self.focal = focal
        self.center = center
        self.radial = radial
        self.tangential = tangential
    }

    /// Distorted from straight-ray coordinates x / z, y / z (OpenCV, "Camera Calibration").
    public func distorted(_ p: Vector2) -> Vector2 {
        let s = p.x * p.x + p.y * p.y
        let ratio = 1 + s * (radial.x + s * (radial.y + s * radial.z))
        let cross = 2 * p.x * p.y
        return Vector2(
            p.x * ratio + tangential.x * cross + tangential.y * (s + 2 * p.x * p.x),
            p.y * ratio + tangential.y * cross + tangential.x * (s + 2 * p.y * p.y))
    }

    /// Straight-ray coordinates of distorted ones, by Newton's steps.
    public func undistorted(_ d: Vector2) -> Vector2 {
        var p = d
        for _ in 0..<20 {
            let error = distorted(p) - d
            let (dx, dy) = derivatives(p)
            let determinant = dx.x * dy.y - dx.y * dy.x
            guard abs(determinant) > 1e-6 else { break }
            let step = Vector2(
                (dy.y * error.x - dy.x * error.y) / determinant,
                (dx.x * error.y - dx.y * error.x) / determinant)
            p -= step
            if abs(step.x) + abs(step.y) < 1e-14 { break }
        }
        return p
    }

    /// Derivatives of `distorted` by x and by y.
    func derivatives(_ p: Vector2) -> (Vector2, Vector2) {
        let s = p.x * p.x + p.y * p.y
        let ratio = 1 + s * (radial.x + s * (radial.y + s * radial.z))
        let slope = 2 * (radial.x + s * (2 * radial.y + 3 * s * radial.z))
        let mixed = p.x * p.y * slope + 2 * tangential.x * p.x + 2 * tangential.y * p.y
        return (
            Vector2(
                ratio + p.x * p.x * slope + 2 * tangential.x * p.y + 6 * tangential.y * p.x,
                mixed),
            Vector2(
                mixed,
                ratio + p.y * p.y * slope + 2 * tangential.y * p.x + 6 * tangential.x * p.y)
        )
    }

    /// Pixel of a point in camera axes; nil behind the camera.
    public func pixel(_ c: Vector3) -> Vector2? {
        guard c.z > 1e-6 else { return nil }
        return distorted(Vector2(c.x, c.y) / c.z) * focal + center
    }

    /// Straight-ray coordinates of a pixel.
    public func ray(_ pixel: Vector2) -> Vector2 { undistorted((pixel - center) / focal) }

    /// The lens in the house's units, for a sensor of this width whose picture is `columns` ×
    /// `rows` pixels; the sensor's height takes up what pixels are not square.
    public func lens(
        sensorWidthMillimeters: Double, columns: Int, rows: Int
    ) -> (lens: Lens, sensor: Sensor) {
        let pitch = sensorWidthMillimeters / Double(columns)
        let f = focal.x * pitch
        let down = f / focal.y
        var k = InlineArray<6, Double>(repeating: 0)
        k[0] = radial.x / (f * f)
        k[2] = radial.y / (f * f * f * f)
        k[4] = radial.z / (f * f * f * f * f * f)
        let middle = Vector2(Double(columns - 1), Double(rows - 1)) / 2
        return (
            Lens(
                focalLengthMillimeters: f,
                distortion: LensDistortion(
                    direction: .distorts, radial: k, tangential: tangential / f),
                projectionOffsetMillimeters: (center - middle) * Vector2(pitch, down)),
            Sensor(
                widthMillimeters: sensorWidthMillimeters, heightMillimeters: down * Double(rows))
        )
    }

    /// House pupil axes (right, forward, up) in camera axes (right, down, forward).
    public static let cameraFromPupil = Pose(
        rotation: Matrix3(columns: Vector3(1, 0, 0), Vector3(0, 0, 1), Vector3(0, -1, 0)),
        translation: .zero)
}
