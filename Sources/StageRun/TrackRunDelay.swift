import Foundation
import FrameLoop
public import StageModel
import Timing
import Tracking

extension TrackRun {
    /// What `track delay` tells.
    public struct DelayReport: Codable, Sendable {
        /// The source's name.
        public var source: String
        /// From a sample's capture to its packet's arrival.
        public var delayMilliseconds: Double
        /// It is right within this in 19 of 20 cases.
        public var uncertaintyMilliseconds: Double
        /// The same in frames of the stage.
        public var delayFrames: Double
        /// What the take's stage file says.
        public var configuredMilliseconds: Double
        /// What is left of the pictures' pan, rms.
        public var residualDegrees: Double
        /// How many times as far as the tracker the pictures turn; negative: to the other side.
        public var scale: Double
        /// Pictures used.
        public var pictures: Int
        /// Pictures that contradict the others.
        public var picturesLeftOut: Int
        /// Pictures of frames that are not in the take, or too near its ends.
        public var picturesOutside: Int
        /// The line for stage.yaml; nil where the delay is below zero.
        public var stageLine: String?
        /// Pictures in which no strip can be read; nil where a table told the pans.
        public var picturesWithoutStrips: Int?
        /// Of files that are no pictures, the first complaints; nil where a table told the pans.
        public var complaints: [String]?
    }

    /// The delay of a source, from a take of a pan and what was measured in pictures of it.
    ///
    /// Throws one sentence when it cannot be told.
    /// - Parameters:
    ///   - take: the take.
    ///   - stage: the stage it was recorded on (`TakeReplay.stage(of:)`).
    ///   - name: the source's name; nil where the take has only one tracker.
    ///   - pictures: the pictures.
    public static func delay(
        of take: Take, stage: Stage, source name: String?, pictures: PictureTable
    ) throws -> DelayReport {
        try DelayTake(take, stage: stage, source: name).report(pictures)
    }

    fileprivate static func sourceIndex(_ name: String?, of stage: Stage) throws -> Int {
        let tracked = stage.sources.indices.filter { stage.sources[$0].transport != .fixed }
        let names = tracked.map { stage.sources[$0].name }.joined(separator: ", ")
        guard !tracked.isEmpty else {
            throw RunError("the take's stage has no tracker: a fixed source has no delay")
        }
        guard let name else {
            guard tracked.count == 1 else {
                throw RunError("the take has several trackers: choose with --source: \(names)")
            }
            return tracked[0]
        }
        guard let index = tracked.first(where: { stage.sources[$0].name == name }) else {
            throw RunError("--source \(name): the take's trackers are: \(names)")
        }
        return index
    }
}

/// What a take says of a source, read once: its pan as it came, and when each frame's light left.
struct DelayTake {
    private let source: TrackingSource
    /// Of the stage's frames, seconds.
    private let period: Double
    private let samples: [DelayFit.Sample]
    private let jitter: Double
    private var lightTimes: [Int64: HostTime] = [:]

    /// A source of a take, by name; nil where the take has only one tracker.
    init(_ take: Take, stage: Stage, source name: String?) throws {
        let index = try TrackRun.sourceIndex(name, of: stage)
        source = stage.sources[index]
        period = stage.rate.period
        var trace = SourceTrace(source: source)
        for case .frame(let frame) in take.events {
            lightTimes[frame.frame] = frame.lightTime
            for packet in frame.packets where packet.source == index {
                packet.bytes.withUnsafeBytes {
                    trace.accept(
                        datagram: $0, sender: packet.sender, arrivalTime: packet.arrivalTime)
                }
            }
        }
        (samples, jitter) = trace.samples()
    }

    /// The delay with which pictures agree.
    func report(_ pictures: PictureTable) throws -> TrackRun.DelayReport {
        let known = pictures.rows.compactMap { row in
            lightTimes[row.frame].map {
                // Two frames in one exposure: the middle of it is as much later.
                let part = Int64((row.share * period * 1e9).rounded())
                return DelayFit.Sample(time: $0 + part, pan: row.panDegrees * .pi / 180)
            }
        }
        let setting = DelaySetting(
            source: source.name, samples: samples.count, frames: lightTimes.count,
            rows: pictures.rows.count, known: known.count)
        let fit: DelayFit
        do throws(DelayFit.Refusal) {
            fit = try DelayFit(tracker: samples, pictures: known, jitter: jitter)
        } catch {
            throw RunError(setting.sentence(error))
        }
        let milliseconds = fit.delay * 1000
        return TrackRun.DelayReport(
            source: source.name, delayMilliseconds: milliseconds,
            uncertaintyMilliseconds: fit.uncertainty * 1000,
            delayFrames: fit.delay / period,
            configuredMilliseconds: source.delay * 1000,
            residualDegrees: fit.residual * 180 / .pi, scale: fit.scale, pictures: fit.used,
            picturesLeftOut: fit.leftOut,
            picturesOutside: pictures.rows.count - fit.used - fit.leftOut,
            stageLine: milliseconds < 0
                ? nil : String(format: "delayMilliseconds: %.2f", milliseconds))
    }
}

/// What a refusal is told with.
private struct DelaySetting {
    var source: String
    /// Samples of the tracker.
    var samples: Int
    /// Frames of the take.
    var frames: Int
    /// Pictures of the table.
    var rows: Int
    /// Pictures whose frame is in the take.
    var known: Int

    /// A refusal as a line for an operator: what, why, what to do.
    func sentence(_ refusal: DelayFit.Refusal) -> String {
        // A name may hold what a format takes for its own: numbers are formatted by themselves.
        func degrees(_ radians: Double) -> String {
            String(format: "%.2f°", radians * 180 / .pi)
        }
        func milliseconds(_ seconds: Double) -> String {
            String(format: "%.1f ms", min(9999, seconds * 1000))
        }
        switch refusal {
        case .tooFewPictures(let usable, _): return tooFew(usable)
        case .tooLittleMotion(let range):
            return "too little motion: \(source) panned \(degrees(range)) while the pictures were "
                + "taken – pan about ± 10° to and fro for 10 s"
        case .tooUncertain(let uncertainty):
            return "too uncertain: the delay would be known to ± \(milliseconds(uncertainty)) only "
                + "– pan to and fro, not one way at one speed; faster, or for longer"
        case .notTheSameMove(let residual, let motion, let leftOut):
            return "not the same move: of a pan of \(degrees(motion)) rms, \(degrees(residual)) "
                + "are left, and \(Int((leftOut * 100).rounded())) % of the pictures fit nowhere – "
                + "is it the right take, source (\(source)) and table?"
        case .wrongScale(let scale):
            return "the pictures turn \(String(format: "%.3f", abs(scale))) times as far as "
                + "\(source) – give degrees, measured with the lens's true focal length"
        case .ambiguous(let one, let other):
            return "ambiguous: \(milliseconds(one)) and \(milliseconds(other)) fit alike, as the "
                + "pan repeats itself – pan slower, and not in time with anything"
        case .atEnd(let end):
            return "the delay is at or beyond \(milliseconds(end)), the end of what is searched – "
                + "does the strip tell the frames of this very take?"
        }
    }

    private func tooFew(_ usable: Int) -> String {
        let needed = DelayFit.picturesMin
        if samples == 0 {
            return "too few packets: the take has none of \(source) with a rhythm – was it sending?"
        }
        if known < needed {
            return "too few pictures: \(known) of \(rows) show one of the take's \(frames) frames, "
                + "\(needed) are needed – is the table of this take, with the whole number of "
                + "the strip?"
        }
        return "too few pictures: of \(known) in the take, \(usable) lie where \(source) is known "
            + "0.3 s on, \(needed) are needed – let the take begin before the pan and end a "
            + "second after it"
    }
}
