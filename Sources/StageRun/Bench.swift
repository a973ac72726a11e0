import FrameModel
public import Lanes
import Platform
import Scenes

/// What a bench measured; `cyclorama bench --json` prints it as one object.
public struct BenchReport: Encodable, Sendable {
    /// One size of one contender.
    public struct Row: Encodable, Sendable {
        /// `cyclorama` or a peer.
        public var name: String
        /// Pixels across.
        public var width: Int
        /// Pixels down.
        public var height: Int
        /// Threads at work.
        public var threads: Int
        /// Half of the runs were faster.
        public var medianMilliseconds: Double
        /// The fastest run.
        public var minMilliseconds: Double
        /// The slowest run.
        public var maxMilliseconds: Double
    }

    /// Ours ÷ theirs at 1920 × 1080 on one thread (medians); nil where there is no peer.
    public struct Ratios: Encodable, Sendable {
        /// OpenCV's remap, 8UC3, CV_32FC1 maps.
        public var openCVRemap8UC3: Double?
        /// One thread ÷ two threads, ours.
        public var twoThreads: Double?

        /// Keys are always there, null where not measured.
        public func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: Key.self)
            try container.encode(openCVRemap8UC3, forKey: .openCVRemap8UC3)
            try container.encode(twoThreads, forKey: .twoThreads)
        }

        private enum Key: String, CodingKey {
            case openCVRemap8UC3
            case twoThreads
        }
    }

    /// What it ran on.
    public struct Machine: Encodable, Sendable {
        /// The processor's own name.
        public var processor: String
        /// Cores the system shows.
        public var cores: Int
        /// x86-64 level of the kernels.
        public var kernels: String
        /// The peer's version; nil when there was none.
        public var peer: String?
    }

    /// What it ran on.
    public var machine: Machine
    /// Every size of every contender.
    public var rows: [Row]
    /// Ours against theirs.
    public var ratios: Ratios
    /// FNV-1a of our 1920 × 1080 code planes.
    public var hash: String
    /// Why a ratio is missing, one line.
    public var note: String?
}

/// Measures our whole path beside its peers, in turns, so that both see the same machine.
public enum Bench {
    private static let sizes = [(960, 540), (1920, 1080), (3840, 2160)]

    /// Runs `rounds` rounds of every size, ours and theirs alternately.
    /// - Parameters:
    ///   - set: kernels to run; supported by this machine.
    ///   - rounds: at least 3.
    ///   - peer: path of `opencv_remap.py`.
    public static func run(
        kernels set: InstructionSet, rounds: Int, peer program: String
    ) -> BenchReport {
        let asset = SceneAsset(scene: BenchStage.scene())
        let dither = DitherTile()
        let peer = BenchPeer(program: program)
        let pools = [WorkerPool(threadCount: 1), WorkerPool(threadCount: 2)]
        var rows: [BenchReport.Row] = []
        var hash: UInt64 = 0
        for (width, height) in sizes {
            let path = BenchPath(
                width: width, height: height, threads: 2, scene: asset.prepared,
                kernels: KernelTable.of(set), dither: dither)
            var times: [[Double]] = [[], [], []]
            for round in 0..<(rounds + 2) {
                let taken = [
                    path.draw(pools[0]), path.draw(pools[1]),
                    peer?.milliseconds(width: width, height: height) ?? .nan,
                ]
                // The first two rounds touch memory and wake the clocks.
                if round >= 2 { for index in 0..<3 { times[index].append(taken[index]) } }
            }
            rows.append(row("cyclorama", width, height, 1, times[0]))
            rows.append(row("cyclorama", width, height, 2, times[1]))
            if peer != nil { rows.append(row("openCVRemap8UC3", width, height, 1, times[2])) }
            if height == 1080 { hash = path.hash }
        }
        let middle = rows.filter { $0.height == 1080 }
        let ours = middle[0].medianMilliseconds
        return BenchReport(
            machine: machine(set, peer), rows: rows,
            ratios: BenchReport.Ratios(
                openCVRemap8UC3: middle.count > 2 ? ours / middle[2].medianMilliseconds : nil,
                twoThreads: ours / middle[1].medianMilliseconds),
            hash: String(hash, radix: 16),
            note: peer == nil
                ? "No Python with OpenCV, so no ratio to it: run `make bench`, which makes one."
                : nil)
    }

    private static func row(
        _ name: String, _ width: Int, _ height: Int, _ threads: Int, _ times: [Double]
    ) -> BenchReport.Row {
        let sorted = times.sorted()
        return BenchReport.Row(
            name: name, width: width, height: height, threads: threads,
            medianMilliseconds: sorted[sorted.count / 2], minMilliseconds: sorted[0],
            maxMilliseconds: sorted[sorted.count - 1])
    }
}
