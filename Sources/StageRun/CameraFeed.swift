import Foundation
import Platform
import StageCalibration
import Timing

/// A camera's picture as it comes over the network: RTP, told by an SDP file.
///
/// A calibration records it itself while it shows its patterns.
/// The `ffmpeg` program receives it and writes it without loss (FFV1), in a process of its own.
public struct CameraFeed: Sendable {
    /// The SDP file, and what the feed's code values mean.
    let words: FootageWords
    /// How long the first picture may take, seconds.
    private static let patience = 15.0
    /// How long the program may take to end its file, seconds.
    private static let ending = 20.0

    /// A feed as a person names it: `camera.sdp logc4 ARRI Wide Gamut 4`.
    public init(_ text: String) throws {
        words = FootageWords(text)
        guard FileManager.default.isReadableFile(atPath: words.path) else {
            throw RunError(
                "\(words.path): there is no such file – give the SDP of the camera's feed, then "
                    + "its curve and primaries, as `camera.sdp logc4 ARRI Wide Gamut 4`")
        }
        guard words.curve != nil else {
            throw RunError(
                "\(words.path): what its code values mean is not known – give the curve after it: "
                    + CameraCurve.names)
        }
    }

    /// Runs `work` while the feed is recorded, from its first picture on, to a file of FFV1 in
    /// Matroska.
    ///
    /// Returns what the program had to say of lost or damaged packets, if anything.
    package func record(to path: String, _ work: () throws -> Void) throws -> String? {
        // A file, as a pipe nobody reads would stop the program when it is full.
        let said = path + ".log"
        guard FileManager.default.createFile(atPath: said, contents: nil) else {
            throw RunError("\(said): cannot be written – check the folder and its space")
        }
        defer { try? FileManager.default.removeItem(atPath: said) }
        let arguments = [
            "-protocol_whitelist", "file,udp,rtp",
            // A picture of 20 MB comes at once.
            "-buffer_size", "67108864", "-i", "file:\(words.path)", "-map", "0:v:0",
            "-fps_mode", "passthrough", "-c:v", "ffv1", "-level", "3", "-slicecrc", "1",
            // The file's head is there with the first picture.
            "-flush_packets", "1", "file:\(path)",
        ]
        let process = try Self.start(arguments, complaints: FileHandle(forWritingAtPath: said))
        func complaint() -> String? {
            let text = (try? String(contentsOfFile: said, encoding: .utf8)) ?? ""
            return text.split(separator: "\n").first.map { String($0.prefix(200)) }
        }
        Self.wait(Self.patience) { Self.size(path) == 0 && process.isRunning }
        guard Self.size(path) > 0, process.isRunning else {
            Self.end(process)
            throw RunError(
                "\(words.path): no picture came within \(Int(Self.patience)) s"
                    + (complaint().map { " (\($0))" } ?? "")
                    + " – is the camera's feed on, to the address and port the file names?")
        }
        do { try work() } catch {
            Self.end(process)
            throw error
        }
        guard process.isRunning else {
            throw RunError("\(words.path): the feed broke off (\(complaint() ?? "no reason told"))")
        }
        Self.end(process)
        return complaint()
    }

    /// Takes a recording apart into pictures, PNG of 16 bits with the feed's code values.
    static func takeApart(_ movie: String, into folder: String) throws {
        try makeFolder(folder)
        let process = try start([
            "-i", "file:\(movie)", "-fps_mode", "passthrough", "-pix_fmt", "rgb48be",
            "file:\(folder)/%05d.png",
        ])
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw RunError("\(movie): cannot be taken apart – is there space on the disk?")
        }
    }

    /// Starts the program; what it complains of goes to a file, or to our standard error.
    private static func start(
        _ arguments: [String], complaints: FileHandle? = .standardError
    ) throws -> Process {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["ffmpeg", "-nostdin", "-v", "error"] + arguments
        process.standardError = complaints
        process.standardOutput = FileHandle.nullDevice
        process.standardInput = FileHandle.nullDevice
        do { try process.run() } catch {
            throw RunError("the ffmpeg program cannot be run – install it: feeds are read by it")
        }
        return process
    }

    /// Waits while something is so, at most some seconds.
    private static func wait(_ seconds: Double, while isSo: () -> Bool) {
        let deadline = Clocks.now() + Int64(seconds * 1e9)
        while isSo(), Clocks.now() < deadline { Clocks.sleep(until: Clocks.now() + 20_000_000) }
    }

    private static func size(_ path: String) -> Int {
        (try? FileManager.default.attributesOfItem(atPath: path))?[.size] as? Int ?? 0
    }

    /// Has the program write the end of its file; one that hangs is ended.
    private static func end(_ process: Process) {
        guard process.isRunning else { return }
        process.interrupt()
        wait(ending) { process.isRunning }
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
        process.waitUntilExit()
    }
}
