import Geometry
import Testing
import Timing
import Tracking

@Suite struct OpenTrackIODecodeTests {
    @Test func `an empty payload says nothing and is right`() throws {
        #expect(try OpenTrackIOSample(json: " {\n} ") == OpenTrackIOSample())
        #expect(try OpenTrackIOSample([0xA0], .cbor) == OpenTrackIOSample())
        #expect(try OpenTrackIOSample([0xBF, 0xFF], .cbor) == OpenTrackIOSample())
    }

    @Test func `every field is found, and what is not known is read over`() throws {
        let sample = try OpenTrackIOSample(
            json: """
                {"custom": {"a": [1, {"b": null, "c": [[], {}]}], "d": "x\\"y"}, "globalStage":
                {"E": 1e2, "N": 0, "U": -3, "lat0": 1, "lon0": 2, "h0": 3},
                "protocol": {"name": "OpenTrackIO", "version": [1, 0, 1]},
                "sampleId": "urn:uuid:12345678-9abc-def0-0fed-cba987654321",
                "sourceId": "studio 4", "sourceNumber": 14.0, "relatedSampleIds": [],
                "tracker": {"notes": "n", "recording": false, "slate": "A101", "status": "Good"},
                "timing": {"mode": "external", "sampleRate": {"num": 60000, "denom": 1001},
                  "sampleTimestamp": {"seconds": 1, "nanoseconds": 5}, "sequenceNumber": 9,
                  "synchronization": {"locked": true, "source": "ptp", "ptp": {"domain": 1}}},
                "lens": {"encoders": {"zoom": 0.25}, "tStop": 4, "custom": [1, 2]}}
                """)
        #expect(sample.version == .init(1, 0, 1))
        #expect(
            sample.sampleID?.description == "urn:uuid:12345678-9abc-def0-0fed-cba987654321")
        #expect(sample.sourceID == .init(high: 0, low: mark("studio 4")))
        #expect(sample.sourceNumber == 14)
        #expect(sample.tracker.isRecording == false)
        #expect(sample.tracker.slate == mark("A101"))
        #expect(sample.tracker.status == mark("Good"))
        #expect(!sample.tracker.saysLost)
        #expect(sample.timing.mode == .external)
        #expect(sample.timing.sampleRate == .init(60000, 1001))
        #expect(sample.timing.sampleTimestamp?.tai == TAITime(nanoseconds: 1_000_000_005))
        #expect(sample.timing.sequenceNumber == 9)
        #expect(sample.timing.synchronization == .init(isLocked: true, source: .ptp))
        #expect(sample.timing.timecode == nil)
        #expect(sample.lens.encoders == .init(zoom: 0.25))
        #expect(sample.lens.rawEncoders == nil)
        #expect(sample.static == nil)
    }

    @Test func `null is absent`() throws {
        let sample = try OpenTrackIOSample(
            json: """
                {"static": null, "transforms": null, "lens": {"fStop": null, "encoders": null,
                "focusDistance": 2}}
                """)
        #expect(sample.static == nil)
        #expect(sample.trackerFromSensor == nil)
        #expect(sample.lens.focusDistance == 2)
        #expect(sample.lens.fStop == nil)
    }

    @Test func `the static block may come in any sample or in none`() throws {
        var assembler = OpenTrackIOAssembler()
        let plain = assembler.sample(from: datagram(Array("{}".utf8), sequence: 1))
        #expect(plain != nil && plain?.static == nil)
        let text = """
            {"static": {"duration": {"num": 1, "denom": 50}, "camera": {
            "activeSensorPhysicalDimensions": {"height": 24.0, "width": 36},
            "activeSensorResolution": {"width": 3840.0, "height": 2160}, "label": "A",
            "model": "M", "serialNumber": "1"}, "lens": {"model": "L", "serialNumber": "2"},
            "tracker": {"make": "T"}}}
            """
        let later = assembler.sample(from: datagram(Array(text.utf8), sequence: 2))
        let block = try #require(later?.static)
        #expect(block.duration == .init(1, 50))
        #expect(block.sensor == Sensor(widthMillimeters: 36, heightMillimeters: 24))
        #expect(block.resolution == .init(width: 3840, height: 2160))
        #expect(block.cameraLabel == mark("A"))
        #expect(block.cameraModel == mark("M"))
        #expect(block.cameraSerialNumber == mark("1"))
        #expect(block.lensModel == mark("L"))
        #expect(block.lensSerialNumber == mark("2"))
    }

    @Test func `names of drafts before version 1 are understood`() throws {
        let sample = try OpenTrackIOSample(
            json: """
                {"timing": {"frameRate": {"num": 25, "denom": 1}, "timecode": {"hours": 1,
                "minutes": 2, "seconds": 3, "frames": 4, "format": {"frameRate": {"num": 25,
                "denom": 1}, "subFrame": 1, "dropFrame": true}}, "synchronization": {"locked":
                false, "source": "ptp", "ptp": {"master": "00:11:22:33:44:55"}}},
                "lens": {"focalLength": 35, "perspectiveShift": {"x": 0.1, "y": 0.2},
                "distortionShift": {"x": 0.3, "y": 0.4}},
                "transforms": [{"translation": {"x": 1, "y": 2, "z": 3}, "rotation": {"pan": 0,
                "tilt": 0, "roll": 0}, "transformId": "Camera"}]}
                """)
        #expect(sample.timing.sampleRate == .init(25))
        #expect(
            sample.timing.timecode
                == .init(
                    hours: 1, minutes: 2, seconds: 3, frames: 4, rate: .init(25), subFrame: 1,
                    dropsFrames: true))
        #expect(sample.timing.synchronization?.isLocked == false)
        #expect(sample.lens.pinholeFocalLengthMillimeters == 35)
        #expect(sample.lens.projectionOffsetMillimeters == Vector2(0.1, 0.2))
        #expect(sample.lens.distortionOffsetMillimeters == Vector2(0.3, 0.4))
        #expect(sample.trackerFromSensor?.translation == Vector3(1, 2, 3))
    }

    @Test func `the first distortion of a known model is taken`() throws {
        func lens(_ list: String) throws -> OpenTrackIOSample.LensBlock {
            try OpenTrackIOSample(json: "{\"lens\": {\"distortion\": [\(list)]}}").lens
        }
        let several = try lens(
            """
            {"model": "Anamorphic X", "radial": [9], "overscan": 4},
            {"model": "Brown-Conrady D-U", "radial": [1, 2, 3, 4, 5, 6, 7]},
            {"overscan": 1.5, "radial": [1, 2, 3], "tangential": [4], "model": "Brown-Conrady U-D"},
            {"radial": [8]}
            """)
        #expect(
            several.distortion
                == LensDistortion(
                    direction: .distorts, radial: [1, 2, 3, 0, 0, 0], tangential: Vector2(4, 0)))
        #expect(several.overscan == 1.5)
        #expect(try lens("{\"radial\": [1]}").distortion?.direction == .undistorts)
        let unknown = try lens("{\"model\": \"Anamorphic X\", \"radial\": [1], \"overscan\": 2}")
        #expect(unknown.distortion == nil)
        #expect(unknown.overscan == nil)
    }

    @Test func `a tracker that says it is lost is known by any case`() throws {
        for (status, isLost) in [
            ("Optical Lost", true), ("LOST", true), ("lolost too few stars", true),
            ("Optical Good", false), ("los t", false), ("lo", false),
        ] {
            let sample = try OpenTrackIOSample(json: "{\"tracker\":{\"status\":\"\(status)\"}}")
            #expect(sample.tracker.saysLost == isLost, "\(status)")
        }
    }

    @Test func `transforms follow one another from the root to the sensor`() throws {
        let sample = try OpenTrackIOSample(
            json: """
                {"transforms": [
                {"translation": {"x": 1, "y": 2, "z": 3}, "rotation": {"pan": 90, "tilt": 0,
                  "roll": 0}, "id": "Dolly"},
                {"translation": {"x": 0, "y": 5, "z": 0}, "rotation": {"pan": 0, "tilt": -30}},
                {"translation": {"y": 0.5}, "rotation": {"pan": -450, "tilt": 12, "roll": 7}}]}
                """)
        let pose = try #require(sample.trackerFromSensor)
        let chain =
            Pose(pan: 90 * degree, tilt: 0, roll: 0, translation: Vector3(1, 2, 3))
            * Pose(pan: 0, tilt: -30 * degree, roll: 0, translation: Vector3(0, 5, 0))
            * Pose(
                pan: -450 * degree, tilt: 12 * degree, roll: 7 * degree,
                translation: Vector3(0, 0.5, 0))
        #expect((pose.translation - chain.translation).length < 1e-12)
        #expect(distance(pose.rotation, chain.rotation) < 1e-12)
        // By hand: five metres forward of a dolly that looks left, then half a metre down a slope.
        let way = 5 + 0.5 * 0.75.squareRoot()
        #expect((pose.translation - Vector3(1 - way, 2, 3 - 0.25)).length < 1e-12)
    }

    @Test func `pan is to the left, tilt up and roll clockwise from behind`() throws {
        let text = """
            {"transforms": [{"translation": {"x": 0}, "rotation": {"pan": 30, "tilt": 20,
            "roll": 10}}]}
            """
        let rotation = try #require(OpenTrackIOSample(json: text).trackerFromSensor).rotation
        let forward = Vector3(-0.46984631039295416, 0.8137976813493738, 0.3420201433256687)
        #expect((rotation.y - forward).length < 1e-15)
        let turn = rotation.panTiltRoll
        #expect(abs(turn.roll - 10 * degree) < 1e-15)
    }

    @Test func `a scale moves what comes after it and nothing else`() throws {
        let text = """
            {"transforms": [
            {"translation": {"x": 1}, "rotation": {"pan": 90}, "scale": {"x": 2, "y": 10, "z": 1}},
            {"translation": {"x": 3, "y": 0.5}, "rotation": {"pan": 5}, "scale": {"x": 7}}]}
            """
        let pose = try #require(OpenTrackIOSample(json: text).trackerFromSensor)
        #expect((pose.translation - Vector3(1 - 5, 6, 0)).length < 1e-12)
        #expect(abs(pose.rotation.panTiltRoll.pan - 95 * degree) < 1e-12)
    }

    @Test func `numbers are read as Swift reads them`() throws {
        var random = SeededRandom(seed: 0xD161)
        var texts = [
            "0", "-0", "0.0", "1", "24.305", "5e-08", "1E+2", "0.1", "9007199254740993",
            "0.10009575395676518", "180.01077232013608", "123456789012345678901234567890",
            "2.2250738585072014e-20", "1e22", "1e23", "0.000000000000000000001",
        ]
        for _ in 0..<3000 {
            let digits = Double.random(in: 1..<10, using: &random)
            let scale = Int.random(in: -20...19, using: &random)
            texts.append("\(digits)e\(scale)")
            texts.append(Double.random(in: -1000...1000, using: &random).description)
        }
        for text in texts {
            let sample = try OpenTrackIOSample(json: "{\"lens\":{\"entrancePupilOffset\":\(text)}}")
            let value = try #require(sample.lens.entrancePupilOffset)
            #expect(value.bitPattern == Double(text)?.bitPattern, "\(text)")
        }
    }

    @Test func `numbers beyond exact reading are right to twelve digits`() throws {
        for text in ["1e-60", "3.14159265358979323846264338327950288", "7e250", "1e-300", "8.5e37"]
        {
            let sample = try OpenTrackIOSample(json: "{\"lens\":{\"entrancePupilOffset\":\(text)}}")
            let (value, truth) = (try #require(sample.lens.entrancePupilOffset), Double(text)!)
            #expect(abs(value / truth - 1) < 1e-12, "\(text)")
        }
    }

    @Test func `text with escapes is the text it stands for`() throws {
        let plain = try OpenTrackIOSample(
            json: "{\"tracker\":{\"slate\":\"a/\u{E9}\u{1F3A5}\\n\"}}")
        let escaped = try OpenTrackIOSample(
            json: "{\"\\u0074racker\":{\"sl\\u0061te\":\"\\u0061\\/\\u00e9\\ud83c\\uDFA5\\u000A\"}}"
        )
        #expect(plain.tracker.slate == mark("a/\u{E9}\u{1F3A5}\n"))
        #expect(escaped.tracker.slate == plain.tracker.slate)
        let half = try OpenTrackIOSample(json: "{\"tracker\":{\"slate\":\"\\ud83cx\"}}")
        #expect(half.tracker.slate == mark("\u{FFFD}x"))
    }

    private func mark(_ text: String) -> UInt64 {
        Array(text.utf8).withUnsafeBytes { fingerprint($0) }
    }

    private func distance(_ a: Matrix3, _ b: Matrix3) -> Double {
        (a.x - b.x).length + (a.y - b.y).length + (a.z - b.z).length
    }
}
