import FrameLoop
import FrameModel
import Glibc
import Synchronization
import TestSupport
import Testing

/// Pictures pass from a decoder to the loop whole, or are not there yet.
struct MovieRingTests {
    /// A ring of pictures of 4 KB, each filled with its number.
    private final class Bench: @unchecked Sendable {
        // Unchecked holds: one thread picks, one fills, which the ring is made for.
        static let bytes = 4096
        let ring: MovieRing
        let movie: PreparedMovie
        let held: UnsafeMutablePointer<HeldPicture>
        private let memory: UnsafeMutableRawPointer

        init(count: Int64 = 48, loops: Bool = true) {
            let size = MovieRing.byteCount(picture: Self.bytes)
            memory = .allocate(byteCount: size, alignment: 4096)
            memory.initializeMemory(as: UInt8.self, repeating: 0, count: size)
            ring = MovieRing(memory, picture: Self.bytes)
            var movie = PreparedMovie()
            (movie.pictureCount, movie.rate, movie.loops) = (count, (24, 1), loops ? 1 : 0)
            movie.byteCount = Self.bytes
            self.movie = movie
            held = .allocate(capacity: 1)
            held.initialize(to: HeldPicture())
        }

        deinit {
            held.deallocate()
            memory.deallocate()
        }

        func put(_ number: Int64, keeping needed: [Int64] = []) -> Bool {
            // The memory goes with its owner: not before the call is over.
            withExtendedLifetime(self) {
                ring.put(number, keeping: needed) { place in
                    place.initializeMemory(
                        as: UInt64.self, repeating: UInt64(number), count: Self.bytes / 8)
                    return true
                }
            }
        }

        /// A frame of 24 a second; late where its picture is not there.
        func pick(_ frame: Int64, speed: Double = 1) -> (number: Int64, isLate: Bool) {
            // At its start in frame 0.
            var transport = MovieTransport(since: -96)
            (transport.speed, transport.seconds) = (speed, -4 * speed)
            return withExtendedLifetime(self) {
                let isLate = ring.pick(movie, transport, at: frame, period: 1 / 24.0, held)
                return (held.pointee.number, isLate)
            }
        }
    }

    @Test func `the picture that is due is picked, else the last one that was`() {
        let bench = Bench()
        #expect(bench.pick(0) == (-1, true))
        for number in [0, 8, 16] as [Int64] { #expect(bench.put(number)) }
        #expect(bench.pick(1) == (8, false))
        #expect(bench.pick(2) == (16, false))
        // 3 is not there: 2 stays, and is no one else's.
        #expect(bench.pick(3) == (16, true) && bench.pick(4) == (16, true))
        #expect(bench.put(32))
        #expect(bench.pick(4) == (32, false))
        // A picture of before is not gone back to.
        #expect(bench.pick(6) == (32, true))
        #expect(bench.ring.figures == (48, 32, 4))
    }

    @Test func `backwards and over the seam, older is what was due before`() {
        let bench = Bench()
        for number in [8, 0, 47 * 8] as [Int64] { #expect(bench.put(number)) }
        #expect(bench.pick(-1, speed: -1) == (8, false))
        #expect(bench.pick(1, speed: -1) == (47 * 8, false))
        #expect(bench.pick(2, speed: -1) == (47 * 8, true))
    }

    @Test func `a picture that is drawn is never written over`() throws {
        let bench = Bench()
        for number in 0..<Int64(bench.ring.slotCount) { #expect(bench.put(number * 8)) }
        #expect(bench.pick(0) == (0, false))
        let drawn = bench.ring.picture(bench.held.pointee)
        for number in 20..<Int64(120) { #expect(bench.put(number * 8 % (48 * 8))) }
        let words = try #require(drawn.bytes).assumingMemoryBound(to: UInt64.self)
        withExtendedLifetime(bench) {
            #expect((0..<Bench.bytes / 8).allSatisfy { words[$0] == 0 })
        }
    }

    @Test func `one that is needed stays, and none is filled where all are`() {
        let bench = Bench()
        let numbers = (0..<Int64(bench.ring.slotCount)).map { $0 * 8 }
        for number in numbers { #expect(bench.put(number, keeping: numbers)) }
        #expect(!bench.put(400, keeping: numbers))
        #expect(bench.put(400, keeping: Array(numbers.dropFirst())))
        #expect(!bench.ring.holds(0) && bench.ring.holds(400) && bench.ring.holds(8))
    }

    @Test func `what a decoder was filling when it died is filled by the next`() {
        let bench = Bench()
        let ring = bench.ring
        // In the middle of the first slot the next one takes over and fills all there are.
        _ = ring.put(0, keeping: []) { _ in
            ring.takeOver()
            for number in 1...Int64(ring.slotCount) { #expect(bench.put(number * 8)) }
            #expect(ring.readyCount == ring.slotCount)
            return false
        }
    }

    @Test func `two threads pass thousands of whole pictures`() throws {
        let bench = Bench(count: 1 << 20)
        let frame = Atomic<Int64>(0)
        let isDone = Atomic<Bool>(false)
        let decoder = Thread { [bench] in
            var random = SeededRandom(seed: 5)
            while !isDone.load(ordering: .relaxed) {
                let next = frame.load(ordering: .relaxed) + Int64.random(in: 0..<6, using: &random)
                if !bench.ring.holds(next * 8) { _ = bench.put(next * 8) }
            }
        }
        var (seen, step) = (0, Int64(0))
        for _ in 0..<50_000_000 where seen < 2000 {
            frame.store(step, ordering: .relaxed)
            let (number, isLate) = bench.pick(step)
            if isLate {
                sched_yield()
            } else {
                (step, seen) = (step + 1, seen + 1)
            }
            guard number >= 0, let bytes = bench.ring.picture(bench.held.pointee).bytes else {
                continue
            }
            let words = bytes.assumingMemoryBound(to: UInt64.self)
            if words[0] != UInt64(number) || words[Bench.bytes / 8 - 1] != UInt64(number) {
                Issue.record("picture \(number) is torn in frame \(step)")
                break
            }
        }
        isDone.store(true, ordering: .relaxed)
        decoder.join()
        withExtendedLifetime(bench) {}
        #expect(seen == 2000)
    }

    /// A thread of a test's own.
    private final class Thread {
        private var thread = pthread_t()

        init(_ body: @escaping @Sendable () -> Void) {
            let box = Unmanaged.passRetained(Box(body))
            pthread_create(
                &thread, nil,
                { argument in
                    Unmanaged<Box>.fromOpaque(argument!).takeRetainedValue().body()
                    return nil
                }, box.toOpaque())
        }

        func join() { pthread_join(thread, nil) }

        private final class Box {
            let body: @Sendable () -> Void
            init(_ body: @escaping @Sendable () -> Void) { self.body = body }
        }
    }
}

/// A movie's time.
struct MovieTimeTests {
    private func movie(
        _ numerator: Int64, _ denominator: Int64, count: Int64, loops: Bool = true
    ) -> PreparedMovie {
        var movie = PreparedMovie()
        (movie.rate, movie.pictureCount) = ((numerator, denominator), count)
        movie.loops = loops ? 1 : 0
        return movie
    }

    /// Rates of movies and of walls, as fractions.
    static let rates: [(Int64, Int64)] = [
        (24, 1), (24000, 1001), (25, 1), (30000, 1001), (60, 1), (60000, 1001), (15, 1), (120, 1),
    ]

    @Test(arguments: rates)
    func `is the grid's in every frame of an hour, by whole numbers`(
        _ numerator: Int64, _ denominator: Int64
    ) {
        let movie = movie(numerator, denominator, count: 1001)
        for wall in Self.rates {
            let since: Int64 = 106_033_538_220
            let transport = MovieTransport(since: since)
            let period = Double(wall.1) / Double(wall.0)
            var frame: Int64 = 0
            while frame < 3600 * wall.0 / wall.1 {
                let due = frame * wall.1 * numerator / (wall.0 * denominator) % 1001
                let wanted = movie.wanted(transport, at: since + frame, period: period)
                guard wanted == due * 8 else {
                    Issue.record("\(numerator)/\(denominator) on \(wall): frame \(frame)")
                    return
                }
                frame += 7
            }
        }
    }

    @Test func `stands at its place before the frame it was asked for`() {
        var transport = MovieTransport(since: 100)
        transport.seconds = 2
        let movie = movie(24, 1, count: 100)
        #expect(movie.wanted(transport, at: 90, period: 1 / 24.0) == 48 * 8)
    }

    @Test func `ends at its ends where it does not loop`() {
        let movie = movie(24, 1, count: 10, loops: false)
        var transport = MovieTransport(since: 0)
        #expect(movie.wanted(transport, at: 1000, period: 1 / 24.0) == 72)
        transport.speed = -1
        #expect(movie.wanted(transport, at: 1000, period: 1 / 24.0) == 0)
        transport.seconds = .greatestFiniteMagnitude
        #expect(movie.wanted(transport, at: 1000, period: 1 / 24.0) == 0)
    }
}
