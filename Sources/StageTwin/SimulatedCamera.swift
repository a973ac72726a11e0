public import Geometry
public import StageModel

/// One moment of a shot: where the tracked body is and how far the lens is zoomed.
public struct CameraMoment: Sendable {
    /// Orientation of the tracked body on the stage, radians; pan + left (OpenTrackIO).
    public var pan: Double
    /// Radians, + up.
    public var tilt: Double
    /// Radians, + clockwise seen from behind.
    public var roll: Double
    /// Position of the tracked body on the stage, metres.
    public var position: SIMD3<Double>
    /// 0 wide … 1 tele, of the camera's zoom range.
    public var zoom: Double

    /// A moment; angles in radians, lengths in metres.
    public init(
        pan: Double, tilt: Double, roll: Double, position: SIMD3<Double>, zoom: Double = 0
    ) {
        self.pan = pan
        self.tilt = tilt
        self.roll = roll
        self.position = position
        self.zoom = zoom
    }

    /// The tracked body in the stage.
    public var body: Placement { Placement(pan: pan, tilt: tilt, roll: roll, origin: position) }
}

/// A film camera at one moment: which way every point of its picture looks.
public struct SimulatedCamera: Sendable {
    /// The entrance pupil in the stage.
    public let pupil: Placement
    /// Picture width, pixels.
    public let width: Int
    /// Picture height, pixels.
    public let height: Int
    private let lens: TwinLens
    private let sensor: SIMD2<Double>

    /// A camera of the stage at a moment of a shot.
    public init(_ camera: Camera, at moment: CameraMoment) {
        var known = camera.lens
        if let table = camera.lenses.first {
            known = SimulatedCamera.lens(of: table, zoom: moment.zoom)
        } else if let range = camera.zoomRange {
            known.focalLengthMillimeters = range.x + (range.y - range.x) * moment.zoom
        }
        lens = TwinLens(known, focal: known.focalLengthMillimeters)
        sensor = SIMD2(camera.sensor.widthMillimeters, camera.sensor.heightMillimeters)
        width = camera.imageWidth
        height = camera.imageHeight
        let body = moment.body.carrying(Placement(camera.bodyFromSensor))
        // OpenLensIO: the pupil stands z_epd in front of the sensor, along its axis.
        pupil = Placement(
            right: body.right, forward: body.forward, up: body.up,
            origin: body.point(SIMD3(0, known.entrancePupilOffset, 0)))
    }

    /// A camera that sees from its entrance pupil through a lens, for a picture `width` wide.
    public init(pupil: Placement, lens: Lens, sensor: Sensor, width: Int) {
        self.pupil = pupil
        self.lens = TwinLens(lens, focal: lens.focalLengthMillimeters)
        self.sensor = SIMD2(sensor.widthMillimeters, sensor.heightMillimeters)
        self.width = width
        height = Int(
            (Double(width) * sensor.heightMillimeters / sensor.widthMillimeters).rounded())
    }

    /// What a measured lens does at a zoom, its focus ring near, as `SimulatedTracker` says it is:
    /// straight lines between what was measured.
    private static func lens(of table: LensTable, zoom: Double) -> Lens {
        let nodes = table.zooms.indices.map { table.lenses[$0 * table.focuses.count] }
        let above = table.zooms.firstIndex { $0 > zoom } ?? table.zooms.count
        guard above > 0, above < table.zooms.count else {
            return above == 0 ? nodes[0] : nodes[nodes.count - 1]
        }
        let (a, b) = (nodes[above - 1], nodes[above])
        let share = (zoom - table.zooms[above - 1]) / (table.zooms[above] - table.zooms[above - 1])
        func between(_ number: (Lens) -> Double) -> Double {
            number(a) * (1 - share) + number(b) * share
        }
        var lens = a
        lens.focalLengthMillimeters = between(\.focalLengthMillimeters)
        lens.entrancePupilOffset = between(\.entrancePupilOffset)
        for i in 0..<6 { lens.distortion.radial[i] = between { $0.distortion.radial[i] } }
        for i in 0..<2 {
            lens.distortion.tangential[i] = between { $0.distortion.tangential[i] }
            lens.distortionOffsetMillimeters[i] = between { $0.distortionOffsetMillimeters[i] }
            lens.projectionOffsetMillimeters[i] = between { $0.projectionOffsetMillimeters[i] }
        }
        return lens
    }

    /// What a picture's pixel spans at the axis, radians.
    var pixelAngle: Double { sensor.x / Double(width) / lens.focal }

    /// The direction a picture point looks, unit length, in the stage; the center of the top left
    /// pixel is (0.5, 0.5).
    public func direction(x: Double, y: Double) -> SIMD3<Double> {
        let point = SIMD2(
            (x / Double(width) - 0.5) * sensor.x, (y / Double(height) - 0.5) * sensor.y)
        let slopes = lens.slopes(ofSensorPoint: point)
        return pupil.outward(unit(SIMD3(slopes.x, 1, -slopes.y)))
    }

    /// The picture point of a stage point, pixels, or nil behind the camera.
    public func picturePoint(of point: SIMD3<Double>) -> SIMD2<Double>? {
        let local = pupil.local(point)
        guard local.y > 0 else { return nil }
        let at = lens.sensorPoint(ofSlopes: SIMD2(local.x / local.y, -local.z / local.y))
        return SIMD2(
            (at.x / sensor.x + 0.5) * Double(width), (at.y / sensor.y + 0.5) * Double(height))
    }
}

/// The picture points that are looked at: every `step`-th pixel both ways.
struct SampleGrid: Sendable {
    var step: Int
    var columns: Int
    var rows: Int

    init(width: Int, height: Int, step: Int) {
        self.step = step
        columns = width / step
        rows = height / step
    }

    var count: Int { columns * rows }

    /// Center of the looked-at pixel, pixels.
    func x(_ column: Int) -> Double { Double(column * step + step / 2) + 0.5 }

    /// Center of the looked-at pixel, pixels.
    func y(_ row: Int) -> Double { Double(row * step + step / 2) + 0.5 }
}
