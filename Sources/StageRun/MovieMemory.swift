import FrameLoop
import FrameModel
import Glibc
import Platform

/// A movie's ring in memory two processes share, and before its slots which movie it is.
///
/// `@unchecked Sendable` holds because the addresses never change, and `MovieRing` says who may
/// touch what.
final class MovieMemory: @unchecked Sendable {
    /// Behind the ring's words in its head.
    private struct Label: BitwiseCopyable {
        var seal: UInt64
        var movie: PreparedMovie
        var period: Double
    }

    private static let seal: UInt64 = 0x6379_635f_6d6f_7631
    private static let labelPlace = 1024

    /// The ring.
    let ring: MovieRing
    /// The movie, as the scene was baked.
    let movie: PreparedMovie
    /// Seconds from frame to frame of the stage.
    let period: Double
    /// What a child inherits.
    let descriptor: Int32
    /// Bytes of it.
    let byteCount: Int
    private let memory: UnsafeMutableRawPointer

    /// A new ring of a movie.
    ///
    /// Throws one sentence when there is no memory for it.
    init(_ movie: PreparedMovie, period: Double) throws {
        (self.movie, self.period) = (movie, period)
        byteCount = MovieRing.byteCount(picture: movie.byteCount)
        descriptor = try Threads.memoryFile(name: "cyclorama-movie")
        var mapped: UnsafeMutableRawPointer?
        // It keeps its size: one that a decoder cut would end the wall with the next picture.
        if Threads.size(memoryFile: descriptor, to: byteCount) {
            // Touched now: no frame waits for a page.
            mapped = mmap(
                nil, byteCount, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, descriptor, 0)
        }
        guard let mapped, mapped != MAP_FAILED else {
            close(descriptor)
            throw RunError("there is no memory for \(byteCount >> 20) MB of pictures of a movie")
        }
        memory = mapped
        ring = MovieRing(memory, picture: movie.byteCount)
        (memory + Self.labelPlace).storeBytes(
            of: Label(seal: Self.seal, movie: movie, period: period), as: Label.self)
    }

    /// The ring a parent has made; nil when the descriptor is none.
    init?(inherited descriptor: Int32) {
        self.descriptor = descriptor
        var facts = stat()
        guard fstat(descriptor, &facts) == 0, facts.st_size > MovieRing.headSize,
            let mapped = mmap(
                nil, Int(facts.st_size), PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0),
            mapped != MAP_FAILED
        else { return nil }
        let label = (mapped + Self.labelPlace).load(as: Label.self)
        guard label.seal == Self.seal,
            Int(facts.st_size) == MovieRing.byteCount(picture: label.movie.byteCount)
        else { return nil }
        (memory, movie, period, byteCount) = (
            mapped, label.movie, label.period, Int(facts.st_size)
        )
        ring = MovieRing(memory, picture: movie.byteCount)
    }

    deinit {
        munmap(memory, byteCount)
        close(descriptor)
    }
}
