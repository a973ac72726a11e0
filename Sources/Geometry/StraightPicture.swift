import Glibc

/// The picture of a lens without its distortion, as a program that knows none draws it.
///
/// It is that of a pinhole of the lens's focal length, so large that all of the sensor's is on it.
/// Its pixels are as large as the sensor's. ΔP is taken out with the distortion: it is
/// OpenLensIO 1.0.1's field-of-view form, ε'_u.
public struct StraightPicture: Sendable, Equatable {
    /// The lens.
    public let lens: Lens
    /// The recorded area of the sensor.
    public let sensor: Sensor
    /// Pixels across and down of the recorded picture.
    public let recorded: SIMD2<Int>
    /// Pixels across and down of the straight one, even numbers.
    public let size: SIMD2<Int>

    /// A wider one, as a part of the recorded picture's width, is no lens anybody shoots with.
    public static let overscanMax = 2.0
    /// Width and height of the recorded picture, mm on the sensor.
    private let recordedExtent: Vector2
    /// Width and height of the straight picture, mm on the sensor.
    private let extent: Vector2
    /// Steps along each edge of the sensor in which the farthest ray is looked for.
    private static let steps = 64

    /// The straight picture; nil where the lens model does not hold over the whole sensor, or the
    /// picture were wider than `overscanMax`.
    public init?(_ lens: Lens, sensor: Sensor, recorded: SIMD2<Int>) {
        guard lens.images(sensor) else { return nil }
        (self.lens, self.sensor, self.recorded) = (lens, sensor, recorded)
        recordedExtent = Vector2(sensor.widthMillimeters, sensor.heightMillimeters)
        let half = 0.5 * recordedExtent
        var farthest = Vector2.zero
        for step in -Self.steps...Self.steps {
            let at = Double(step) / Double(Self.steps)
            for edge in [Vector2(at, -1), Vector2(at, 1), Vector2(-1, at), Vector2(1, at)] {
                guard let ray = lens.undistorted(Vector2(edge.x * half.x, edge.y * half.y)) else {
                    return nil
                }
                farthest.x = max(farthest.x, abs(ray.x) / half.x)
                farthest.y = max(farthest.y, abs(ray.y) / half.y)
            }
        }
        let overscan = max(1, farthest.x, farthest.y)
        guard overscan <= Self.overscanMax else { return nil }
        func enlarged(_ pixels: Int) -> Int {
            // A rounding above a whole number of pixels is no pixel more.
            2 * Int((Double(pixels) * overscan / 2 - 1e-9).rounded(.up))
        }
        size = SIMD2(enlarged(recorded.x), enlarged(recorded.y))
        extent = Vector2(
            recordedExtent.x * Double(size.x) / Double(recorded.x),
            recordedExtent.y * Double(size.y) / Double(recorded.y))
    }

    /// Its width over the recorded picture's, ≥ 1.
    public var overscan: Double { Double(size.x) / Double(recorded.x) }

    /// What it sees across, radians.
    public var horizontalView: Double {
        2 * atan2(extent.x / 2, lens.focalLengthMillimeters)
    }

    /// Where a pixel of the recorded picture is on the straight one: fractions of its width from
    /// the left and of its height from the top; nil where the lens images nothing.
    public func place(recorded column: Int, _ row: Int) -> Vector2? {
        lens.undistorted(Self.middle(column, row, of: recorded, recordedExtent))
            .map { Self.fractions($0, of: extent) }
    }

    /// Where a pixel of the straight picture is on the recorded one, beyond 0 … 1 where it was not
    /// recorded; nil where the lens images nothing.
    public func place(straight column: Int, _ row: Int) -> Vector2? {
        lens.distorted(Self.middle(column, row, of: size, extent))
            .map { Self.fractions($0, of: recordedExtent) }
    }

    /// A pixel's middle in a picture of a size and an extent, mm from the middle of the picture.
    private static func middle(
        _ column: Int, _ row: Int, of size: SIMD2<Int>, _ extent: Vector2
    ) -> Vector2 {
        Vector2(
            ((Double(column) + 0.5) / Double(size.x) - 0.5) * extent.x,
            ((Double(row) + 0.5) / Double(size.y) - 0.5) * extent.y)
    }

    /// A point, mm from a picture's middle, in parts of the picture from its top left.
    private static func fractions(_ point: Vector2, of extent: Vector2) -> Vector2 {
        Vector2(point.x / extent.x + 0.5, point.y / extent.y + 0.5)
    }
}
