import Foundation
import Media

/// What a camera recorded: a movie, or a folder of movies and stills, in the order of their names.
///
/// Movies are taken apart by the `ffmpeg` program, in a process of its own; a file that is damaged
/// is refused by its name. Nothing is written.
public struct CameraFootage: Sendable {
    /// The folder or movie.
    public let path: String
    /// What code values mean; nil: sRGB in stills of whole numbers, light in those of floats.
    public let curve: CameraCurve?
    /// Pictures at hand at once.
    private static let batch = 8

    let spacing: Double
    private let movies: [String]
    private let stills: [String]
    /// Endings of files of a folder that are movies.
    private static let endings: Set<String> = ["mkv", "mov", "mp4", "mxf", "avi", "m4v"]

    /// Footage at a path; `curve` has to be given for movies.
    ///
    /// - Parameter spacing: of a movie's pictures those are read that are so many seconds after the
    ///   last one read; 0: all. Stills are all read.
    public init(
        _ path: String, curve: CameraCurve? = nil, spacing: Double = 0
    ) throws(CalibrationRefusal) {
        self.spacing = spacing
        self.path = path
        self.curve = curve
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
            throw CalibrationRefusal(
                "\(path): there is no such file", advice: "give a folder of pictures, or a movie")
        }
        guard isFolder.boolValue else {
            (movies, stills) = ([path], [])
            try needCurve()
            return
        }
        let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
        let all = names.filter { !$0.hasPrefix(".") }.sorted()
        guard !all.isEmpty else {
            throw CalibrationRefusal("\(path): no pictures", advice: "put the camera's there")
        }
        guard all.count <= CalibrationLimits.pictures else {
            throw CalibrationRefusal(
                "\(path): \(all.count) files", advice: "\(CalibrationLimits.pictures) at most")
        }
        let files = all.map { "\(path)/\($0)" }
        movies = files.filter(Self.isMovie)
        stills = files.filter { !Self.isMovie($0) }
        try needCurve()
    }

    private func needCurve() throws(CalibrationRefusal) {
        guard curve == nil, !movies.isEmpty else { return }
        throw CalibrationRefusal(
            "\(path): what its code values mean is not known",
            advice: "give the curve: \(CameraCurve.names)")
    }

    private static func isMovie(_ file: String) -> Bool {
        endings.contains(URL(fileURLWithPath: file).pathExtension.lowercased())
    }

    /// Makes something of each picture, several at a time, and hands it on in their order.
    ///
    /// A still that cannot be read is handed on as a refusal; a movie that is damaged ends with
    /// one, after what comes before the damage.
    public func read<Value: Sendable>(
        _ make: @escaping @Sendable (FootagePicture) -> Value,
        then take: (Result<Value, CalibrationRefusal>) throws(CalibrationRefusal) -> Void
    ) throws(CalibrationRefusal) {
        for movie in movies { try readMovie(movie, make, then: take) }
        for start in stride(from: 0, to: stills.count, by: Self.batch) {
            let some = Array(stills[start..<min(stills.count, start + Self.batch)])
            let made = Self.concurrently(some.count) { index in
                Result { () throws(CalibrationRefusal) in
                    make(try Self.still(some[index], curve: curve))
                }
            }
            for one in made { try take(one) }
        }
    }

    /// Results of independent work, in order.
    static func concurrently<Value: Sendable>(
        _ count: Int, _ work: @escaping @Sendable (Int) -> Value
    ) -> [Value] {
        var results = [Value?](repeating: nil, count: count)
        results.withUnsafeMutableBufferPointer { buffer in
            // Holds because each piece writes only its own place, and the call returns last.
            nonisolated(unsafe) let all = buffer
            DispatchQueue.concurrentPerform(iterations: count) { all[$0] = work($0) }
        }
        return results.compactMap { $0 }
    }

    /// A still, its numbers read as they are in the file.
    private static func still(
        _ path: String, curve: CameraCurve?
    ) throws(CalibrationRefusal) -> FootagePicture {
        let plane: LinearPicture
        do {
            // Pictures are read to ACEScg: by that name its numbers come through unchanged.
            plane = try PictureFile.read(path, colorSpace: .acesCG)
        } catch {
            throw CalibrationRefusal("\(error)", advice: "record or copy it again")
        }
        let first = FileHandle(forReadingAtPath: path)?.readData(ofLength: 2) ?? Data()
        let isFloat = first == Data([0x76, 0x2F]) || first == Data("#?".utf8)
        let curve = curve ?? (isFloat ? .linear : .sRGB)
        let light = (0..<plane.width * plane.height).flatMap { pixel in
            (0..<3).map { plane.pixels[4 * pixel + $0] }
        }
        return FootagePicture(
            name: path, width: plane.width, height: plane.height,
            light: curve == .linear
                ? light : light.map { Float(curve.light(code: Double($0))) },
            clip: isFloat ? .infinity : Float(curve.light(code: 0.998)))
    }
}
