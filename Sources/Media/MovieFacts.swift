import Foundation

/// The largest movie we take, and why.
public enum MovieLimits {
    /// A picture's larger side.
    public static let side = 8192
    /// Pixels of a picture: 4K; a ring of four such pictures takes 600 MB.
    public static let pixels = 4096 * 2304
    /// Pictures of one movie: ten hours at 120 a second.
    public static let pictures: Int64 = 1 << 22
    /// Pictures a second.
    public static let rates = 1.0...240.0
    /// Streams of one file; what has more is no clip of a set.
    static let streams = 64
    /// Packets looked at for the next picture before the file counts as broken.
    static let packets = 4096
    /// Bytes read to learn what a file is.
    static let probeBytes = 16 << 20
    /// A picture so many ahead is decoded up to; farther ones are looked up.
    static let stepMax: Int64 = 64
}

/// What a movie is.
public struct MovieFacts: Sendable, Equatable {
    /// Pixels across.
    public var width: Int
    /// Pixels down.
    public var height: Int
    /// Pictures a second, as a fraction.
    public var rate: (numerator: Int64, denominator: Int64)
    /// Its pictures, on an even grid of that rate.
    public var pictureCount: Int64
    /// Some of it may be seen through.
    public var hasAlpha: Bool
    /// How it is coded, as FFmpeg calls it.
    public var codec: String
    /// Its pictures do not come at even times: each stands on the nearest place of the even grid.
    public var isUneven = false

    /// Pictures a second.
    public var hertz: Double { Double(rate.numerator) / Double(rate.denominator) }

    /// The same in all of it.
    public static func == (a: MovieFacts, b: MovieFacts) -> Bool {
        (a.width, a.height, a.rate.numerator, a.rate.denominator) == (
            b.width, b.height, b.rate.numerator, b.rate.denominator
        ) && (a.pictureCount, a.hasAlpha, a.codec) == (b.pictureCount, b.hasAlpha, b.codec)
            && a.isUneven == b.isUneven
    }
}

/// Reads a movie's pictures, one after the other or anywhere, as scene-linear ACEScg.
///
/// For decoding ahead in a process of its own: codecs see hostile bytes, and may hang.
public protocol MovieReading: AnyObject {
    /// What the movie is.
    var facts: MovieFacts { get }
    /// Its nth picture, R, G, B, A premultiplied, rows top to bottom; after the last one, the last.
    /// The numbers are valid until the next call; the caller may change them.
    func picture(_ index: Int64) throws(PictureFault) -> UnsafeMutableBufferPointer<Float>
}

/// Opening of movies: a file, or pictures with numbers in their names.
public enum Movie {
    /// A movie, ready to be read.
    ///
    /// - Parameters:
    ///   - path: an ordinary file, or the pattern of a sequence, `shot.####.exr`.
    ///   - colorSpace: what the numbers mean; `.auto` asks the file.
    ///   - rate: pictures a second, of a sequence only; nil: 24.
    /// - Throws: one line that names the file and the cause.
    public static func open(
        _ path: String, colorSpace: PictureColorSpace = .auto, rate: Double? = nil
    ) throws(PictureError) -> any MovieReading {
        do throws(PictureFault) {
            if PictureSequence.isPattern(path) {
                return try PictureSequence(path, colorSpace: colorSpace, rate: rate ?? 24)
            }
            guard rate == nil else {
                throw .unsupported("has its own rate – leave `rate` out")
            }
            return try MovieFile(path, colorSpace: colorSpace)
        } catch {
            throw PictureError(path: path, fault: error)
        }
    }

    /// A name that is a movie's by its ending, or a sequence's pattern.
    public static func isName(_ path: String) -> Bool {
        let ending = (path as NSString).pathExtension.lowercased()
        return isSequence(path)
            || ["mov", "mp4", "m4v", "mkv", "webm", "avi", "mxf", "ts"].contains(ending)
    }

    /// The pattern of numbered pictures: `shot.####.exr`.
    public static func isSequence(_ path: String) -> Bool { PictureSequence.isPattern(path) }

    /// The names of a sequence's files in their folder.
    public static func sequence(_ path: String) -> [String] {
        ((try? PictureSequence.files(path)) ?? []).compactMap { file in
            file.map { ($0 as NSString).lastPathComponent }
        }
    }

    /// The files a movie, or a still, is made of, by their names in a folder: itself; the first and
    /// the last one of a sequence, of which one changes when it becomes longer.
    public static func files(of name: String, in folder: String) -> [String] {
        guard PictureSequence.isPattern(name) else { return [name] }
        let files = (try? PictureSequence.files(folder + "/" + name)) ?? []
        return [files.first, files.last].compactMap { $0 ?? nil }.map {
            String($0.dropFirst(folder.utf8.count + 1))
        }
    }
}
