import Color
import Foundation
import FrameModel
import Geometry
import StageCalibration
import StageConfig
import StageModel
import StageRun
import StageTwin
import TestSupport
import Testing

/// A small stage that is not as its file says, captured once for all tests of this file.
private struct Practice {
    /// Three rows of eight panels on an arc of 4 m.
    static let stage = """
        stage: small
        frameRate: 24
        outerEyeMeters: [0, 0, 1.4]
        processors:
          - {name: P, width: 512, height: 192, bitDepth: 12, transfer: pq, range: full,
             latencyMilliseconds: 8}
        products:
          - {name: tile, widthMillimeters: 500, heightMillimeters: 500, columns: 64, rows: 64}
        walls:
          - name: arc
            kind: arc
            product: tile
            columns: 8
            rows: 3
            centerMeters: [0, 0, 0.7]
            radiusMeters: 4
            light: {primaries: p3d65, peakNits: 1500}
            canvas: {processor: P, x: 0, y: 0}
        tracking:
          - {name: T, kind: freed, port: 40000}
        cameras:
          - name: A
            source: T
            sensorMillimeters: [24, 13.5]
            imagePixels: [1920, 1080]
            lens: {focalLengthMillimeters: 14}
        outputs:
          - {name: out, processor: P, kind: rtp, host: 127.0.0.1, port: 5004, sampling: rgb,
             depth: 12}

        """

    let folder = TemporaryFolder()
    var stageFile: String { "\(folder.path)/stage.yaml" }
    let twin: CaptureTwin

    init(poses: Int, patches: [Int]) throws {
        try FileManager.default.createDirectory(
            atPath: folder.path, withIntermediateDirectories: true)
        try Data(Self.stage.utf8).write(to: URL(fileURLWithPath: "\(folder.path)/stage.yaml"))
        var options = CaptureTwin.Options.faulty
        (options.poses, options.width) = (poses, 960)
        (options.hold, options.lostEvery) = (1, 0)
        twin = try CaptureTwin(stage: "\(folder.path)/stage.yaml", options: options)
        if poses > 0 { try twin.captureDots(into: folder.path) }
        if !patches.isEmpty { try twin.capturePatches(patches, into: folder.path) }
    }

    var take: String { "\(folder.path)/small-0001.take" }
    var dots: String { "\(folder.path)/dots" }
    var movie: String { "\(folder.path)/patches.mkv logc4 ARRI Wide Gamut 4" }
}

/// A person whose answers are known beforehand, and who writes down what was said.
private final class Script {
    var answers: [String]
    var said: [String] = []
    init(_ answers: [String]) { self.answers = answers }

    var desk: SessionDesk {
        SessionDesk(
            say: { self.said.append($0) },
            ask: { _ in self.answers.isEmpty ? nil : self.answers.removeFirst() }, request: nil,
            wait: { _ in })
    }
}

@Suite(.serialized) struct `A calibration session` {
    /// Three minutes of two cores: `make prove` runs it, as its long form.
    @Test(
        .enabled(
            if: ProcessInfo.processInfo.environment["CYCLORAMA_ALONE"] != nil,
            "takes three minutes: `make prove` runs it"))
    func `solves a wall that is not as its file says, though it was broken off`() throws {
        let practice = try Practice(poses: 14, patches: Array(0..<PatchSet.own))
        let folder = "\(practice.folder.path)/calibration/one"
        func session(_ answers: [String], only step: SessionStep? = nil) throws -> (
            CalibrationSession, [String]
        ) {
            let script = Script(answers)
            var session = try CalibrationSession(
                stage: practice.stageFile, folder: folder, today: "2026-11-22", desk: script.desk)
            try session.run(only: step)
            return (session, script.said)
        }
        // Broken off in the middle of the geometry.
        let (first, _) = try session(["s", "", "y", "y", "y", "y", "s", "", practice.take])
        #expect(first.record.next == .geometry)
        #expect(first.record[.chain].state == .done && first.record[.delay].state == .skipped)
        let (second, said) = try session(
            ["", practice.take, practice.dots, "s", "s", "", "", practice.movie, "", "s"])
        #expect(second.record.next == nil, "\(said)")
        for file in ["geometry-report.json", "color-report.json", "report.html", "poses.json"] {
            #expect(FileManager.default.fileExists(atPath: "\(folder)/\(file)"), "\(file)")
        }
        #expect(second.record[.solve].settings["geometry-report.json"]?.count == 64 * 2 + 1)
        let verdict = try practice.twin.judge(
            try GeometryCaptures.read("\(folder)/poses.json"),
            try GeometryReport.read("\(folder)/geometry-report.json"),
            try ColorSamples.read("\(folder)/samples.json"))
        print("calibration session: \(verdict)")
        #expect(try #require(verdict.statedP50Pixels) > 5)
        #expect(try #require(verdict.registrationP99Pixels) <= 1.5)
        #expect(abs(try #require(verdict.scaleError)) < 5e-4)
        #expect(try #require(verdict.uncorrectedDeltaEITP) > 4)
        #expect(try #require(verdict.meanDeltaEITP) <= 2)
        try harm(folder) { try session($0, only: $1) }
    }

    @Test func `says at each pose whether its dots can be read, where it has the camera's feed`()
        throws
    {
        let practice = try Practice(poses: 1, patches: [])
        let folder = practice.folder.path
        let dots =
            ["-stream_loop", "3", "-framerate", "12", "-start_number", "10000"]
            + ["-i", "\(practice.dots)/%05d.png"]
        func camera(_ input: [String]) throws -> FeedCamera {
            try FeedCamera(in: folder, port: 41_724, input)
        }
        var now = try camera(FeedCamera.flat("960x540", rate: 5))
        let feed = try CameraFeed("\(now.sdp) srgb")
        now.process.waitUntilExit()
        var (said, asked) = ([String](), [String]())
        var desk = SessionDesk(
            say: { said.append($0) },
            ask: { question in
                asked.append(question)
                switch asked.count {
                // The step begins; nothing is sent; somebody stands before the camera; then all is
                // seen.
                case 1, 2: break
                case 3: now = (try? camera(FeedCamera.flat("960x540", rate: 5))) ?? now
                case 4: now = (try? camera(dots)) ?? now
                default: return nil
                }
                return ""
            }, request: { _ in "applied r1" }, wait: { _ in now.process.waitUntilExit() })
        desk.feed = feed
        var session = try CalibrationSession(
            stage: practice.stageFile, folder: "\(folder)/one", today: "2026-11-22", desk: desk)
        try session.run(only: .geometry)
        try #require(asked.count == 5, "\(asked)")
        #expect(asked[1...3].allSatisfy { $0.hasPrefix("Pose 1 of 24:") }, "\(asked)")
        #expect(asked[4].hasPrefix("Pose 2"), "\(asked)")
        #expect(said.contains { $0.contains("no picture came within") }, "\(said)")
        #expect(said.contains { $0.contains("no pair of strips can be read") }, "\(said)")
        #expect(said.count { $0.contains("Nothing of this pose is kept") } == 2, "\(said)")
        #expect(said.contains { $0.contains("captured, dots: ") }, "\(said)")
        // Of the two that were not good nothing is left to be read with the third.
        let kept = try FileManager.default.contentsOfDirectory(
            atPath: "\(folder)/one/recordings/dots-pictures")
        #expect(kept.count == 1)
    }

    /// A capture that is no longer what it was is refused by its name, and nothing is solved.
    private func harm(
        _ folder: String,
        _ session: ([String], SessionStep?) throws -> (CalibrationSession, [String])
    ) throws {
        let path = "\(folder)/captures/patches.mkv"
        var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        bytes[bytes.count / 2] ^= 0x40
        try bytes.write(to: URL(fileURLWithPath: path))
        let (broken, said) = try session([""], .solve)
        #expect(broken.record.next == .solve)
        #expect(said.contains { $0.contains("captures/patches.mkv: its bytes have changed") })
        // Read without its digest, it is refused by name, too.
        let footage = try CameraFootage(path, curve: .logC4)
        let refusal = #expect(throws: CalibrationRefusal.self) {
            try footage.read({ $0.width }) { _ in }
        }
        #expect(refusal?.description.contains("patches.mkv: damaged") == true)
    }
}
