import Foundation

extension CameraFootage {
    /// A movie's pictures as the `ffmpeg` program tells them: one PPM of 16 bits after the other,
    /// each with its size at its head.
    func readMovie<Value: Sendable>(
        _ path: String, _ make: @escaping @Sendable (FootagePicture) -> Value,
        then take: (Result<Value, CalibrationRefusal>) throws(CalibrationRefusal) -> Void
    ) throws(CalibrationRefusal) {
        let curve = curve ?? .linear
        let table = (0..<65536).map { Float(curve.light(code: Double($0) / 65535)) }
        var movie = try MovieFrames(path, spacing: spacing)
        defer { movie.end() }
        var count = 0
        while true {
            var some: [MovieFrames.Frame] = []
            while some.count < 8, let frame = try movie.next() { some.append(frame) }
            guard !some.isEmpty else { break }
            let (frames, first) = (some, count)
            count += some.count
            guard count <= CalibrationLimits.pictures else {
                throw CalibrationRefusal(
                    "\(path): more than \(CalibrationLimits.pictures) pictures",
                    advice: "cut it to what was captured")
            }
            let made = Self.concurrently(frames.count) { index in
                make(frames[index].picture(name: "\(path), picture \(first + index)", table))
            }
            for one in made { try take(.success(one)) }
        }
        try movie.finish(after: count)
    }
}

/// A movie on its way through the `ffmpeg` program.
struct MovieFrames {
    /// A picture of 16-bit codes, the high byte first.
    struct Frame: Sendable {
        var width: Int
        var height: Int
        var codes: Data

        /// The picture as light, by a table of all codes.
        func picture(name: String, _ table: [Float]) -> FootagePicture {
            let count = width * height * 3
            let light = [Float](unsafeUninitializedCapacity: count) { out, made in
                codes.withUnsafeBytes { (bytes: UnsafeRawBufferPointer) in
                    for at in 0..<count {
                        let (high, low) = (Int(bytes[2 * at]), Int(bytes[2 * at + 1]))
                        out[at] = table[high * 256 + low]
                    }
                }
                made = count
            }
            return FootagePicture(
                name: name, width: width, height: height, light: light, clip: table[65400])
        }
    }

    private let path: String
    private let process = Process()
    private let pictures = Pipe()
    private let complaints = Pipe()

    init(_ path: String, spacing: Double) throws(CalibrationRefusal) {
        self.path = path
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        // A damaged picture ends the reading: none is made up.
        let input = [
            "ffmpeg", "-nostdin", "-v", "error", "-xerror", "-err_detect", "crccheck+explode",
            "-i", "file:\(path)", "-map", "0:v:0",
        ]
        let chosen = "select='isnan(prev_selected_t)+gte(t-prev_selected_t,\(spacing))'"
        let output = [
            "-fps_mode", "passthrough", "-f", "image2pipe", "-c:v", "ppm", "-pix_fmt", "rgb48be",
            "-",
        ]
        process.arguments = input + (spacing > 0 ? ["-vf", chosen] : []) + output
        process.standardOutput = pictures
        process.standardError = complaints
        process.standardInput = FileHandle.nullDevice
        do { try process.run() } catch {
            throw CalibrationRefusal(
                "the ffmpeg program cannot be run", advice: "install it: movies are read by it")
        }
    }

    /// The next picture; nil at the end.
    mutating func next() throws(CalibrationRefusal) -> Frame? {
        guard let kind = try word() else { return nil }
        guard kind == "P6", let width = Int(try word() ?? ""), let height = Int(try word() ?? ""),
            try word() == "65535", width > 0, height > 0, width <= CalibrationLimits.mapSide,
            height <= CalibrationLimits.mapSide
        else { throw damaged("not a picture we know") }
        let codes = try bytes(width * height * 6)
        guard codes.count == width * height * 6 else { return nil }
        return Frame(width: width, height: height, codes: codes)
    }

    /// Throws where the program found fault with the movie, or nothing in it.
    mutating func finish(after count: Int) throws(CalibrationRefusal) {
        let said = (try? complaints.fileHandleForReading.readToEnd()) ?? Data()
        process.waitUntilExit()
        let line =
            String(decoding: said.prefix(400), as: UTF8.self)
            .split(separator: "\n").first.map(String.init) ?? ""
        // A slice whose checksum is wrong is told, and a picture made up for it all the same.
        guard process.terminationStatus == 0, line.isEmpty else {
            throw damaged(line, after: count)
        }
        guard count > 0 else { throw damaged("it has no picture") }
    }

    /// Ends the program if it still runs.
    mutating func end() {
        if process.isRunning { process.terminate() }
    }

    private func damaged(_ what: String, after count: Int? = nil) -> CalibrationRefusal {
        let place = count.map { " after \($0) pictures" } ?? ""
        return CalibrationRefusal(
            "\(path): damaged\(place): \(what)", advice: "copy it again from the camera")
    }

    /// What stands up to the next white space.
    private func word() throws(CalibrationRefusal) -> String? {
        var text = ""
        while text.count < 16 {
            let byte = try bytes(1)
            guard let first = byte.first else { return text.isEmpty ? nil : text }
            if first <= 0x20 {
                if text.isEmpty { continue }
                return text
            }
            text.append(Character(UnicodeScalar(first)))
        }
        return text
    }

    private func bytes(_ count: Int) throws(CalibrationRefusal) -> Data {
        var data = Data()
        do {
            while data.count < count,
                let more = try pictures.fileHandleForReading.read(upToCount: count - data.count),
                !more.isEmpty
            {
                data = data.isEmpty ? more : data + more
            }
        } catch {
            throw damaged("its pictures cannot be read")
        }
        return data
    }
}
