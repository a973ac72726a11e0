public import Lanes
import Platform
import Scenes
import Synchronization
import Timing

/// Measures the frame path beside its peers, in turns, so that all see the same machine.
public enum Bench {
    static let name = "cyclorama"
    private static let sizes = [(960, 540), (1920, 1080), (3840, 2160)]
    /// Frames that touch memory and wake the clocks before any counts.
    private static let warmUps = 2

    /// Runs rounds of every size, ours and theirs alternately.
    ///
    /// Throws one sentence when our own picture is not what its parts make.
    /// - Parameters:
    ///   - set: kernels to run; supported by this machine.
    ///   - rounds: at least 3.
    ///   - folder: where the peers' programs are.
    ///   - progress: told what is being done.
    public static func run(
        kernels set: InstructionSet, rounds: Int, peers folder: String,
        progress: @escaping @Sendable (String) -> Void = { _ in }
    ) throws -> BenchReport {
        let outcome = Outcome()
        // A thread as the loop has it: on those of a pool, too, denormals are zero.
        let thread = try Threads.start(name: "cyc-bench") {
            outcome.result.withLock { result in
                result = Result {
                    try measure(kernels: set, rounds: rounds, peers: folder, progress: progress)
                }
            }
        }
        thread.join()
        return try outcome.result.withLock { try $0!.get() }
    }

    private final class Outcome: Sendable {
        let result = Mutex<Result<BenchReport, any Error>?>(nil)
    }

    private static func measure(
        kernels set: InstructionSet, rounds: Int, peers folder: String,
        progress: (String) -> Void
    ) throws -> BenchReport {
        let asset = SceneAsset(scene: BenchStage.scene())
        let contenders = BenchPeer.programs.map { BenchPeer(program: $0, in: folder) }
        // As a stage's: in the normal class the second thread often waits a millisecond on the
        // first one's core. Peers have been started before, and wait meanwhile.
        let pools = [WorkerPool(threadCount: 1), WorkerPool(threadCount: 2, priority: 40)]
        Threads.makeRealTime(priority: 40)
        var rows: [BenchReport.Row] = []
        var parts: [BenchReport.Parts] = []
        var pictures: [BenchReport.Fingerprint] = []
        for (width, height) in sizes {
            progress("\(width) × \(height), \(rounds) rounds")
            let path = try BenchPath(
                width: width, height: height, threads: 2, scene: asset.prepared,
                kernels: KernelTable.of(set))
            rows += measure(path, pools, contenders, rounds: rounds)
            let apart = try BenchParts(path, kernels: KernelTable.of(set))
            parts.append(apart.measure(rounds: rounds))
            guard apart.hash == path.hash else {
                throw RunError(
                    "the \(width) × \(height) picture is not what its parts make one after the "
                        + "other: the figures mean nothing; run the tests")
            }
            pictures.append(
                BenchReport.Fingerprint(
                    width: width, height: height, hash: String(path.hash, radix: 16)))
        }
        let ratios = BenchRatios(rows)
        return BenchReport(
            machine: machine(set, contenders), rows: rows, parts: parts, ratios: ratios,
            bars: ratios.bars, pictures: pictures, missing: contenders.compactMap(\.absence))
    }

    /// Rounds at one size: everyone takes a turn in each.
    private static func measure(
        _ path: BenchPath, _ pools: [WorkerPool], _ peers: [BenchPeer], rounds: Int
    ) -> [BenchReport.Row] {
        let copy = BenchCopy(byteCount: path.byteCount)
        var turns = pools.map { pool in
            BenchTurns(name: name, threads: pool.threadCount) { path.draw(pool) }
        }
        turns.append(BenchTurns(name: "memcpy") { BenchTime(milliseconds: copy.milliseconds()) })
        for peer in peers where peer.absence == nil {
            for answer in peer.program.names {
                // A slow peer's turn is many frames; five turns of those are enough.
                turns.append(
                    BenchTurns(
                        name: answer, every: peer.program.isSlow ? max(1, rounds / 5) : 1
                    ) {
                        peer.milliseconds(answer, width: path.width, height: path.height)
                            .map { BenchTime(milliseconds: $0) }
                    })
            }
        }
        for round in 0..<(rounds + warmUps) {
            for index in turns.indices {
                turns[index].take(round: round - warmUps)
            }
        }
        return turns.compactMap { $0.row(width: path.width, height: path.height) }
    }
}

/// What a frame took.
package struct BenchTime {
    /// By the clock on the wall; what a peer counts, in whose own clock.
    package var milliseconds: Double
    /// Of the thread that made it alone.
    package var cpuMilliseconds: Double?
}

/// What one contender took in each of its turns.
struct BenchTurns {
    let name: String
    let threads: Int
    private let every: Int
    private let frame: () -> BenchTime?
    private var times: [BenchTime] = []

    /// - Parameter frame: makes a frame; nil when it could not.
    init(name: String, threads: Int = 1, every: Int = 1, frame: @escaping () -> BenchTime?) {
        self.name = name
        self.threads = threads
        self.every = every
        self.frame = frame
    }

    /// A turn in a round; rounds below 0 are not counted.
    ///
    /// The frame that counts follows one that does not: a stage draws frame after frame, and must
    /// not pay for what the contender before it left in the caches. A slow one's turn is many
    /// frames anyway.
    mutating func take(round: Int) {
        guard every == 1 || (round >= 0 && round % every == 0) else { return }
        if every == 1 { _ = frame() }
        guard let time = frame() else { return }
        if round >= 0 { times.append(time) }
    }

    /// The figures; nil when no turn succeeded.
    func row(width: Int, height: Int) -> BenchReport.Row? {
        guard !times.isEmpty else { return nil }
        let sorted = times.map(\.milliseconds).sorted()
        let cpu = times.compactMap(\.cpuMilliseconds).sorted()
        let median = sorted[sorted.count / 2]
        return BenchReport.Row(
            name: name, width: width, height: height, threads: threads, count: sorted.count,
            medianMilliseconds: median, minMilliseconds: sorted[0],
            maxMilliseconds: sorted[sorted.count - 1],
            lowerQuartileMilliseconds: sorted[sorted.count / 4],
            upperQuartileMilliseconds: sorted[sorted.count * 3 / 4],
            medianCPUMilliseconds: cpu.isEmpty ? nil : cpu[cpu.count / 2],
            nanosecondsPerPixel: median * 1e6 / Double(width * height))
    }
}

/// Copies as many octets as a canvas has: the least that writing a frame can cost.
final class BenchCopy {
    private let from: UnsafeMutableRawPointer
    private let to: UnsafeMutableRawPointer
    private let count: Int

    init(byteCount: Int) {
        count = byteCount
        from = .allocate(byteCount: count, alignment: 64)
        to = .allocate(byteCount: count, alignment: 64)
        from.initializeMemory(as: UInt8.self, repeating: 1, count: count)
        to.initializeMemory(as: UInt8.self, repeating: 0, count: count)
    }

    deinit {
        from.deallocate()
        to.deallocate()
    }

    func milliseconds() -> Double {
        let start = Clocks.now()
        to.copyMemory(from: from, byteCount: count)
        return Double(Clocks.now() - start) * 1e-6
    }
}
