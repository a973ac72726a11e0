import Foundation
public import FrameLoop
import FrameModel
import Timing

/// What a run came to: the status line's and the closing report's figures.
public struct RunSummary: Encodable, Sendable {
    /// The stage's name.
    public var stage: String
    /// Wall-clock seconds run.
    public var seconds: Double
    /// One frame, milliseconds.
    public var periodMilliseconds: Double
    /// Frames made.
    public var frames: Int
    /// Frames late by our own work.
    public var lateByUs: Int
    /// Frames late by the machine.
    public var lateByMachine: Int
    /// Grid instants without a frame of their own.
    public var skipped: Int
    /// Times the machine's clock was set while the stage ran.
    public var clockSteps: Int
    /// Canvases dropped because none was free.
    public var droppedOutputs: Int
    /// Tick → handed over.
    public var totalMilliseconds: FrameSummary.Percentiles
    /// Tick → awake.
    public var wakeMilliseconds: FrameSummary.Percentiles
    /// Awake → plan.
    public var planMilliseconds: FrameSummary.Percentiles
    /// Plan → last tile.
    public var renderMilliseconds: FrameSummary.Percentiles
    /// How far ahead of the newest sample the pose was predicted.
    public var sampleAgeMilliseconds: FrameSummary.Percentiles
    /// How finely was drawn.
    public var quality: QualityFigures
    /// The newest late frames, at most 32: what each spent where.
    public var lateFrames: [LateFrame]
    /// Events of the log, by kind; those told as one are all counted.
    public var events: [String: Int]
    /// Every output: frames sent, and how many of them were repeats.
    public var outputs: [Output]
    /// Tracking sources: packets used and refused.
    public var sources: [Source]
    /// Cameras: how far their pictures lay from where they looked, once their trackers had told.
    public var cameras: [CameraFigures]

    /// What gave way to be in time.
    public struct QualityFigures: Codable, Sendable {
        /// Name of the newest frame's step, as `quality/mode` takes it.
        public var step: String
        /// An operator holds it.
        public var isHeld: Bool
        /// The wall shows the quality view's colors instead of the picture.
        public var isFalseColor: Bool
        /// The test pattern on the walls; nil: the picture.
        public var pattern: String?
        /// Frames at each step, from the best on.
        public var frames: [Int]
        /// Times the step changed.
        public var changes: Int

        init(newest: FrameReport?, _ counts: (frames: [Int], changes: Int)) {
            step = Quality.stepNames[Int(newest?.quality ?? 0)]
            isHeld = newest?.isQualityHeld ?? false
            isFalseColor = newest?.isFalseColor ?? false
            let shown = newest?.pattern ?? .picture
            pattern = shown == .picture ? nil : shown.name
            (frames, changes) = counts
        }

        /// A word for the status line.
        var text: String { "quality \(step)\(isHeld ? " (held)" : "")" }
    }

    /// Where the time of a late frame went, milliseconds.
    public struct LateFrame: Codable, Sendable {
        /// Its index on the grid.
        public var frame: Int64
        /// Its time of day, UTC.
        public var timecode: String
        /// Late by our own work.
        public var isByUs: Bool
        /// Tick → awake.
        public var wake: Double
        /// Tick → handed over.
        public var total: Double
        /// CPU time of the loop's own steps.
        public var loopCPU: Double
        /// CPU time of the rendering, a thread's share of it.
        public var workerCPU: Double
        /// The most that threads of our own can have kept it waiting.
        public var wait: Double

        init(_ report: FrameReport, timecode: Timecode) {
            func milliseconds(_ nanoseconds: Int64) -> Double { Double(nanoseconds) / 1e6 }
            frame = report.frame
            self.timecode = "\(timecode)"
            isByUs = report.isLateByUs
            wake = milliseconds(report.wokeTime - report.tickTime)
            total = milliseconds(report.handedOverTime - report.tickTime)
            loopCPU = milliseconds(report.loopCPUNanoseconds)
            workerCPU = milliseconds(report.workerCPUNanoseconds)
            wait = milliseconds(report.waitNanoseconds)
        }
    }

    /// One output's count.
    public struct Output: Codable, Sendable {
        /// The output's name.
        public var name: String
        /// Frames sent, repeats included.
        public var sent: Int
        /// Frames sent again because no newer one was ready.
        public var repeated: Int
        /// Frames that did not get out whole.
        public var failed: Int
    }

    /// One tracking source's count.
    public struct Source: Codable, Sendable {
        /// The source's name.
        public var name: String
        /// What it is doing.
        public var status: String
        /// Packets used.
        public var accepted: Int
        /// Packets refused, for any cause.
        public var refused: Int
        /// Packets of its port that came faster than they could be taken, by us or the kernel.
        public var dropped: Int
        /// Its delay now less what it was when it was first heard.
        public var delayChangeMilliseconds: Double
        /// That is more than a quarter of a frame.
        public var isDelayAlarm: Bool
        /// Changes of its delay, there and back.
        public var delayChanges: Int
        /// Its packets a second; 0 while they are not known.
        public var packetsPerSecond: Double
        /// The stage file says another rate.
        public var isRateWrong: Bool
        /// How early or late its packets come beside an even rhythm, mean magnitude.
        public var jitterMilliseconds: Double
        /// Its stamps are not of the PTP time the stage file says they are.
        public var isClockWrong: Bool

        /// Warnings for the status line; empty where all is as it should be.
        var warning: String {
            var text = ""
            if isDelayAlarm {
                text += "DELAY OF \(name) CHANGED BY "
                text += String(format: "%+.1f ms", delayChangeMilliseconds)
                text += " (`cyclorama help track delay`) | "
            }
            if isRateWrong {
                text += "\(name) SENDS " + String(format: "%.2f", packetsPerSecond)
                text += " PACKETS A SECOND, not what its packetsPerSecond says | "
            }
            if isClockWrong {
                text += "STAMPS OF \(name) ARE NOT THIS MACHINE'S PTP TIME: its clock is "
                text += "measured instead; set its PTP, or `clock: tracker` | "
            }
            return text
        }
    }

    /// One camera's registration.
    public struct CameraFigures: Encodable, Sendable {
        /// The camera's name.
        public var name: String
        /// Camera pixels at the worst corner.
        public var registration: FrameSummary.Registration
        /// The focal length it is drawn with; 0 before it is known.
        public var focalLengthMillimeters: Double
        /// Who says what its lens does: fixed (the stage file) or live (its tracker).
        public var lens: String
        /// Added to its frustum's width and height, per cent.
        public var overscanPercent: Double
        let lensOrigin: LensOrigin

        private enum CodingKeys: String, CodingKey {
            case name, registration, focalLengthMillimeters, lens, overscanPercent
        }

        init(name: String, registration: FrameSummary.Registration, _ frustum: FrustumInUse) {
            self.name = name
            self.registration = registration
            focalLengthMillimeters = frustum.focalLengthMillimeters
            overscanPercent = frustum.overscan * 100
            lensOrigin = frustum.origin
            lens = "\(frustum.origin)"
        }

        /// Words for the status line; empty where no frame could be judged.
        var text: String {
            guard registration.frames > 0 else { return "" }
            let (horizon, wall) = (registration.horizon, registration.wall)
            return String(
                format: " | \(name) off by p50 %.1f p99 %.1f max %.1f px, %.1f at the wall",
                horizon.p50, horizon.p99, horizon.max, wall.p99)
        }
    }

    /// One JSON object.
    public func json() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }

    /// The status line: what an operator glances at.
    public var line: String {
        func ms(_ value: Double) -> String { String(format: "%.1f", value) }
        let tracking = sources.map { "\($0.name) \($0.status)" }.joined(separator: ", ")
        let late =
            lateByUs + lateByMachine == 0
            ? "none late" : "late \(lateByUs) by us, \(lateByMachine) by the machine"
        let broken = outputs.filter { $0.failed > 0 }
            .map { " | \($0.name): \($0.failed) frames did not get out" }.joined()
        let flooded = sources.filter { $0.dropped > 0 }
            .map { " | \($0.name): \($0.dropped) packets too many, dropped" }.joined()
        let warning =
            quality.isFalseColor
            ? "FALSE COLORS ON THE WALL (`set stage/view picture` ends it) | " : ""
        let pattern =
            quality.pattern.map {
                "PATTERN \($0.uppercased()) ON THE WALL (`set pattern/show picture` ends it) | "
            } ?? ""
        return
            warning + pattern + sources.map(\.warning).joined()
            + "\(frames) frames, \(late), skipped \(skipped), dropped \(droppedOutputs) | "
            + "frame p50 \(ms(totalMilliseconds.p50)) p99 \(ms(totalMilliseconds.p99)) "
            + "p99.9 \(ms(totalMilliseconds.p999)) max \(ms(totalMilliseconds.max)) of "
            + "\(ms(periodMilliseconds)) ms | pose \(ms(sampleAgeMilliseconds.p50)) ms ahead | "
            + "\(quality.text) | " + tracking + cameras.map(\.text).joined() + flooded + broken
    }
}
