import Foundation
import Glibc

/// `cyclorama run` as a program, on a small stage and scene of its own in a temporary folder.
final class RunningStage {
    static let width = 64
    static let height = 16
    /// The release build of the program beside these tests.
    static let program = URL(filePath: #filePath).appending(
        path: "../../../.build/release/cyclorama"
    )
    .standardizedFileURL.path
    /// Nothing else runs on the machine (Tests/Peers/facts.py), so bars of time hold too.
    ///
    /// Beside the rest of the tests they would be bars of the machine's load.
    static var isAlone: Bool { ProcessInfo.processInfo.environment["CYCLORAMA_ALONE"] != nil }
    static var isBuilt: Bool { FileManager.default.isExecutableFile(atPath: program) }

    let folder: String
    let wire: WireReader
    let trackingPort: UInt16
    private let supervisor: Process
    private let output = Pipe()

    var socketPath: String { "\(folder)/control.sock" }
    var eventsPath: String { "\(folder)/events.log" }
    var isRunning: Bool { supervisor.isRunning }

    /// Starts a stage; it is not waited for.
    init() throws {
        var template = Array("/tmp/cyclorama-run-XXXXXX".utf8CString)
        folder = template.withUnsafeMutableBufferPointer {
            String(cString: mkdtemp($0.baseAddress!))
        }
        wire = try WireReader(width: Self.width, height: Self.height)
        let tracking = try loopbackSocket()
        trackingPort = boundPort(tracking)
        close(tracking)
        try Data(Self.picture).write(to: URL(filePath: "\(folder)/dome.hdr"))
        let text = Self.stage(folder, output: wire.port, tracking: trackingPort)
        try Data(text.utf8).write(to: URL(filePath: "\(folder)/stage.yaml"))
        supervisor = Process()
        supervisor.executableURL = URL(filePath: Self.program)
        supervisor.arguments = [
            "run", "\(folder)/stage.yaml", "--scene", "\(folder)/dome.hdr", "--sdp", folder,
            "--takes", "\(folder)/takes", "--events", eventsPath,
        ]
        supervisor.standardOutput = output
        supervisor.standardError = output
        output.fileHandleForReading.readabilityHandler = { _ = $0.availableData }
        try supervisor.run()
    }

    deinit {
        output.fileHandleForReading.readabilityHandler = nil
        if supervisor.isRunning {
            if let child { kill(child, SIGKILL) }
            kill(supervisor.processIdentifier, SIGKILL)
        }
        try? FileManager.default.removeItem(atPath: folder)
    }

    /// The process that runs the wall: the only child of the supervisor.
    var child: pid_t? {
        let parent = supervisor.processIdentifier
        let all = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return all.compactMap { pid_t($0) }.first { id in
            let text = try? String(contentsOfFile: "/proc/\(id)/stat", encoding: .utf8)
            // pid (name) state ppid: what follows the last bracket is counted.
            let words = text?.split(separator: ")").last?.split(separator: " ") ?? []
            return words.count > 1 && words[0] != "Z" && pid_t(words[1]) == parent
        }
    }

    /// Asks the supervisor to stop as an operator's shell does; its exit code, or nil when it has
    /// not stopped in time.
    func stop(_ signal: Int32 = SIGTERM, seconds: Double = 10) -> Int32? {
        kill(supervisor.processIdentifier, signal)
        let isDone = wire.read(seconds: seconds) { !supervisor.isRunning }
        return isDone ? supervisor.terminationStatus : nil
    }

    /// One request by `cyclorama ctl`, frames being read meanwhile; its exit code and answer.
    func ctl(_ words: String...) throws -> (code: Int32, answer: String) {
        let client = Process()
        let answer = Pipe()
        client.executableURL = URL(filePath: Self.program)
        client.arguments = ["ctl", "--socket", socketPath] + words
        client.standardOutput = answer
        client.standardError = answer
        try client.run()
        guard wire.read(seconds: 10, until: { !client.isRunning }) else {
            client.terminate()
            return (-1, "no answer in 10 s")
        }
        let text = String(decoding: answer.fileHandleForReading.availableData, as: UTF8.self)
        return (client.terminationStatus, text.trimmingCharacters(in: .whitespacesAndNewlines))
    }

    /// A Radiance picture of 16 × 8 pixels: gray, brighter from left to right.
    private static var picture: [UInt8] {
        let header = "#?RADIANCE\nFORMAT=32-bit_rle_rgbe\n\n-Y 8 +X 16\n"
        let pixels = (0..<128).flatMap { index -> [UInt8] in
            let shade = UInt8(60 + index % 16 * 8)
            return [shade, shade, shade, 127]
        }
        return Array(header.utf8) + pixels
    }

    private static func stage(_ folder: String, output: UInt16, tracking: UInt16) -> String {
        """
        stage: small
        frameRate: 60000/1001
        outerEyeMeters: [0, 0, 1.5]
        controlSocket: \(folder)/control.sock
        processors:
          - name: P
            width: \(width)
            height: \(height)
            bitDepth: 10
            transfer: pq
            range: full
            latencyMilliseconds: 8
        products:
          - name: tile
            widthMillimeters: 500
            heightMillimeters: 500
            columns: 16
            rows: 16
        walls:
          - name: wall
            kind: flat
            product: tile
            columns: 4
            rows: 1
            positionMeters: [0, 4, 1.25]
            light: {primaries: rec2020, peakNits: 1500}
            canvas: {processor: P, x: 0, y: 0}
        tracking:
          - name: tracker
            kind: freed
            port: \(tracking)
        cameras:
          - name: A
            source: tracker
            sensorMillimeters: [24, 13.5]
            imagePixels: [1920, 1080]
            lens:
              focalLengthMillimeters: 48
              entrancePupilOffsetMillimeters: 0
        outputs:
          - name: out
            processor: P
            kind: rtp
            host: 127.0.0.1
            port: \(output)
        """
    }
}
