/// What a bench measured; `cyclorama bench --json` prints it as one object.
public struct BenchReport: Encodable, Sendable {
    /// What it ran on.
    public struct Machine: Encodable, Sendable {
        /// The processor's own name.
        public var processor: String
        /// Cores the system shows.
        public var cores: Int
        /// x86-64 level of the kernels.
        public var kernels: String
        /// What each peer says it is, by its program.
        public var peers: [String: String]
        /// Most memory the bench itself had at once, bytes.
        public var peakMemoryBytes: Int
    }

    /// One size of one contender.
    public struct Row: Encodable, Sendable {
        /// `cyclorama` or a peer's.
        public var name: String
        /// Pixels across.
        public var width: Int
        /// Pixels down.
        public var height: Int
        /// Threads at work.
        public var threads: Int
        /// Frames measured.
        public var count: Int
        /// Half of the runs were faster.
        public var medianMilliseconds: Double
        /// The fastest run.
        public var minMilliseconds: Double
        /// The slowest run.
        public var maxMilliseconds: Double
        /// A quarter of the runs were faster.
        public var lowerQuartileMilliseconds: Double
        /// A quarter of the runs were slower.
        public var upperQuartileMilliseconds: Double
        /// The median processor time of the one thread; nil with more, and for peers.
        public var medianCPUMilliseconds: Double?
        /// The median over the pixels.
        public var nanosecondsPerPixel: Double
    }

    /// Where our milliseconds of a frame go, one thread, measured in a pass of its own.
    public struct Parts: Encodable, Sendable {
        /// Pixels across.
        public var width: Int
        /// Pixels down.
        public var height: Int
        /// Poses, frusta, colour constants.
        public var planMilliseconds: Double
        /// Scene to graded wall light.
        public var sampleAndGradeMilliseconds: Double
        /// Wall light to code values: curve, dither, rounding.
        public var encodeMilliseconds: Double
        /// Code values to the wire format.
        public var packMilliseconds: Double
    }

    /// A picture of ours, so that a faster wrong one shows.
    public struct Fingerprint: Encodable, Sendable {
        /// Pixels across.
        public var width: Int
        /// Pixels down.
        public var height: Int
        /// FNV-1a of the canvas as it goes out.
        public var hash: String
    }

    /// One bar: what was promised, what was measured.
    public struct Bar: Encodable, Sendable {
        /// The ratio it is about.
        public var name: String
        /// `<=` or `>=`.
        public var relation: String
        /// What was promised.
        public var bar: Double
        /// What was measured; nil without the peer.
        public var measured: Double?
        /// Nil where nothing was measured.
        public var isHeld: Bool? {
            measured.map { relation == "<=" ? $0 <= bar : $0 >= bar }
        }

        /// Keys are always there, null where not measured.
        public func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: Key.self)
            try container.encode(name, forKey: .name)
            try container.encode(relation, forKey: .relation)
            try container.encode(bar, forKey: .bar)
            try container.encode(measured, forKey: .measured)
            try container.encode(isHeld, forKey: .isHeld)
        }

        private enum Key: String, CodingKey {
            case name
            case relation
            case bar
            case measured
            case isHeld
        }
    }

    /// What it ran on.
    public var machine: Machine
    /// Every size of every contender.
    public var rows: [Row]
    /// Where our time goes.
    public var parts: [Parts]
    /// Ours against theirs.
    public var ratios: BenchRatios
    /// What was promised of them.
    public var bars: [Bar]
    /// Our pictures.
    public var pictures: [Fingerprint]
    /// Peers that could not be had, one line each.
    public var missing: [String]
}

/// Ours ÷ theirs at 1920 × 1080, ours on one thread (medians); nil where there was no peer.
///
/// Time by the clock on the wall, but processor time against peers that are measured so.
public struct BenchRatios: Encodable, Sendable {
    /// OpenCV's remap, three 8-bit channels, CV_32FC1 maps.
    public var openCVRemap8UC3: Double?
    /// OpenCV's remap, four floats.
    public var openCVRemap32FC4: Double?
    /// FFmpeg's v360, gbrp; processor time.
    public var ffmpegV360: Double?
    /// Dome, matrix and PQ in OpenGL on the processor; processor time.
    public var llvmpipe: Double?
    /// memcpy of the canvas' octets.
    public var memcpy: Double?
    /// One thread ÷ two threads, ours.
    public var twoThreads: Double?
    /// 3840 × 2160 ÷ 1920 × 1080, ours on one thread.
    public var fourfoldPixels: Double?

    init(_ rows: [BenchReport.Row]) {
        func median(_ name: String, _ height: Int = 1080, threads: Int = 1) -> Double? {
            rows.first { $0.name == name && $0.height == height && $0.threads == threads }?
                .medianMilliseconds
        }
        let ours = median(Bench.name)
        let processor = rows.first { $0.name == Bench.name && $0.height == 1080 }?
            .medianCPUMilliseconds
        func ratio(_ theirs: Double?) -> Double? { ours.flatMap { o in theirs.map { o / $0 } } }
        openCVRemap8UC3 = ratio(median("openCVRemap8UC3"))
        openCVRemap32FC4 = ratio(median("openCVRemap32FC4"))
        ffmpegV360 = processor.flatMap { p in median("ffmpegV360").map { p / $0 } }
        llvmpipe = processor.flatMap { p in median("llvmpipe").map { p / $0 } }
        memcpy = ratio(median("memcpy"))
        twoThreads = ratio(median(Bench.name, threads: 2))
        fourfoldPixels = ratio(median(Bench.name, 2160)).map { 1 / $0 }
    }

    /// What was promised.
    var bars: [BenchReport.Bar] {
        func bar(
            _ name: String, _ relation: String, _ bar: Double, _ measured: Double?
        ) -> BenchReport.Bar {
            BenchReport.Bar(name: name, relation: relation, bar: bar, measured: measured)
        }
        return [
            bar("openCVRemap8UC3", "<=", 1, openCVRemap8UC3),
            bar("ffmpegV360", "<=", 0.45, ffmpegV360),
            bar("llvmpipe", "<=", 0.25, llvmpipe),
            bar("twoThreads", ">=", 1.9, twoThreads),
            bar("fourfoldPixels", "<=", 4.2, fourfoldPixels),
        ]
    }

    /// Keys are always there, null where not measured.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(openCVRemap8UC3, forKey: .openCVRemap8UC3)
        try container.encode(openCVRemap32FC4, forKey: .openCVRemap32FC4)
        try container.encode(ffmpegV360, forKey: .ffmpegV360)
        try container.encode(llvmpipe, forKey: .llvmpipe)
        try container.encode(memcpy, forKey: .memcpy)
        try container.encode(twoThreads, forKey: .twoThreads)
        try container.encode(fourfoldPixels, forKey: .fourfoldPixels)
    }

    private enum Key: String, CodingKey {
        case openCVRemap8UC3
        case openCVRemap32FC4
        case ffmpegV360
        case llvmpipe
        case memcpy
        case twoThreads
        case fourfoldPixels
    }
}
