import Foundation

/// Writes pictures as an FFV1 movie by the `ffmpeg` program.
struct MovieWriter {
    private let process = Process()
    private let pictures = Pipe()
    private let path: String

    /// A movie of pictures of a size; replaces a file that is there.
    init(_ path: String, width: Int, height: Int, rate: Double) throws {
        self.path = path
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [
            "ffmpeg", "-nostdin", "-v", "error", "-y", "-f", "rawvideo", "-pix_fmt", "rgb48le",
            "-s", "\(width)x\(height)", "-r", "\(rate)", "-i", "-", "-c:v", "ffv1", "-level", "3",
            "-slicecrc", "1", "-pix_fmt", "gbrp16le", "file:\(path)",
        ]
        process.standardInput = pictures
        do { try process.run() } catch {
            throw RunError(
                "the ffmpeg program cannot be run – install it: movies are written by it")
        }
    }

    /// Adds a picture: code values 0 … 1, red, green, blue of each pixel.
    func add(_ codes: [Float]) throws {
        var words = [UInt16](repeating: 0, count: codes.count)
        for (at, code) in codes.enumerated() {
            words[at] = UInt16(max(0, min(65535, (code * 65535).rounded()))).littleEndian
        }
        let bytes = words.withUnsafeBytes { Data($0) }
        do { try pictures.fileHandleForWriting.write(contentsOf: bytes) } catch {
            throw RunError("\(path): cannot be written – check the disk's free space")
        }
    }

    /// Ends the movie.
    func finish() throws {
        try? pictures.fileHandleForWriting.close()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw RunError("\(path): cannot be written – check the disk's free space")
        }
    }
}
