public import FrameModel
import StageModel
import Synchronization
import Timing

/// The last frames' reports: written by the loop, read by whoever prints, without a lock.
///
/// `@unchecked Sendable` holds because the loop writes a slot before it publishes the count, and a
/// reader looks only at slots that stay untouched for another `capacity / 2` frames.
public final class FrameAccounts: @unchecked Sendable {
    /// Reports kept: over a minute at 60 Hz, half of which a reader may look at.
    public static let capacity = 8192

    private let reports: UnsafeMutablePointer<FrameReport>
    private let written = Atomic<Int>(0)
    private let lateByUs = Atomic<Int>(0)
    private let lateByMachine = Atomic<Int>(0)
    private let dropped = Atomic<Int>(0)
    private let skipped = Atomic<Int>(0)
    /// Frames at each quality step, and how often it has changed.
    private let atQuality: UnsafeMutablePointer<Atomic<Int>>
    private let qualityChanges = Atomic<Int>(0)

    /// Accounts of no frame.
    public init() {
        reports = .allocate(capacity: Self.capacity)
        reports.initialize(repeating: FrameReport(frame: -1), count: Self.capacity)
        atQuality = .allocate(capacity: Quality.steps.count)
        for step in 0..<Quality.steps.count { (atQuality + step).initialize(to: Atomic(0)) }
    }

    deinit {
        reports.deallocate()
        atQuality.deinitialize(count: Quality.steps.count)
        atQuality.deallocate()
    }

    /// Enters a frame.
    ///
    /// Loop only.
    /// - Frame path: yes
    public func enter(_ report: FrameReport) {
        let count = written.load(ordering: .relaxed)
        let isChanged =
            count > 0 && reports[(count - 1) % Self.capacity].quality != report.quality
        reports[count % Self.capacity] = report
        atQuality[min(Int(report.quality), Quality.steps.count - 1)]
            .wrappingAdd(1, ordering: .relaxed)
        if isChanged { qualityChanges.wrappingAdd(1, ordering: .relaxed) }
        if report.isLate {
            if report.isLateByUs {
                lateByUs.wrappingAdd(1, ordering: .relaxed)
            } else {
                lateByMachine.wrappingAdd(1, ordering: .relaxed)
            }
        }
        skipped.wrappingAdd(Int(report.skipped), ordering: .relaxed)
        dropped.wrappingAdd(Int(report.droppedOutputs), ordering: .relaxed)
        written.store(count + 1, ordering: .releasing)
    }

    /// Frames entered since the start.
    public var count: Int { written.load(ordering: .acquiring) }

    /// Counts over the whole run.
    public var totals: (lateByUs: Int, lateByMachine: Int, skipped: Int, droppedOutputs: Int) {
        (
            lateByUs.load(ordering: .relaxed), lateByMachine.load(ordering: .relaxed),
            skipped.load(ordering: .relaxed), dropped.load(ordering: .relaxed)
        )
    }

    /// Frames of the whole run at each quality step, and how often the step has changed.
    public var quality: (frames: [Int], changes: Int) {
        (
            (0..<Quality.steps.count).map { atQuality[$0].load(ordering: .relaxed) },
            qualityChanges.load(ordering: .relaxed)
        )
    }

    /// The newest reports, oldest first; at most half the capacity.
    public func newest(_ wanted: Int) -> [FrameReport] {
        let end = count
        return reports(min(wanted, end), before: end)
    }

    /// The reports entered since there were so many, oldest first, at most half the capacity; and
    /// how many there are now.
    public func since(_ number: Int) -> (reports: [FrameReport], count: Int) {
        let end = count
        return (reports(end - number, before: end), end)
    }

    private func reports(_ wanted: Int, before end: Int) -> [FrameReport] {
        let length = min(wanted, Self.capacity / 2)
        return (end - length..<end).map { reports[$0 % Self.capacity] }
    }
}

/// What an operator is told of a window of frames.
public struct FrameSummary: Sendable {
    /// Percentiles of a duration, milliseconds.
    public struct Percentiles: Sendable, Codable {
        /// Median.
        public var p50: Double
        /// 99 of 100 are below.
        public var p99: Double
        /// 999 of 1000 are below.
        public var p999: Double
        /// The worst one.
        public var max: Double

        init(_ nanoseconds: [Int64]) {
            let sorted = nanoseconds.sorted()
            func at(_ share: Double) -> Double {
                guard !sorted.isEmpty else { return 0 }
                let index = Int((share * Double(sorted.count)).rounded(.up)) - 1
                return Double(sorted[Swift.max(0, Swift.min(sorted.count - 1, index))]) / 1e6
            }
            p50 = at(0.5)
            p99 = at(0.99)
            p999 = at(0.999)
            max = at(1)
        }
    }

    /// Frames in the window.
    public var frames: Int
    /// Tick → handed over.
    public var total: Percentiles
    /// Tick → the loop awake.
    public var wake: Percentiles
    /// Awake → plan.
    public var plan: Percentiles
    /// Plan → last tile.
    public var render: Percentiles
    /// Age of the pose sample at `lightTime`.
    public var sampleAge: Percentiles
    /// How well each camera's frames were registered, by camera.
    public var registration: [Registration]

    /// How far the frames of one camera turned out to lie from where it looked.
    public struct Registration: Sendable, Codable {
        /// Past frames the tracker has told of in the window.
        public var frames: Int
        /// At the worst corner, far away.
        public var horizon: PixelPercentiles
        /// At the worst corner, on the wall.
        public var wall: PixelPercentiles

        init(_ figures: [RegistrationFigure]) {
            frames = figures.count
            horizon = PixelPercentiles(figures.map(\.horizon))
            wall = PixelPercentiles(figures.map(\.wall))
        }
    }

    /// Percentiles of an error in camera pixels; 0 where there is none.
    public struct PixelPercentiles: Sendable, Codable {
        /// Median.
        public var p50: Double
        /// 99 of 100 are below.
        public var p99: Double
        /// The worst one.
        public var max: Double

        init(_ pixels: [Float]) {
            let sorted = pixels.sorted()
            func at(_ share: Double) -> Double {
                let rank = Int((share * Double(sorted.count)).rounded(.up))
                return sorted.isEmpty ? 0 : Double(sorted[Swift.max(0, rank - 1)])
            }
            (p50, p99, max) = (at(0.5), at(0.99), at(1))
        }
    }

    /// A summary of reports.
    public init(_ reports: [FrameReport]) {
        frames = reports.count
        total = Percentiles(reports.map { $0.handedOverTime - $0.tickTime })
        wake = Percentiles(reports.map { $0.wokeTime - $0.tickTime })
        plan = Percentiles(reports.map { $0.plannedTime - $0.wokeTime })
        render = Percentiles(reports.map { $0.lastTileTime - $0.plannedTime })
        sampleAge = Percentiles(reports.map(\.sampleAgeNanoseconds))
        registration = (0..<StageLimits.cameras).map { camera in
            Registration(reports.map { $0.registration[camera] }.filter(\.isKnown))
        }
    }
}
