import Geometry
import StageModel
import Tracking

extension Reading {
    /// A tracked camera.
    func camera(_ reader: MapReader, _ sources: Section<TrackingSource>) -> Camera? {
        let size = reader.numbers(
            "sensorMillimeters", 2...2, 1...100, unit: "millimeters",
            "the recorded part of the sensor [width, height]")
        let image = reader.numbers(
            "imagePixels", 2...2, 64...16384, unit: "pixels", "the recorded picture [width, height]"
        )
        let sensor = size.map { Sensor(widthMillimeters: $0[0], heightMillimeters: $0[1]) }
        let lens = reader.required("lens", "the camera's lens: focalLengthMillimeters, …")?
            .keys("a lens") { self.lens($0, sensor) }
        let source = sources.names.index(
            of: reader.required("source", "the name of a tracking source"))
        let usesLensData = reader.flag("lensData", default: true)
        let placed = reader.optional("bodyFromSensor")
        let body = placed.map { item -> Pose? in
            item.keys("the sensor's place on the tracked body") {
                self.pose($0, unit: .millimeters, isPlaced: false)
            }
        }
        guard let name = reader.givenName, let sensor, let image,
            let lens, let source, let usesLensData, let pose = body ?? .identity
        else { return nil }
        guard image.allSatisfy({ $0 == $0.rounded() }) else {
            reader.complain("imagePixels", "\(image)", "a picture has whole pixels")
            return nil
        }
        let ratio = image[0] / image[1] * sensor.heightMillimeters / sensor.widthMillimeters
        guard (0.95...1.05).contains(ratio) else {
            let width = (sensor.heightMillimeters * image[0] / image[1] * 100).rounded() / 100
            reader.complain(
                "imagePixels", "\(plain(image[0])) × \(plain(image[1]))",
                "the sensor has another shape: name the part that is recorded; at this picture "
                    + "\(plain(width)) × \(plain(sensor.heightMillimeters)) mm")
            return nil
        }
        return Camera(
            name: name, sensor: sensor, imageWidth: Int(image[0]), imageHeight: Int(image[1]),
            lens: lens.lens, zoomRange: lens.zoomRange, usesLensData: usesLensData,
            bodyFromSensor: pose, source: source)
    }

    private func lens(
        _ reader: MapReader, _ sensor: Sensor?
    ) -> (lens: Lens, zoomRange: SIMD2<Double>?)? {
        let millimeters = 2.0...2000
        let zoom = reader.optional("zoomRangeMillimeters")
        reader.allow("zoomRangeMillimeters", for: "focalLengthMillimeters")
        let zoomRange = zoom.map {
            $0.numbers(2...2, millimeters, unit: "millimeters", what: "focal length [wide, tele]")
        }
        let focal = reader.number(
            "focalLengthMillimeters", millimeters, unit: "millimeters",
            default: zoom == nil ? nil : zoomRange??.first ?? 50, "focal length, millimeters")
        let pupil = reader.number(
            "entrancePupilOffsetMillimeters", -1000...1000, unit: "millimeters", default: 0)
        let center = offset(reader, "distortionOffsetMillimeters")
        let shift = offset(reader, "projectionOffsetMillimeters")
        let distorted = reader.optional("distortion")
        let distortion = distorted.map { item in
            item.keys("a distortion") { self.distortion($0) }
        }
        guard let focal, let pupil, let center, let shift,
            let distortion = distortion ?? Optional(LensDistortion.none)
        else { return nil }
        var range: SIMD2<Double>?
        if let zoomRange {
            guard let values = zoomRange else { return nil }
            guard values[0] < values[1], values[0] == focal else {
                reader.complain(
                    "zoomRangeMillimeters", zoom?.found ?? "",
                    "[wide, tele], wide first; focalLengthMillimeters is the wide end or left out")
                return nil
            }
            range = SIMD2(values[0], values[1])
        }
        let lens = Lens(
            focalLengthMillimeters: focal, distortion: distortion,
            distortionOffsetMillimeters: center, projectionOffsetMillimeters: shift,
            entrancePupilOffset: pupil / 1000)
        guard let sensor, lens.images(sensor) else {
            if sensor != nil {
                reader.complain(
                    "distortion", "folds inside the sensor",
                    "check the model and the units: radial is per mm² , mm⁴, mm⁶, k1, k2, … in "
                        + "OpenLensIO's order; see the README")
            }
            return nil
        }
        return (lens, range)
    }

    private func offset(_ reader: MapReader, _ key: String) -> Vector2? {
        reader.numbers(
            key, 2...2, -20...20, unit: "millimeters", default: [0, 0],
            "[right, down] on the sensor"
        ).map { Vector2($0[0], $0[1]) }
    }

    private func distortion(_ reader: MapReader) -> LensDistortion? {
        let model = reader.choice(
            "model",
            [
                ("Brown-Conrady D-U", LensDistortion.Direction.undistorts),
                ("Brown-Conrady U-D", .distorts),
            ], default: .undistorts)
        let radial = reader.numbers("radial", 1...6, -10...10, "k1 … k6, OpenLensIO's order")
        let tangential = reader.numbers("tangential", 2...2, -1...1, default: [0, 0], "p1, p2")
        guard let model, let radial, let tangential else { return nil }
        var k = InlineArray<6, Double>(repeating: 0)
        for (i, value) in radial.enumerated() { k[i] = value }
        return LensDistortion(
            direction: model, radial: k, tangential: Vector2(tangential[0], tangential[1]))
    }
}
