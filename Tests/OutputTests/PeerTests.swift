import Foundation
import Testing

/// Real receivers on loopback.
///
/// Every format against every peer runs in `Tests/Peers/rtp_matrix.sh`
/// and the framebuffer in `Tests/Peers/qemu_framebuffer.sh` (`make prove`); here the quick ones.
@Suite(.serialized) struct PeerTests {
    private static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    private static let cyclorama = root.appendingPathComponent(".build/release/cyclorama").path
    private static let strictReceiver =
        (ProcessInfo.processInfo.environment["CYCLORAMA_TEST_TOOLS"]
            ?? root.appendingPathComponent("../shared/tools").path) + "/st2110_recv.py"

    private static func has(_ tools: String...) -> Bool {
        let files = FileManager.default
        return files.isExecutableFile(atPath: cyclorama)
            && tools.allSatisfy { tool in
                if tool.hasPrefix("/") { return files.isReadableFile(atPath: tool) }
                return (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
                    .contains { files.isExecutableFile(atPath: "\($0)/\(tool)") }
            }
    }

    private func run(_ script: String, _ arguments: String...) throws -> (Int32, String) {
        let process = Process()
        process.executableURL = PeerTests.root.appendingPathComponent("Tests/Peers/\(script)")
        process.arguments = [PeerTests.cyclorama] + arguments
        let output = Pipe()
        process.standardOutput = output
        process.standardError = output
        try process.run()
        let text = String(
            decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return (process.terminationStatus, text)
    }

    @Test(
        .enabled(if: PeerTests.has("python3", PeerTests.strictReceiver)),
        arguments: ["rgb8", "rgb10", "rgb12", "422-8", "422-10"])
    func `a strict receiver finds no rule broken and every octet`(format: String) throws {
        let (status, text) = try run("strict_rtp.sh", format, "640", "360", "noise")
        #expect(status == 0, "\(text)")
    }

    @Test(
        .enabled(if: PeerTests.has("gst-launch-1.0", "python3")), arguments: ["rgb8", "422-10"])
    func `GStreamer receives every octet from our description`(format: String) throws {
        let (status, text) = try run("gstreamer_rtp.sh", format, "320", "64", "noise")
        #expect(status == 0, "\(text)")
    }

    @Test(.enabled(if: PeerTests.has("ffmpeg", "python3")), arguments: ["rgb8", "422-10"])
    func `FFmpeg receives every octet from our description`(format: String) throws {
        let (status, text) = try run("ffmpeg_rtp.sh", format, "640", "360", "chart")
        #expect(status == 0, "\(text)")
    }
}
