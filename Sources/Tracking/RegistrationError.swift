public import Geometry

/// What a registration error is counted in: a camera's recorded picture.
public struct CameraPicture: BitwiseCopyable, Sendable, Equatable {
    /// The recorded area of the sensor.
    public var sensor: Sensor
    /// The lens before it.
    public var lens: Lens
    /// Pixels across.
    public var pixelsWide: Double

    /// A picture of a sensor behind a lens.
    public init(sensor: Sensor, lens: Lens, pixelsWide: Double) {
        self.sensor = sensor
        self.lens = lens
        self.pixelsWide = pixelsWide
    }

    /// A full-frame sensor behind a 24.3 mm lens in HD: the camera of the captured move.
    public static var fullFrameWide: CameraPicture {
        CameraPicture(
            sensor: Sensor(widthMillimeters: 35.9, heightMillimeters: 20.2),
            lens: Lens(focalLengthMillimeters: 24.3), pixelsWide: 1920)
    }
}

/// How far a picture drawn for one pose lies from where the camera really looked.
///
/// The rays of the drawn pose's corners and middle, as its lens bends them, end on a plane square
/// to its axis, or at infinity; seen by the true pose, they miss its own by this many pixels. A
/// turn moves the corners of a wide lens further than the middle, by 1 + x² of their place in units
/// of F. At infinity only the turn counts; the nearer the plane, the more a wrong place does.
///
/// It is an error of the inner frustum's place. What stands still behind the wall errs less: its
/// picture on the wall depends on where the pupil is, not on how the camera is turned.
public struct RegistrationError: BitwiseCopyable, Sendable, Equatable {
    /// Pixels at the top left, top right, bottom right and bottom left corner; at most the
    /// picture's width, where nothing of it is right any more.
    public var corners: SIMD4<Double>
    /// Pixels in the middle of the picture.
    public var middle: Double

    /// The worst corner, pixels.
    public var largest: Double {
        // Two at a time: `max` of more takes them as an array, and that is an allocation.
        max(max(corners[0], corners[1]), max(corners[2], corners[3]))
    }

    /// The error between two poses of an entrance pupil.
    ///
    /// - Parameters:
    ///   - drawn: Pose the picture was drawn for.
    ///   - seen: Pose the camera really had.
    ///   - picture: What pixels are counted in, at the drawn focal length.
    ///   - seenFocalLength: The focal length the camera really had, mm; nil: the drawn one.
    ///   - distance: From the drawn pupil along its axis, metres; `.infinity` for the horizon.
    /// - Frame path: yes
    public init(
        drawn: Pose, seen: Pose, picture: CameraPicture, seenFocalLength: Double? = nil,
        distance: Double
    ) {
        let x = picture.sensor.widthMillimeters / 2
        let y = picture.sensor.heightMillimeters / 2
        let view = Sight(drawn, seen, picture, seenFocalLength, distance)
        middle = view.miss(Vector2(0, 0))
        corners = SIMD4(
            view.miss(Vector2(-x, -y)), view.miss(Vector2(x, -y)), view.miss(Vector2(x, y)),
            view.miss(Vector2(-x, y)))
    }
}

/// One pose seen by another.
private struct Sight {
    private let seenFromDrawn: Matrix3
    /// From the true pupil to the drawn one in the true pose's axes, in units of the distance:
    /// nothing at infinity.
    private let offset: Vector3
    private let picture: CameraPicture
    /// The lens the true pose sees with.
    private let lens: Lens

    init(
        _ drawn: Pose, _ seen: Pose, _ picture: CameraPicture, _ seenFocalLength: Double?,
        _ distance: Double
    ) {
        let seenFromStage = seen.rotation.transposed
        seenFromDrawn = seenFromStage * drawn.rotation
        offset = seenFromStage * ((drawn.translation - seen.translation) / distance)
        self.picture = picture
        var lens = picture.lens
        lens.focalLengthMillimeters = seenFocalLength ?? lens.focalLengthMillimeters
        self.lens = lens
    }

    /// Pixels by which a point of the drawn pose's sensor, mm, is missed.
    func miss(_ place: Vector2) -> Double {
        guard let ray = picture.lens.ray(place),
            let seen = lens.project(seenFromDrawn * ray + offset)
        else { return picture.pixelsWide }
        let way = seen - place
        let pixels =
            (way.x * way.x + way.y * way.y).squareRoot()
            * picture.pixelsWide / picture.sensor.widthMillimeters
        return min(pixels, picture.pixelsWide)
    }
}
