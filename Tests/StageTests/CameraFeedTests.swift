import Foundation
import StageCalibration
import StageRun
import TestSupport
import Testing

/// A camera's feed over RTP, sent by FFmpeg and recorded by a calibration.
@Suite(.serialized) struct `A camera's feed` {
    @Test func `is recorded as it came, and read back picture by picture`() throws {
        let kept = TemporaryFolder()
        let folder = kept.path
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true)
        let camera = try FeedCamera(in: folder, port: 41_720, FeedCamera.flat("160x90"))
        defer { camera.process.terminate() }
        let clips = "\(folder)/clips"
        try FileManager.default.createDirectory(
            atPath: clips, withIntermediateDirectories: true)
        let feed = try CameraFeed("\(camera.sdp) srgb")
        _ = try feed.record(to: "\(clips)/100.mkv") { camera.process.waitUntilExit() }
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: clips) == ["100.mkv"])
        let footage = try CameraFootage(clips, curve: .linear)
        var means: [[Double]] = []
        try footage.read({ picture in
            (0..<3).map { channel in
                stride(from: channel, to: picture.light.count, by: 3)
                    .reduce(0.0) { $0 + Double(picture.light[$1]) }
                    / Double(picture.light.count / 3)
            }
        }) { (result) throws(CalibrationRefusal) in means.append(try result.get()) }
        // Those before the receiver was there are not in it.
        #expect(means.count >= 25 && means.count <= 75)
        let sent = [0x40, 0x80, 0xC0].map { Double($0) / 255 }
        let off = means.flatMap { zip($0, sent).map { abs($0 - $1) } }
        // A code of eight bits: what FFmpeg's way from packed RGB to 16 bits rounds.
        #expect(off.max() ?? 1 < 1.0 / 255)
    }

    @Test func `needs a file and a curve, and says so`() throws {
        let kept = TemporaryFolder()
        let folder = kept.path
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true)
        let missing = #expect(throws: RunError.self) { try CameraFeed("\(folder)/no.sdp srgb") }
        #expect(missing?.description.contains("no.sdp: there is no such file") == true)
        let sdp = "\(folder)/a.sdp"
        try Data("v=0\n".utf8).write(to: URL(fileURLWithPath: sdp))
        let bare = #expect(throws: RunError.self) { try CameraFeed(sdp) }
        #expect(bare?.description.contains("give the curve after it") == true)
        let broken = #expect(throws: RunError.self) {
            try CameraFeed("\(sdp) srgb").record(to: "\(folder)/a.mkv") {}
        }
        #expect(broken?.description.contains("no picture came") == true)
    }
}
