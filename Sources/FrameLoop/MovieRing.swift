public import FrameModel
import Synchronization

/// Pictures of a movie in memory that a decoder in another process shares: it fills slots ahead of
/// time, the loop picks the one for its frame, nobody waits.
///
/// A page of words, then the slots. A slot's word says which picture it holds and who has it; the
/// decoder takes slots that are nobody's, the loop holds the one it draws. All of it may be
/// scribbled on by a decoder gone wild: sizes and places come from this side, never from the words,
/// and then the pixels are wrong.
///
/// Plain pointers; whoever made the memory keeps it while a ring is used. One thread picks, one
/// process fills.
public struct MovieRing: BitwiseCopyable, @unchecked Sendable {
    // Unchecked holds: the words are atomic, and a slot's bytes belong to whom its word says.

    /// Slots a ring can have.
    public static let slotsMax = 16
    /// Bytes before the first slot.
    public static let headSize = 4096
    /// Bytes of slots a ring takes where it can choose: a quarter of a second of 1080p24.
    private static let bytesWanted = 256 << 20
    /// Fewer cannot be ahead: one is drawn, one filled.
    private static let slotsMin = 4

    /// Words of the head, 8 bytes each.
    private enum Word: Int {
        /// What the decoder has done, ever growing: it is alive.
        case beat = 0
        /// The frame of live state that is drawn, and how the movie plays (`MovieTransport`).
        case frame, since, seconds, speed, flags
        /// What the last frame asked for, what it showed, and how many had to do without.
        case wanted, shown, late
        /// First of the slots' words.
        case slots = 16
    }

    private enum Owner {
        static let nobody: UInt64 = 0
        static let decoder: UInt64 = 1
        static let ready: UInt64 = 2
        static let loop: UInt64 = 3
        static let mask: UInt64 = 3
    }

    private let memory: UnsafeMutableRawPointer
    /// Slots.
    public let slotCount: Int
    /// Bytes from one slot to the next.
    private let stride: Int

    /// A ring over zeroed memory of `byteCount(picture:)`, or over that of another process.
    public init(_ memory: UnsafeMutableRawPointer, picture bytes: Int) {
        self.memory = memory
        slotCount = MovieRing.slots(picture: bytes)
        stride = MovieRing.stride(bytes)
    }

    private static func stride(_ picture: Int) -> Int { (picture + 4095) & ~4095 }

    private static func slots(picture: Int) -> Int {
        max(slotsMin, min(slotsMax, bytesWanted / stride(max(1, picture))))
    }

    /// Bytes of memory for a ring of pictures of so many.
    public static func byteCount(picture: Int) -> Int {
        headSize + slots(picture: picture) * stride(picture)
    }

    private func word(_ word: Word, _ index: Int = 0) -> UnsafeMutablePointer<Atomic<UInt64>> {
        (memory + 8 * (word.rawValue + index)).assumingMemoryBound(to: Atomic<UInt64>.self)
    }

    private func load(_ place: Word) -> UInt64 { word(place).pointee.load(ordering: .relaxed) }

    private func store(_ value: UInt64, _ place: Word) {
        word(place).pointee.store(value, ordering: .relaxed)
    }

    private func bytes(of slot: Int) -> UnsafeMutableRawPointer {
        memory + MovieRing.headSize + slot * stride
    }

    // MARK: - The loop's side

    /// The picture for a frame: the one it asks for, else the last one that was due, else what it
    /// showed before.
    ///
    /// The slot shown before is given back as soon as there is another. True: what it asked for was
    /// not there.
    /// - Frame path: yes
    public func pick(
        _ movie: PreparedMovie, _ transport: MovieTransport, at frame: Int64, period: Double,
        _ held: UnsafeMutablePointer<HeldPicture>
    ) -> Bool {
        let wanted = movie.wanted(transport, at: frame, period: period)
        tell(transport, at: frame)
        store(UInt64(wanted), .wanted)
        if held.pointee.number == wanted { return false }
        let isBackward = transport.rate < 0
        let end = movie.pictureCount &* MovieNumber.steps
        func age(_ number: Int64) -> Int64 {
            guard number >= 0, number < end else { return .max }
            let age = isBackward ? number &- wanted : wanted &- number
            return age >= 0 ? age : movie.isLooping ? age &+ end : .max
        }
        // Of what was decoded ahead: of a fast movie every nth.
        let stride = Int64(max(1, min(16, transport.rate.magnitude)).rounded(.up))
        let reach = Int64(slotCount) &* MovieNumber.steps &* stride
        var best = min(age(held.pointee.number), reach)
        var found = -1
        for slot in 0..<slotCount {
            let state = word(.slots, slot).pointee.load(ordering: .acquiring)
            guard state & Owner.mask == Owner.ready else { continue }
            let age = age(Int64(bitPattern: state >> 2))
            if age < best { (best, found) = (age, slot) }
        }
        if found >= 0, take(found, held) {
            store(UInt64(bitPattern: held.pointee.number), .shown)
        }
        guard held.pointee.number != wanted else { return false }
        store(load(.late) &+ 1, .late)
        return true
    }

    /// Takes a slot that has just been seen to be ready; what was held goes back.
    private func take(_ slot: Int, _ held: UnsafeMutablePointer<HeldPicture>) -> Bool {
        let state = word(.slots, slot).pointee.load(ordering: .acquiring)
        guard state & Owner.mask == Owner.ready,
            word(.slots, slot).pointee.compareExchange(
                expected: state, desired: state | Owner.loop, ordering: .acquiringAndReleasing
            ).exchanged
        else { return false }
        giveBack(held)
        held.pointee = HeldPicture(number: Int64(bitPattern: state >> 2), slot: slot)
        return true
    }

    /// Gives back what is held.
    private func giveBack(_ held: UnsafeMutablePointer<HeldPicture>) {
        guard held.pointee.slot >= 0 else { return }
        word(.slots, held.pointee.slot).pointee.store(
            UInt64(bitPattern: held.pointee.number) << 2 | Owner.ready, ordering: .releasing)
        held.pointee = HeldPicture()
    }

    /// Takes exactly this picture, for a replay: true when it is held.
    public func take(number: Int64, _ held: UnsafeMutablePointer<HeldPicture>) -> Bool {
        if held.pointee.number == number { return true }
        let state = UInt64(bitPattern: number) << 2 | Owner.ready
        for slot in 0..<slotCount
        where word(.slots, slot).pointee.load(ordering: .acquiring) == state {
            return take(slot, held)
        }
        return false
    }

    /// What is held, as a frame draws it.
    /// - Frame path: yes
    public func picture(_ held: HeldPicture) -> MoviePicture {
        held.slot < 0
            ? MoviePicture() : MoviePicture(number: held.number, bytes: bytes(of: held.slot))
    }

    /// Tells the decoder what is played.
    /// - Frame path: yes
    private func tell(_ transport: MovieTransport, at frame: Int64) {
        store(UInt64(bitPattern: transport.frame), .since)
        store(transport.seconds.bitPattern, .seconds)
        store(transport.speed.bitPattern, .speed)
        store((transport.isPlaying ? 1 : 0) | (transport.blends ? 2 : 0), .flags)
        store(UInt64(bitPattern: frame), .frame)
    }

    /// What the last frame asked for and showed (`MovieNumber`; −1: what is in the scene's block),
    /// and how many frames had to do without what they asked for.
    public var figures: (wanted: Int64, shown: Int64, late: Int) {
        (
            Int64(bitPattern: load(.wanted)), Int64(bitPattern: load(.shown)),
            Int(truncatingIfNeeded: load(.late))
        )
    }

    /// What the decoder has done, ever growing while it is alive.
    public var beat: UInt64 { load(.beat) }

    /// Slots that hold a picture.
    public var readyCount: Int {
        (0..<slotCount).count {
            word(.slots, $0).pointee.load(ordering: .relaxed) & Owner.mask >= Owner.ready
        }
    }

    // MARK: - The decoder's side

    /// It is alive.
    public func tick() { store(load(.beat) &+ 1, .beat) }

    /// Takes over from a decoder that is gone: what it was filling is nobody's.
    public func takeOver() {
        for slot in 0..<slotCount
        where word(.slots, slot).pointee.load(ordering: .acquiring) & Owner.mask == Owner.decoder {
            word(.slots, slot).pointee.store(Owner.nobody, ordering: .releasing)
        }
    }

    /// How the movie plays, and the frame that is drawn; nil before the first one.
    ///
    /// Its parts may be of two frames: then what is decoded ahead is for nothing once.
    public var told: (transport: MovieTransport, frame: Int64)? {
        guard load(.frame) != 0 else { return nil }
        var transport = MovieTransport(since: Int64(bitPattern: load(.since)))
        transport.seconds = Double(bitPattern: load(.seconds))
        transport.speed = Double(bitPattern: load(.speed))
        let flags = load(.flags)
        transport.isPlaying = flags & 1 == 1
        transport.blends = flags & 2 == 2
        return (transport, Int64(bitPattern: load(.frame)))
    }

    /// Some slot holds a picture.
    public func holds(_ number: Int64) -> Bool {
        (0..<slotCount).contains {
            let state = word(.slots, $0).pointee.load(ordering: .acquiring)
            return state & Owner.mask >= Owner.ready && Int64(bitPattern: state >> 2) == number
        }
    }

    /// Fills a slot with a picture: one that holds none, else one of those that are not needed.
    ///
    /// False when there is no such slot, or `fill` could not.
    public func put(
        _ number: Int64, keeping needed: [Int64], _ fill: (UnsafeMutableRawPointer) -> Bool
    ) -> Bool {
        guard let slot = takeEmpty() ?? takeAny(but: needed) else { return false }
        let isFilled = fill(bytes(of: slot))
        word(.slots, slot).pointee.store(
            isFilled ? UInt64(bitPattern: number) << 2 | Owner.ready : Owner.nobody,
            ordering: .releasing)
        return isFilled
    }

    private func takeEmpty() -> Int? {
        (0..<slotCount).first { take($0, from: Owner.nobody) }
    }

    private func takeAny(but needed: [Int64]) -> Int? {
        (0..<slotCount).first {
            let state = word(.slots, $0).pointee.load(ordering: .acquiring)
            let owner = state & Owner.mask
            return
                (owner == Owner.nobody
                || owner == Owner.ready && !needed.contains(Int64(bitPattern: state >> 2)))
                && take($0, from: state)
        }
    }

    /// Makes a slot the decoder's, unless the loop has taken it meanwhile.
    private func take(_ slot: Int, from state: UInt64) -> Bool {
        word(.slots, slot).pointee.compareExchange(
            expected: state, desired: Owner.decoder, ordering: .acquiringAndReleasing
        ).exchanged
    }
}

/// The slot of a movie's ring that the loop draws; the loop's own memory.
public struct HeldPicture: BitwiseCopyable, Sendable {
    /// Its picture (`MovieNumber`), −1 for none.
    public var number: Int64
    /// The slot, −1 for none.
    public var slot: Int

    /// Nothing held unless it is said.
    public init(number: Int64 = -1, slot: Int = -1) { (self.number, self.slot) = (number, slot) }
}

/// The rings of a scene's movies, as the loop finds them in the asset table.
public struct SceneMovies: BitwiseCopyable, @unchecked Sendable {
    // Unchecked holds: what it points to is the loop's alone.
    private var rings: InlineArray<4, MovieRing?>
    private let held: UnsafeMutablePointer<HeldPicture>?

    /// No movie.
    public init() { (rings, held) = (InlineArray(repeating: nil), nil) }

    /// Rings in the order of `PreparedScene.movies`; `held` has room for as many, and belongs to
    /// the one who picks.
    public init(_ rings: [MovieRing], held: UnsafeMutablePointer<HeldPicture>) {
        self.rings = InlineArray { $0 < rings.count ? rings[$0] : nil }
        self.held = held
    }

    /// The pictures for a frame, and how many movies were not at theirs.
    /// - Frame path: yes
    public func pick(
        _ scene: UnsafePointer<PreparedScene>?, _ transports: InlineArray<4, MovieTransport>,
        at frame: Int64, period: Double
    ) -> (pictures: MoviePictures, late: Int32) {
        var pictures = MoviePictures.none
        var late: Int32 = 0
        guard let scene, let held else { return (pictures, 0) }
        for index in 0..<scene.pointee.movieCount {
            guard let ring = rings[index] else { continue }
            let movie = scene.pointee.movies[index]
            let transport = transports[Int(movie.number)]
            if ring.pick(movie, transport, at: frame, period: period, held + index) { late += 1 }
            pictures[index] = ring.picture(held[index])
        }
        return (pictures, late)
    }

    /// What was picked last.
    /// - Frame path: yes
    public var picked: MoviePictures {
        var pictures = MoviePictures.none
        guard let held else { return pictures }
        for index in 0..<SceneLimits.movies {
            if let ring = rings[index] { pictures[index] = ring.picture(held[index]) }
        }
        return pictures
    }
}
