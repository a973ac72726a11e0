import Foundation

/// A camera with a feed: FFmpeg sends pictures, uncompressed, as RTP to a port of this machine.
struct FeedCamera {
    let process = Process()
    let sdp: String

    /// - Parameters:
    ///   - folder: where the SDP file is written.
    ///   - input: FFmpeg's arguments that name what is sent, at its own rate.
    init(in folder: String, port: Int, _ input: [String]) throws {
        sdp = "\(folder)/camera.sdp"
        try? FileManager.default.removeItem(atPath: sdp)
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments =
            ["ffmpeg", "-nostdin", "-v", "error", "-re"] + input + [
                "-pix_fmt", "rgb24", "-c:v", "rawvideo", "-f", "rtp", "-sdp_file", sdp,
                "rtp://127.0.0.1:\(port)?pkt_size=1400",
            ]
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        process.standardInput = FileHandle.nullDevice
        try process.run()
        // The program ends of itself, and so does this.
        func isTold() -> Bool {
            (try? String(contentsOfFile: sdp, encoding: .utf8))?.contains("m=video") == true
        }
        while !isTold(), process.isRunning { sched_yield() }
    }

    /// Three seconds of a flat color.
    static func flat(_ size: String, rate: Int = 25) -> [String] {
        ["-f", "lavfi", "-i", "color=c=0x4080C0:s=\(size):r=\(rate):d=3,format=rgb24"]
    }
}
