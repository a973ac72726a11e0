import Color
import Foundation
import FrameModel
import StageCalibration
import TestSupport
import Testing

@Suite struct `Colour acceptance` {
    static let faulty = ColorTwin(
        primaries: ColorTwin.offPrimaries, gamma: ColorTriple(1.06, 1, 0.95))

    @Test(arguments: [true, false])
    func `row: colour solve, no noise`(exposureIsKnown: Bool) throws {
        var twin = Self.faulty
        let solution = try ColorSolution(twin.samples(exposureIsKnown: exposureIsKnown))
        let errors = ErrorFigures(
            ColorTwin.contents(400).map {
                twin.error(asked: solution.drive(content: $0), content: $0)
            }
        )
        #expect(errors.mean <= 0.2)
        #expect(errors.p95 <= 0.4)
    }

    @Test(arguments: 1...5)
    func `row: colour solve, half a percent of noise`(seed: UInt64) throws {
        var twin = Self.faulty
        (twin.black, twin.soft, twin.noise) = (2e-4, 0.002, 0.005)
        twin.random = .init(seed: seed)
        let solution = try ColorSolution(twin.samples())
        let errors = ErrorFigures(
            ColorTwin.contents(400).map {
                twin.error(asked: solution.drive(content: $0), content: $0)
            }
        )
        #expect(errors.mean <= 2)
        let white = ColorTriple(repeating: 0.7)
        #expect(twin.error(asked: solution.drive(content: white), content: white) <= 0.5)
    }

    @Test func `an exposure nobody knows is found from the wall's own peak`() throws {
        var twin = Self.faulty
        twin.exposure = pow(2, -0.1)
        let solution = try ColorSolution(twin.samples(exposureIsKnown: false))
        let errors = ErrorFigures(
            ColorTwin.contents(400).map {
                twin.error(asked: solution.drive(content: $0), content: $0)
            }
        )
        #expect(errors.mean <= 0.2)
    }

    @Test(arguments: 1...5)
    func `row: black and low end`(seed: UInt64) throws {
        var twin = Self.faulty
        (twin.black, twin.soft, twin.noise) = (2e-4, 0.002, 0.005)
        twin.random = .init(seed: seed)
        let solution = try ColorSolution(twin.samples())
        for curve in solution.curves {
            #expect(zip(curve.lights, curve.lights.dropFirst()).allSatisfy { $0 < $1 })
            var last = -1.0
            for step in 0...2000 {
                let drive = curve.drive(light: pow(10, Double(step) / 400 - 5))
                #expect(drive >= last)
                last = drive
            }
        }
        // Blue rises fastest in this wall and red slowest: so at every light red is driven most.
        for step in 0...40 {
            let light = pow(10, Double(step) / 20 - 2.5)
            guard light < 0.9 else { continue }
            let drives = solution.curves.map { $0.drive(light: light) }
            #expect(drives[0] > drives[1] && drives[1] > drives[2], "at light \(light)")
        }
    }

    @Test func `a refinement by other samples is refused, and one by far fails`() throws {
        var twin = Self.faulty
        let samples = twin.samples()
        let solution = try ColorSolution(samples)
        var shown = samples
        shown.checks = ColorTwin.contents(12, seed: 9).map {
            ColorSamples.Check(
                content: $0, plate: 0.7 * twin.photograph(solution.drive(content: $0)))
        }
        let far = try solution.refined(by: samples.checks(of: shown))
        let verdicts = ColorReport(samples, far).verdicts
        #expect(verdicts.contains { $0.subject == "refinement" && $0.level == .fail })
        shown.peakNits = 900
        let refusal = #expect(throws: CalibrationRefusal.self) { try samples.checks(of: shown) }
        #expect(refusal?.description.contains("peakNits") == true)
    }

    @Test func `colours shown through a correction refine it`() throws {
        var twin = Self.faulty
        let contents = ColorTwin.contents(24, seed: 9)
        var samples = twin.samples()
        // Samples of another day: this wall's green is 4 % brighter now.
        samples.green = samples.green.map { ($0 - samples.black) * 0.96 + samples.black }
        let first = try ColorSolution(samples)
        let shown = contents.map {
            ColorSamples.Check(content: $0, plate: twin.photograph(first.drive(content: $0)))
        }
        let second = try first.refined(by: shown)
        func errors(_ s: ColorSolution) -> Double {
            ErrorFigures(
                ColorTwin.contents(200).map {
                    twin.error(asked: s.drive(content: $0), content: $0)
                }
            ).mean
        }
        #expect(errors(first) > 1)
        #expect(errors(second) < 0.2)
    }
}

@Suite struct `A check of color before a day's work` {
    /// What a camera reads of the check's patches.
    private func plates(_ twin: inout ColorTwin, _ record: ColorSamples) -> [Int: ColorTriple] {
        var plates: [Int: ColorTriple] = [:]
        for patch in ColorDrift.patches {
            guard var drive = PatchSet.drive(patch, peakNits: twin.peakNits) else { continue }
            if patch == PatchSet.peak { drive = ColorTriple(repeating: 1) }
            plates[patch] = twin.photograph(drive)
        }
        return plates
    }

    @Test func `is green for the same wall at another exposure, and red for another white`() throws
    {
        var twin = ColorTwin(
            primaries: ColorTwin.offPrimaries, gamma: ColorTriple(1.06, 1, 0.95), noise: 0.003)
        let record = twin.samples()
        twin.exposure = 0.7
        let same = try ColorDrift(record, now: plates(&twin, record))
        #expect(same.verdict.level == .pass, "\(same)")
        #expect(abs(same.level - 0.7) < 0.01 && same.count == 15)
        twin.primaries.white = Chromaticity(0.318, 0.345)
        let moved = try ColorDrift(record, now: plates(&twin, record))
        #expect(moved.verdict.level > .pass && moved.white > 2, "\(moved)")
        #expect(!moved.verdict.advice.isEmpty)
        let refusal = #expect(throws: CalibrationRefusal.self) {
            try ColorDrift(record, now: [PatchSet.gray: ColorTriple(1, 1, 1)])
        }
        #expect(refusal?.description.contains("patches can be compared") == true)
    }
}

/// §7, "droop 3 %/processor matrix on/clip/narrow range/swapped channels/end slate: detected and
/// named".
@Suite struct `Every fault of the colour row is named` {
    static let base = ColorTwin(
        primaries: ColorTwin.offPrimaries, gamma: ColorTriple(1.06, 1, 0.95), noise: 0.003)

    private func report(_ samples: ColorSamples) throws -> ColorReport {
        ColorReport(samples, try ColorSolution(samples))
    }

    private func expect(
        _ samples: ColorSamples, _ subject: String, _ level: Verdict.Level, _ words: String
    ) throws {
        let verdicts = try report(samples).verdicts
        let named = verdicts.filter { $0.subject == subject && $0.level == level }
        #expect(
            named.contains { $0.finding.contains(words) && !$0.advice.isEmpty },
            "\(verdicts.map(\.description).joined(separator: "\n"))")
    }

    @Test(arguments: 1...8) func `a wall in order passes`(seed: UInt64) throws {
        var twin = Self.base
        twin.random = .init(seed: seed)
        let verdicts = try report(twin.samples()).verdicts
        #expect(verdicts.worst == .pass, "\(verdicts.map(\.description))")
    }

    @Test func `row: detected and named, droop of 3 %`() throws {
        var twin = Self.base
        twin.droop = 0.03
        try expect(twin.samples(), "additivity", .warning, "dims under load")
        twin.droop = 0.1
        try expect(twin.samples(), "additivity", .fail, "dims under load")
    }

    @Test func `row: detected and named, the processor's matrix`() throws {
        var twin = Self.base
        twin.processor = ColorMatrix.rgb(from: .rec709, to: ColorTwin.target)
        try expect(twin.samples(), "cross-talk", .warning, "matrix of its own")
    }

    @Test func `row: detected and named, a clipped wall`() throws {
        var twin = Self.base
        twin.wallClip = 0.6
        try expect(twin.samples(), "clipping", .fail, "the wall is clipped")
    }

    @Test func `row: detected and named, a clipped camera`() throws {
        var twin = Self.base
        twin.cameraClip = 1.2
        try expect(twin.samples(), "clipping", .fail, "the camera is clipped")
    }

    @Test func `a camera clipped by white alone`() throws {
        var twin = Self.base
        twin.cameraClip = 1.8
        try expect(twin.samples(), "clipping", .fail, "the camera is clipped")
    }

    @Test func `one clipped channel is named`() throws {
        var twin = Self.base
        var samples = twin.samples()
        let clip = try #require(samples.levels.firstIndex { $0 > 0.4 })
        for i in clip..<samples.red.count { samples.red[i] = samples.red[clip] }
        try expect(samples, "clipping", .fail, "red no longer rises")
        let verdicts = try report(samples).verdicts.filter { $0.subject == "clipping" }
        #expect(verdicts.allSatisfy { !$0.finding.contains("green") }, "\(verdicts)")
    }

    @Test func `row: detected and named, narrow range`() throws {
        var twin = Self.base
        twin.readsNarrow = true
        try expect(twin.samples(), "code range", .fail, "the wall shows narrow range")
    }

    @Test func `a low end that loses light is not taken for a range`() throws {
        var twin = Self.base
        (twin.black, twin.soft) = (2e-4, 0.004)
        let verdicts = try report(twin.samples()).verdicts
        #expect(verdicts.worst == .pass, "\(verdicts.map(\.description))")
    }

    @Test func `row: detected and named, swapped channels`() throws {
        var twin = Self.base
        var samples = twin.samples()
        (samples.red, samples.blue) = (samples.blue, samples.red)
        try expect(samples, "channels", .fail, "channels are swapped")
    }

    @Test func `row: detected and named, the end slate instead of the last step`() throws {
        var twin = Self.base
        var samples = twin.samples()
        samples.blue[samples.blue.count - 1] = twin.photograph(ColorTriple(repeating: 0.09))
        try expect(samples, "order of patches", .fail, "end slate")
    }

    @Test func `a dark ramp is refused`() throws {
        var twin = Self.base
        var samples = twin.samples()
        samples.green = samples.green.map { _ in samples.black }
        let refusal = #expect(throws: CalibrationRefusal.self) { try ColorSolution(samples) }
        #expect(refusal?.description.contains("green ramp shows no light") == true)
    }
}

@Suite struct `Colour files` {
    @Test func `samples are read as they were written, and refused by name`() throws {
        var twin = ColorTwin()
        let samples = twin.samples()
        let file = NSTemporaryDirectory() + "samples-\(UUID().uuidString).json"
        defer { try? FileManager.default.removeItem(atPath: file) }
        try JSONEncoder().encode(samples).write(to: URL(fileURLWithPath: file))
        #expect(try ColorSamples.read(file) == samples)
        try Data("{\"wall\": 3}".utf8).write(to: URL(fileURLWithPath: file))
        let refusal = #expect(throws: CalibrationRefusal.self) { try ColorSamples.read(file) }
        #expect(refusal?.description.contains("\(file): wall is of another kind") == true)
        var short = samples
        short.blue.removeLast()
        try JSONEncoder().encode(short).write(to: URL(fileURLWithPath: file))
        let second = #expect(throws: CalibrationRefusal.self) { try ColorSamples.read(file) }
        #expect(second?.description.contains("blue has 15 samples for 16 levels") == true)
    }

    @Test func `OpenVPCal's samples come back as they went`() throws {
        var twin = ColorTwin()
        let samples = twin.openVPCalSamples().measured
        let file = NSTemporaryDirectory() + "samples-\(UUID().uuidString).json"
        defer { try? FileManager.default.removeItem(atPath: file) }
        try samples.write(to: file)
        #expect(try OpenVPCalSamples.read(file) == samples)
        let keys = try JSONSerialization.jsonObject(
            with: Data(contentsOf: URL(fileURLWithPath: file)))
        #expect(
            Set((keys as? [String: Any] ?? [:]).keys) == [
                "grey", "desaturated_rgb", "EOTF_ramp", "EOTF_ramp_signal", "Macbeth",
                "Max_White", "primaries_saturation",
            ])
    }

    @Test func `the look files do what the solution does`() throws {
        var twin = ColorTwin(primaries: ColorTwin.offPrimaries, gamma: ColorTriple(1.06, 1, 0.95))
        let solution = try ColorSolution(twin.samples())
        let linear = solution.linearLook(title: "t")
        let signal = solution.signalLook(title: "t")
        for content in ColorTwin.contents(50, seed: 5) {
            let drive = solution.drive(content: content)
            let straight = linear.applied(to: content)
            #expect(((straight - drive) / drive).max() < 2e-3)
            #expect(((drive - straight) / drive).max() < 2e-3)
            var codes = ColorTriple(0, 0, 0)
            for i in 0..<3 { codes[i] = TransferFunction.pq.signal(light: content[i] * 0.165) }
            let out = signal.applied(to: codes)
            for i in 0..<3 {
                let wanted = TransferFunction.pq.signal(light: drive[i] * 0.165)
                #expect(abs(out[i] - wanted) < 2e-3)
            }
        }
    }
}

@Suite struct `Stored colour vectors` {
    struct File: Decodable {
        struct Gamut: Decodable {
            var primaries_xy: [[Double]]
            var white_xy: [Double]
        }
        struct Pair: Decodable {
            var lab1: [Double]
            var lab2: [Double]
            var dE: Double
        }
        var camera_gamuts: [String: Gamut]
        var delta_e_2000: [Pair]
    }
    static let path = "colour/colour.json"

    @Test(.enabled(if: TestData.has(path), "shared data is absent"))
    func `CIEDE2000 and the cameras' gamuts`() throws {
        let file = try TestData.decode(File.self, from: Self.path)
        for pair in file.delta_e_2000 {
            #expect(
                abs(deltaE2000(ColorTriple(pair.lab1), ColorTriple(pair.lab2)) - pair.dE) < 1e-9)
        }
        for (name, gamut) in file.camera_gamuts {
            let space = PlateSpace(rawValue: name)
            #expect(space != nil, "\(name)")
            let list = space?.primaries.list ?? []
            #expect(list == gamut.primaries_xy + [gamut.white_xy], "\(name)")
        }
    }
}
