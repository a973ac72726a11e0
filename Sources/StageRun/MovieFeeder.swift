package import FrameLoop
package import FrameModel
package import Media
package import Scenes

/// Decodes a movie ahead into its ring: the pictures that the frames to come will ask for, over the
/// seam of a loop, at any speed, in the order they are needed.
///
/// In a process of its own while a stage runs, in the replay's own thread there.
package final class MovieFeeder {
    private let ring: MovieRing
    private let movie: PreparedMovie
    private let bake: MoviePictureBake
    private let period: Double
    /// Frames that go by until a picture begun now is there: one that is behind leaves out what is
    /// due before.
    package var lag: Int64 = 0
    /// Frames looked ahead for pictures, at most: of a movie that hardly moves.
    private static let framesAhead = 1024

    /// A feeder of a movie's ring.
    /// - Parameter period: seconds from frame to frame of the stage.
    package init(
        _ ring: MovieRing, _ movie: PreparedMovie, _ bake: MoviePictureBake, period: Double
    ) {
        (self.ring, self.movie, self.bake, self.period) = (ring, movie, bake, period)
    }

    /// Decodes the picture that is needed next; false when all are there.
    package func step() throws(PictureError) -> Bool {
        let (due, isPlaying) = upcoming()
        let missing = due.filter { !ring.holds($0.number) }
        guard let first = missing.first, let last = missing.last else { return false }
        // In order, as a file is read best; but what is late already does not make the rest late.
        let isBehind = isPlaying && first.number == due[0].number
        let wanted = first.frame + (isBehind ? lag : 0)
        let next = missing.first { $0.frame >= wanted } ?? last
        return try put(next.number, keeping: due.map(\.number))
    }

    /// Decodes one picture, unless it is there; false when all slots are in use.
    package func provide(_ number: Int64) throws(PictureError) -> Bool {
        if ring.holds(number) { return true }
        return try put(number, keeping: [])
    }

    private func put(_ number: Int64, keeping needed: [Int64]) throws(PictureError) -> Bool {
        var fault: PictureError?
        let isThere = ring.put(number, keeping: needed) { memory in
            do throws(PictureError) {
                try bake.write(number, of: movie, into: memory)
                return true
            } catch {
                fault = error
                return false
            }
        }
        if let fault { throw fault }
        return isThere
    }

    /// The pictures to come and the frames they are due at, as many as there is room for, the one
    /// of the frame that is drawn first; and whether frames go by.
    private func upcoming() -> (due: [(number: Int64, frame: Int64)], isPlaying: Bool) {
        var begin = MovieTransport(since: 0)
        begin.speed = movie.speed
        let told = ring.told
        var (transport, frame) = told ?? (begin, 0)
        let isPlaying = told?.transport.isPlaying ?? false
        // One slot is drawn, one is free to be filled.
        let room = ring.slotCount - 2
        let now = movie.wanted(transport, at: frame, period: period)
        var due = [(number: now, frame: frame)]
        if !transport.isPlaying {
            // Ready to go on from where it stands.
            transport.frame = frame
            transport.isPlaying = true
        }
        for ahead in 1..<Int64(Self.framesAhead) where due.count < room {
            let number = movie.wanted(transport, at: frame + ahead, period: period)
            if !due.contains(where: { $0.number == number }) {
                due.append((number, frame + ahead))
            }
        }
        return (due, isPlaying)
    }
}
