import Foundation
import FrameModel
public import StageCalibration
import StageConfig
import StageModel

/// A calibration step by step: shows each step's pattern on the running stage, says what to do,
/// takes what the camera recorded and judges it at once.
///
/// What is done is written down after every step, so that a session that is broken off goes on
/// where it was. The way through: `run` → one function a step (`+Captures`, `+Solve`).
public struct CalibrationSession {
    /// What has been done.
    public internal(set) var record: SessionRecord
    /// The session's dated folder.
    public let folder: String
    let stage: Stage
    let desk: SessionDesk
    /// What the stage was called.
    let path: String

    /// A session of a stage; goes on where it was if the folder has one.
    ///
    /// - Parameters:
    ///   - path: a stage.yaml, its folder, or the name of a folder in stage-configs.
    ///   - folder: nil: the newest in `calibration/` beside the stage file that is not finished,
    ///     else a new one of today's date.
    ///   - today: the date of a new one, as 2026-11-22.
    public init(stage path: String, folder: String?, today: String, desk: SessionDesk) throws {
        let parsed = try StageConfig.open(path).get()
        stage = try parsed.result.get()
        self.desk = desk
        self.path = path
        let file = StageConfig.locate(path)
        let base = URL(fileURLWithPath: file).deletingLastPathComponent().path + "/calibration"
        self.folder = folder ?? Self.unfinished(base) ?? "\(base)/\(today)"
        try makeFolder(self.folder)
        let digest = try SHA256.file(file)
        if let kept = try SessionRecord.read(self.folder) {
            record = kept
            guard record.stage == stage.name else {
                throw RunError(
                    "\(self.folder): a session of stage \(record.stage), not \(stage.name)")
            }
            if record.stageFile != digest {
                desk.say(
                    "The stage file has changed since this session began: what was captured before "
                        + "is solved with the file as it is now.")
            }
        } else {
            record = SessionRecord(stage: stage.name, stageFile: digest)
            try record.write(self.folder)
        }
    }

    /// The newest session that has an open step.
    private static func unfinished(_ base: String) -> String? {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: base)) ?? []
        return names.sorted().reversed().map { "\(base)/\($0)" }.first {
            guard let kept = try? SessionRecord.read($0) else { return false }
            return kept.next != nil
        }
    }

    /// Goes through the steps that are open, or through one once more.
    ///
    /// Returns when all is done or the person goes away; throws when the session's own folder
    /// cannot be written.
    public mutating func run(only step: SessionStep? = nil) throws {
        desk.say("Calibration of \(stage.name), kept in \(folder)")
        if feed != nil {
            desk.say("The camera's feed is recorded here: what a step says of recording is done.")
        }
        if let step {
            record[step].state = .open
            _ = try take(step)
        } else {
            for entry in record.entries where entry.state != .open {
                desk.say("  \(entry.step.rawValue): \(entry.state.rawValue) \(entry.time ?? "")")
            }
            while let next = record.next {
                if try !take(next) { break }
            }
        }
        if desk.request != nil { try? desk.set([("pattern/show", "picture")]) }
        guard let next = record.next else {
            desk.say("Done. The report: \(folder)/report.html")
            if record[.solve].state == .done {
                desk.say("Onto the stage: cyclorama calibrate apply \(path) \(folder)")
            }
            return
        }
        desk.say("Next: \(next.rawValue). Go on with the same command; nothing is lost.")
    }

    /// Does a step until it is done or skipped; false when the person goes away.
    private mutating func take(_ step: SessionStep) throws -> Bool {
        let place = (SessionStep.allCases.firstIndex(of: step) ?? 0) + 1
        desk.say("")
        desk.say("Step \(place) of \(SessionStep.allCases.count): \(step.rawValue)")
        step.instructions.forEach { desk.say("  \($0)") }
        while true {
            guard let answer = desk.ask("Enter: begin – s: skip – q: another day") else {
                return false
            }
            if ["q", "quit"].contains(answer) { return false }
            if ["s", "skip"].contains(answer) {
                record[step].state = .skipped
                record[step].time = Self.now
                try record.write(folder)
                return true
            }
            do {
                var entry = try perform(step)
                entry.state = .done
                entry.time = Self.now
                entry.verdicts.forEach { desk.say("  \($0)") }
                if entry.verdicts.worst == .fail {
                    desk.say("  This step is not good. Begin it again, or skip it.")
                    entry.state = .open
                    record[step] = entry
                    try record.write(folder)
                    continue
                }
                record[step] = entry
                try record.write(folder)
                if step == .solve || step == .verify { try writePage() }
                tell(entry)
                return true
            } catch SessionPause.away {
                return false
            } catch SessionPause.again {
                continue
            } catch {
                desk.say("  \(error)")
                desk.say("  Nothing of it is kept. Begin it again, or skip it.")
            }
        }
    }

    /// What came in, and what is next.
    private func tell(_ entry: SessionRecord.Entry) {
        for capture in entry.captures {
            desk.say(
                "  kept: \(capture.path), \(capture.files) "
                    + (capture.files == 1 ? "file" : "files")
                    + String(format: ", %.1f MB", Double(capture.bytes) / 1e6))
        }
        if !entry.results.isEmpty {
            desk.say("  written: \(entry.results.joined(separator: ", "))")
        }
        desk.say("  \(entry.step.rawValue) is done; next: \(record.next?.rawValue ?? "apply")")
    }

    private mutating func perform(_ step: SessionStep) throws -> SessionRecord.Entry {
        // Of a step that was begun before and not done.
        try? FileManager.default.removeItem(atPath: recordings)
        switch step {
        case .warmUp: return try warmUp()
        case .chain: return try chain()
        case .delay, .pan: return try pan(step)
        case .geometry: return try geometry()
        case .lens: return try lens()
        case .color: return try color()
        case .solve: return try solve()
        case .verify: return try verify()
        }
    }

    /// Now, ISO 8601.
    private static var now: String { ISO8601DateFormatter().string(from: Date()) }

    /// An entry of a step with nothing in it.
    func blank(_ step: SessionStep) -> SessionRecord.Entry {
        var entry = record[step]
        (entry.captures, entry.settings, entry.results, entry.verdicts) = ([], [:], [], [])
        return entry
    }

    /// An answer, or the person is away.
    func answer(_ question: String) throws -> String {
        guard let answer = desk.ask(question) else { throw SessionPause.away }
        if answer == "q" { throw SessionPause.away }
        return answer.trimmingCharacters(in: .whitespaces)
    }

    /// The dimmest wall's peak, nits.
    var peakNits: Double { stage.walls.map(\.peakNits).min() ?? 1000 }
}

extension SessionStep {
    /// What to do, in plain words.
    var instructions: [String] {
        switch self {
        case .warmUp:
            ["The wall shows flat gray. Leave wall and camera on for 20 minutes, other light off."]
        case .chain:
            ["Four patterns; look at each and answer. Fix what is wrong before you go on."]
        case .delay:
            [
                "The wall shows strips. Start the camera, pan by hand to and fro by 10° for ten "
                    + "seconds, stop the camera."
            ]
        case .geometry:
            [
                "The wall shows dots. Let the camera record all the while.",
                "20 poses, 24 where the wall was measured by tape: from three distances, left, "
                    + "middle and right, panned and tilted, four far to the side, four rolled.",
                "At each: lock the head, let it come to rest, press Enter, wait until told.",
                "Zoom and focus rings stay where they are.",
            ]
        case .pan:
            ["As the delay, once more: the wall's place is known better now. Skip it if in doubt."]
        case .lens:
            ["For zoom lenses: the dots from 4 to 6 poses, for each further place of the rings."]
        case .color:
            [
                "Camera square to the wall, the patch two thirds of the picture's height, strips "
                    + "beside it in the picture.",
                "Defocus until the LEDs blur, expose the gray patch as gray. Raw or log.",
                "Start the camera, press Enter: 64 patches in 32 seconds.",
            ]
        case .solve: ["Everything captured is solved. Less than a minute."]
        case .verify:
            [
                "Twelve colors through the correction, and three poses that were not used.",
                "Camera for the colors as before.",
            ]
        }
    }
}
