import Foundation

/// Movies made by the ffmpeg program, of pictures a test draws.
public enum MovieMaker {
    /// Where the program is.
    public static let program = "/usr/bin/ffmpeg"
    /// It is there.
    public static var isThere: Bool { FileManager.default.isExecutableFile(atPath: program) }

    /// How a movie is coded: arguments of ffmpeg and the file's ending.
    public struct Codec: Sendable, CustomStringConvertible {
        /// Arguments after the input.
        public var arguments: [String]
        /// Ending of the file's name.
        public var ending: String
        /// For the names of tests.
        public var description: String

        /// ProRes 422.
        public static let proRes = Codec(
            arguments: ["-c:v", "prores_ks", "-profile:v", "1", "-pix_fmt", "yuv422p10le"],
            ending: "mov", description: "ProRes")
        /// ProRes 4444 with alpha.
        public static let proRes4444 = Codec(
            arguments: ["-c:v", "prores_ks", "-profile:v", "4", "-pix_fmt", "yuva444p10le"],
            ending: "mov", description: "ProRes 4444")
        /// H.264 with B pictures, a key picture in 24.
        public static let h264 = Codec(
            arguments: [
                "-c:v", "libx264", "-preset", "ultrafast", "-crf", "12", "-bf", "2", "-g", "24",
                "-pix_fmt", "yuv420p",
            ], ending: "mp4", description: "H.264")
        /// H.265 of ten bits.
        public static let h265 = Codec(
            arguments: [
                "-c:v", "libx265", "-preset", "ultrafast", "-crf", "12", "-x265-params",
                "log-level=none", "-pix_fmt", "yuv420p10le",
            ], ending: "mp4", description: "H.265")
        /// HAP.
        public static let hap = Codec(
            arguments: ["-c:v", "hap"], ending: "mov", description: "HAP")
    }

    /// A movie's file, tagged as Rec.709.
    /// - Parameters:
    ///   - rate: pictures a second, as ffmpeg writes it.
    ///   - layout: pixel format of what `picture` gives, as ffmpeg names it.
    public static func write(
        _ path: String, _ codec: Codec, width: Int, height: Int, rate: String, count: Int,
        layout: String = "gray", picture: (Int) -> [UInt8]
    ) throws {
        let process = Process()
        let input = Pipe()
        process.executableURL = URL(filePath: program)
        process.arguments =
            [
                "-v", "error", "-y", "-f", "rawvideo", "-pix_fmt", layout, "-s",
                "\(width)x\(height)", "-r", rate, "-i", "-",
            ] + codec.arguments + [
                "-threads", "2", "-vf",
                "setparams=colorspace=bt709:color_primaries=bt709:color_trc=bt709", "-colorspace",
                "bt709", "-color_primaries", "bt709", "-color_trc", "bt709", "-color_range", "tv",
                path,
            ]
        process.standardInput = input
        try process.run()
        for index in 0..<count {
            try input.fileHandleForWriting.write(contentsOf: Data(picture(index)))
        }
        try input.fileHandleForWriting.close()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw CocoaError(.fileWriteUnknown, userInfo: [NSFilePathErrorKey: path])
        }
    }
}

/// A number burnt into a picture: upright bars, light or dark, in Gray code between one light and
/// one dark bar.
public enum BurntNumber {
    /// Bits of a number.
    public static let bits = 16
    private static let bars = bits + 2

    /// Grays 0 … 255 of a picture with a number.
    public static func gray(_ number: Int, width: Int, height: Int) -> [UInt8] {
        let code = number ^ number >> 1
        let row = (0..<width).map { x -> UInt8 in
            let bar = x * bars / width
            let isLight = bar == 0 || bar <= bits && code >> (bar - 1) & 1 == 1
            return isLight ? 255 : 0
        }
        return (0..<height).flatMap { _ in row }
    }

    /// The number a row of light shows; nil when its bars are neither light nor dark.
    public static func read(_ row: [Double]) -> Int? {
        func bar(_ index: Int) -> Double { row[(2 * index + 1) * row.count / (2 * bars)] }
        let (light, dark) = (bar(0), bar(bits + 1))
        guard light > 2 * max(0.001, dark) else { return nil }
        var code = 0
        for bit in 0..<bits {
            let share = (bar(bit + 1) - dark) / (light - dark)
            guard share < 0.25 || share > 0.75 else { return nil }
            if share > 0.5 { code |= 1 << bit }
        }
        var number = code
        for shift in [1, 2, 4, 8] { number ^= number >> shift }
        return number
    }
}
