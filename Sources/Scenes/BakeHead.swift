import FrameModel
import Geometry
import Lanes

/// The numbers in the head of a baked scene: where its parts stand, how they move, how large.
///
/// What tells where the block lies in memory is left out.
struct BakeHead {
    /// Their bits, in the order they were added.
    private(set) var words: [UInt64] = []
    /// All of them can be drawn with.
    private(set) var isSound = true

    /// The head of a scene whose counts are within what it has room for.
    init(_ scene: PreparedScene) {
        let place = scene.ownFromPlaced
        add(place.rotation)
        add([place.scale], in: 0...Double.greatestFiniteMagnitude)
        add(place.translation)
        add(scene.moves ? 1 : 0, scene.cardCount, scene.meshes.count)
        for index in 0..<scene.movieCount { add(scene.movies[index], cards: scene.cardCount) }
        add(scene.dome)
        for index in 0..<scene.cardCount { add(scene.cards[index]) }
    }

    /// Whether the two words of a block that are true or false are one of them: others must not
    /// even be looked at as such.
    static func hasTruths(_ block: UnsafeRawBufferPointer) -> Bool {
        guard let moves = MemoryLayout<PreparedScene>.offset(of: \.moves),
            let dome = MemoryLayout<PreparedScene>.offset(of: \.dome),
            let isTurned = MemoryLayout<PreparedDome>.offset(of: \.isTurned)
        else { return false }
        return block[moves] <= 1 && block[dome + isTurned] <= 1
    }

    private mutating func add(_ dome: PreparedDome) {
        add(dome.levelCount, dome.isTurned ? 1 : 0)
        guard dome.levelCount > 0 else { return }
        for level in 0..<dome.levelCount { add(dome.levels[level]) }
        // Infinite: a backdrop without parallax.
        add([dome.radius], in: 0...Double.infinity)
        add(dome.center)
        add([dome.defocus], in: 0...Double.greatestFiniteMagnitude)
        add(dome.domeFromScene)
        add(dome.motion)
    }

    private mutating func add(_ card: PreparedCard) {
        add(card.levelCount)
        for level in 0..<card.levelCount {
            add(card.levels[level])
            add(Int(card.masks[level].columns), Int(card.masks[level].rows))
        }
        add(card.cardFromScene.rotation)
        add(card.cardFromScene.translation)
        add(card.center)
        add([card.width, card.height, card.defocus], in: 0...Double.greatestFiniteMagnitude)
        add(card.motion)
    }

    private mutating func add(_ movie: PreparedMovie, cards: Int) {
        add(Int(movie.layer), Int(movie.number), Int(movie.loops), Int(movie.pictureCount))
        add(Int(movie.rate.numerator), Int(movie.rate.denominator), movie.byteCount)
        add([movie.speed], in: -1000...1000)
        let (numerator, denominator) = movie.rate
        if !(-1..<cards ~= Int(movie.layer)) || !(1...(1 << 40) ~= movie.pictureCount)
            || !(1...(1 << 31) ~= numerator) || !(1...(1 << 31) ~= denominator)
            || !(0..<SceneLimits.movies ~= Int(movie.number))
        {
            isSound = false
        }
    }

    private mutating func add(_ level: cyc_level) {
        add(Int(level.stride), Int(level.width), Int(level.height), Int(level.face_stride))
    }

    private mutating func add(_ motion: LayerMotion) {
        add(motion.spin)
        add(motion.scroll)
        add(motion.sway)
        add(motion.drift)
        add(Vector3(motion.scrollRepeat, motion.period, motion.phase))
        add(Vector3(motion.pivot.x, motion.pivot.y, 0))
    }

    private mutating func add(_ matrix: Matrix3) {
        add(matrix.x)
        add(matrix.y)
        add(matrix.z)
    }

    private mutating func add(_ point: Vector3) {
        let range = -Double.greatestFiniteMagnitude...Double.greatestFiniteMagnitude
        add([point.x, point.y, point.z], in: range)
    }

    private mutating func add(_ numbers: [Double], in range: ClosedRange<Double>) {
        for number in numbers {
            words.append(number.bitPattern)
            if !range.contains(number) { isSound = false }
        }
    }

    private mutating func add(_ numbers: Int...) {
        for number in numbers { words.append(UInt64(bitPattern: Int64(number))) }
    }
}
