import Geometry
import StageModel
import Tracking

extension Reading {
    /// A tracked camera.
    func camera(_ reader: MapReader, _ sources: Section<TrackingSource>) -> Camera? {
        let size = self.reader(of: "sensorMillimeters", reader, "cameras").numbers(
            "sensorMillimeters", 2...2, 1...100, unit: "millimeters",
            "the recorded part of the sensor [width, height]")
        let image = reader.numbers(
            "imagePixels", 2...2, 64...16384, unit: "pixels", "the recorded picture [width, height]"
        )
        let sensor = size.map { Sensor(widthMillimeters: $0[0], heightMillimeters: $0[1]) }
        let lens = reader.required("lens", "the camera's lens: focalLengthMillimeters, …")?
            .keys("a lens") { self.lens($0, sensor) }
        let tables = lensTables(reader)
        let modes = sensorModes(reader)
        let whenLost = reader.choice(
            "whenLost", [("hold", false), ("leave", true)], default: false)
        let source = sources.names.index(
            of: reader.required("source", "the name of a tracking source"))
        let usesLensData = reader.flag("lensData", default: true)
        let placed = self.reader(of: "bodyFromSensor", reader, "cameras")
            .optional("bodyFromSensor")
        let body = placed.map { item -> Pose? in
            item.keys("the sensor's place on the tracked body") {
                self.pose($0, unit: .millimeters, isPlaced: false)
            }
        }
        guard let name = reader.givenName, let sensor, let image,
            let lens, let source, let usesLensData, let pose = body ?? .identity, let tables,
            let modes, let whenLost, isPicture(image, of: sensor, reader)
        else { return nil }
        let sensors = [sensor] + modes.map(\.sensor)
        for (table, item) in tables where !images(table, sensors, item) { return nil }
        for mode in modes where !lens.lens.images(mode.sensor) {
            reader.complain(
                "sensorModes", mode.name, "the camera's own lens folds inside this sensor")
            return nil
        }
        return Camera(
            name: name, sensor: sensor, imageWidth: Int(image[0]), imageHeight: Int(image[1]),
            lens: lens.lens, zoomRange: lens.zoomRange, usesLensData: usesLensData,
            bodyFromSensor: pose, source: source, lenses: tables.map(\.table),
            sensorModes: modes, leavesWhenLost: whenLost)
    }

    /// A picture fits its sensor; a complaint where it does not.
    private func isPicture(_ image: [Double], of sensor: Sensor, _ reader: MapReader) -> Bool {
        guard image.allSatisfy({ $0 == $0.rounded() }) else {
            reader.complain("imagePixels", "\(image)", "a picture has whole pixels")
            return false
        }
        let ratio = image[0] / image[1] * sensor.heightMillimeters / sensor.widthMillimeters
        guard (0.95...1.05).contains(ratio) else {
            let width = (sensor.heightMillimeters * image[0] / image[1] * 100).rounded() / 100
            reader.complain(
                "imagePixels", "\(plain(image[0])) × \(plain(image[1]))",
                "the sensor has another shape: name the part that is recorded; at this picture "
                    + "\(plain(width)) × \(plain(sensor.heightMillimeters)) mm")
            return false
        }
        return true
    }

    /// The sensor modes a camera can choose from.
    private func sensorModes(_ reader: MapReader) -> [SensorMode]? {
        let allowed = "sensor modes beside sensorMillimeters, 1 … \(StageLimits.sensorModes)"
        guard let item = reader.optional("sensorModes") else { return [] }
        guard let items = item.items(1...StageLimits.sensorModes, allowed) else { return nil }
        var names = Names("sensor mode")
        let modes = items.enumerated().map { index, item in
            item.keys("a sensor mode") { keys -> SensorMode? in
                names.add(keys.name(), at: index, keys)
                let size = keys.numbers(
                    "sensorMillimeters", 2...2, 1...100, unit: "millimeters",
                    "the recorded part of the sensor [width, height]")
                let image = keys.numbers(
                    "imagePixels", 2...2, 64...16384, unit: "pixels",
                    "the recorded picture [width, height]")
                guard let name = keys.givenName, let size, let image else { return nil }
                guard name != "standard" else {
                    keys.complain("name", name, "that is the word for sensorMillimeters itself")
                    return nil
                }
                let sensor = Sensor(widthMillimeters: size[0], heightMillimeters: size[1])
                guard isPicture(image, of: sensor, keys) else { return nil }
                return SensorMode(
                    name: name, sensor: sensor, imageWidth: Int(image[0]),
                    imageHeight: Int(image[1]))
            }
        }
        let whole = modes.compactMap(\.self)
        return whole.count == modes.count ? whole : nil
    }

    /// Focal lengths lenses have, mm.
    private static var focalLengths: ClosedRange<Double> { 2...2000 }

    private func lens(
        _ reader: MapReader, _ sensor: Sensor?
    ) -> (lens: Lens, zoomRange: SIMD2<Double>?)? {
        let zoom = reader.optional("zoomRangeMillimeters")
        reader.allow("zoomRangeMillimeters", for: "focalLengthMillimeters")
        let zoomRange = zoom.map {
            $0.numbers(
                2...2, Self.focalLengths, unit: "millimeters", what: "focal length [wide, tele]")
        }
        let usual = zoom == nil ? nil : zoomRange??.first ?? 50
        guard let lens = measuredLens(reader, usualFocalLength: usual) else { return nil }
        var range: SIMD2<Double>?
        if let zoomRange {
            guard let values = zoomRange else { return nil }
            guard values[0] < values[1], values[0] == lens.focalLengthMillimeters else {
                reader.complain(
                    "zoomRangeMillimeters", zoom?.found ?? "",
                    "[wide, tele], wide first; focalLengthMillimeters is the wide end or left out")
                return nil
            }
            range = SIMD2(values[0], values[1])
        }
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

    /// What a lens does at one place of its rings.
    /// - Parameter usualFocalLength: where none is given; nil: one must be.
    func measuredLens(_ reader: MapReader, usualFocalLength: Double? = nil) -> Lens? {
        let focal = reader.number(
            "focalLengthMillimeters", Self.focalLengths, unit: "millimeters",
            default: usualFocalLength, "focal length, millimeters")
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
        return Lens(
            focalLengthMillimeters: focal, distortion: distortion,
            distortionOffsetMillimeters: center, projectionOffsetMillimeters: shift,
            entrancePupilOffset: pupil / 1000)
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
