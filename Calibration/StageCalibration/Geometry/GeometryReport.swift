public import Geometry

/// A geometry as it is kept and told: figures, verdicts, and lines for stage.yaml.
public struct GeometryReport: Codable, Sendable, Equatable {
    /// A pose as stage.yaml has it.
    public struct Placement: Codable, Sendable, Equatable {
        /// Metres.
        public var position: Vector3
        /// Pan, + to the left, degrees.
        public var pan: Double
        /// Tilt, + up, degrees.
        public var tilt: Double
        /// Roll, + clockwise from behind, degrees.
        public var roll: Double

        init(_ pose: Pose) {
            let angles = pose.rotation.panTiltRoll
            position = pose.translation
            pan = angles.pan * 180 / .pi
            tilt = angles.tilt * 180 / .pi
            roll = angles.roll * 180 / .pi
        }
    }

    /// The lens in OpenCV's numbers.
    public var camera: CameraModel
    /// Entrance pupil and axes (right, forward, up) in the tracked body.
    public var bodyFromPupil: Placement
    /// The tracker's origin on the stage.
    public var stageFromTracker: Placement
    /// Metres in a metre of the tracker's.
    public var trackerScale: Double
    /// How far each group of dots stands from its plan, metres.
    public var wallShifts: [Vector3]
    /// Dots are met within this, pixels root mean square.
    public var reprojectionPixels: Double
    /// Error bars, one standard deviation.
    public var uncertainty: GeometrySolution.Uncertainty
    /// The closed-form method that was best to start from.
    public var start: String
    /// Every pose that was captured.
    public var views: [GeometrySolution.View]
    /// What is made of it.
    public var verdicts: [Verdict]

    /// The report of a solution.
    public init(_ s: GeometrySolution) {
        camera = s.camera
        bodyFromPupil = Placement(s.bodyFromCamera * CameraModel.cameraFromPupil)
        stageFromTracker = Placement(s.stageFromTracker)
        trackerScale = s.trackerScale
        wallShifts = s.shifts
        reprojectionPixels = s.reprojection
        uncertainty = s.uncertainty
        start = s.start.rawValue
        views = s.views
        verdicts = s.verdicts
    }

    /// The report of a file.
    public static func read(_ path: String) throws(CalibrationRefusal) -> GeometryReport {
        try JSONFile.read(path, what: "a geometry report")
    }

    /// Writes the report as JSON.
    public func write(to path: String) throws(CalibrationRefusal) {
        try JSONFile.write(self, to: path)
    }

    /// The figures as lines for a terminal.
    public var lines: [String] {
        let u = uncertainty
        let used = views.filter { $0.leftOut == nil }.count
        var lines = [
            "\(used) of \(views.count) poses used, dots met within \(text(reprojectionPixels)) px",
            "focal length \(text(camera.focal.x)) × \(text(camera.focal.y)) px ± "
                + "\(text(u.focalPixels))",
            "entrance pupil ± \(text(u.pupilMeters * 1000)) mm, ± \(text(u.mountDegrees))°; "
                + "tracker scale \(trackerScale) ± \(text(u.scale)); wall ± "
                + "\(text(u.wallMeters * 1000)) mm",
        ]
        lines += views.filter { $0.leftOut == nil }.map {
            "pose \($0.name): \($0.dots) dots, \(text($0.pixels ?? 0)) px; tracker corrected by "
                + "\(text($0.trackerMeters * 1000)) mm, \(text($0.trackerDegrees))°"
        }
        return lines + verdicts.map(\.description)
    }

    /// What goes into stage.yaml for a sensor of this width.
    ///
    /// The tracker's place, the camera's, and its lens. The sensor is put at the
    /// entrance pupil, whose offset is then 0.
    public func stageLines(sensorWidthMillimeters: Double, picture: [Int]) -> [String] {
        let (lens, sensor) = camera.lens(
            sensorWidthMillimeters: sensorWidthMillimeters, columns: picture[0], rows: picture[1])
        func list(_ v: [Double]) -> String {
            "[" + v.map { "\(rounded($0))" }.joined(separator: ", ") + "]"
        }
        func angles(_ p: Placement, _ indent: String) -> [String] {
            [
                "\(indent)panDegrees: \(rounded(p.pan))",
                "\(indent)tiltDegrees: \(rounded(p.tilt))",
                "\(indent)rollDegrees: \(rounded(p.roll))",
            ]
        }
        let size = list([sensor.widthMillimeters, sensor.heightMillimeters])
        let (stage, pupil) = (stageFromTracker.position, bodyFromPupil.position * 1000)
        let k = lens.distortion.radial
        let offset = lens.projectionOffsetMillimeters
        return ["# under tracking:", "    stageFromTracker:"]
            + ["      positionMeters: \(list([stage.x, stage.y, stage.z]))"]
            + angles(stageFromTracker, "      ") + ["# under cameras:"]
            + [
                "    sensorMillimeters: \(size)"
            ]
            + ["    imagePixels: [\(picture[0]), \(picture[1])]", "    bodyFromSensor:"]
            + ["      positionMillimeters: \(list([pupil.x, pupil.y, pupil.z]))"]
            + angles(bodyFromPupil, "      ") + [
                "    lens:",
                "      focalLengthMillimeters: \(rounded(lens.focalLengthMillimeters))",
                "      entrancePupilOffsetMillimeters: 0", "      distortion:",
                "        model: Brown-Conrady U-D",
                "        radial: [\(k[0]), 0, \(k[2]), 0, \(k[4])]",
                "        tangential: [\(lens.distortion.tangential.x), "
                    + "\(lens.distortion.tangential.y)]",
                "      projectionOffsetMillimeters: \(list([offset.x, offset.y]))",
            ]
    }

    private func rounded(_ x: Double) -> Double { (x * 1e6).rounded() / 1e6 }
}
