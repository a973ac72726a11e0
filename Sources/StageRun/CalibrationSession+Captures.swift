import Foundation
import FrameModel
import StageCalibration
import StageModel
import Timing

/// The steps that capture.
extension CalibrationSession {
    func warmUp() throws -> SessionRecord.Entry {
        try desk.set([
            ("pattern/color", "1 1 1"), ("pattern/level", "\(0.18 * peakNits)"),
            ("pattern/show", "flat"),
        ])
        _ = try answer("Enter when 20 minutes are over")
        return blank(.warmUp)
    }

    /// Patterns a person looks at: what to see, and what to do where it is not seen.
    private static let sights:
        [(pattern: String, question: String, fault: String, advice: String)] = [
            (
                "range", "Does every panel show a square within each of its two halves?",
                "the wall shows another range than is sent",
                "set the processor's input to Full, or as the stage file's `range` says"
            ),
            (
                "ramp", "Do all four ramps rise without steps and without color in the gray?",
                "the chain bends or cuts levels",
                "switch off the processor's color functions and look-up tables"
            ),
            (
                "checker", "Near by, is every second pixel lit?", "the picture is scaled",
                "set the processor to 1:1, no scaling, no overscan"
            ),
            (
                "black", "Is the first square of every panel off, without flicker?",
                "black is lit", "lower the processor's black level, and switch off its dithering"
            ),
        ]

    func chain() throws -> SessionRecord.Entry {
        var entry = blank(.chain)
        for sight in Self.sights {
            try desk.set([("pattern/show", sight.pattern)])
            let isSeen = try answer("\(sight.question) y or n").lowercased().hasPrefix("y")
            entry.verdicts.append(
                isSeen
                    ? Verdict(sight.pattern, .pass, "as it should be")
                    : Verdict(sight.pattern, .fail, sight.fault, advice: sight.advice))
        }
        return entry
    }

    func pan(_ step: SessionStep) throws -> SessionRecord.Entry {
        var entry = blank(step)
        try desk.set([
            ("pattern/level", "\(0.4 * peakNits)"), ("pattern/cell", "\(FrameStripGrid.cellUsual)"),
            ("pattern/show", "strip"), ("take/record", "on"),
        ])
        let pictures = "\(step.rawValue)-pictures"
        if feed == nil {
            _ = try answer("Enter when the pan is recorded")
        } else {
            _ = try answer("Enter, then pan for ten seconds")
            try film(step.rawValue) { desk.wait(12) }
        }
        try desk.set([("take/record", "off")])
        let take = try keepTake(&entry, step.rawValue)
        let kept =
            feed == nil
            ? try SessionRecord.keep(
                try answer("The folder of its pictures (ffmpeg -i CLIP pan/%05d.png)"),
                as: pictures, in: folder)
            : try keepApart(&entry, step.rawValue, as: pictures)
        let recorded = try Take(path: "\(folder)/\(take)")
        let report = try TrackRun.delay(
            of: recorded, stage: try TakeReplay.stage(of: recorded), camera: nil,
            folder: "\(folder)/\(kept.path)")
        entry.captures.append(kept)
        entry.results = ["\(step.rawValue)-report.json"]
        try SessionFile.write(report, to: "\(folder)/\(step.rawValue)-report.json")
        let off = abs(report.delayMilliseconds - report.configuredMilliseconds)
        let frame = stage.rate.period * 1000
        let found = String(
            format: "%.2f ms, the stage file has %.2f ms", report.delayMilliseconds,
            report.configuredMilliseconds)
        // A quarter of a frame is what §5 leaves.
        entry.verdicts = [
            off <= 0.25 * frame
                ? Verdict("delay", .pass, found)
                : Verdict("delay", .warning, found, advice: report.stageLine ?? "see the report")
        ]
        return entry
    }

    func geometry() throws -> SessionRecord.Entry {
        var entry = blank(.geometry)
        try captureDots("dots", poses: 24, enough: 12)
        let found = try readDots(&entry, "dots")
        var poses = found.captures
        // What a tape leaves; a surveyed wall is solved just as well.
        poses.accuracy.wallMeters = 0.005
        try poses.write(to: "\(folder)/poses.json")
        var grouped = poses
        grouped.groups = found.panels
        try grouped.write(to: "\(folder)/panels.json")
        entry.results = ["poses.json", "panels.json"]
        return entry
    }

    func lens() throws -> SessionRecord.Entry {
        var entry = blank(.lens)
        while true {
            let node = try answer(
                "Zoom and focus ring, 0 … 1, as 0,0.5 (Enter: no more places)")
            guard !node.isEmpty else { return entry }
            let parts = node.split(separator: ",").compactMap { Double($0) }
            guard parts.count == 2, parts.allSatisfy({ 0...1 ~= $0 }) else {
                desk.say("  \(node): two numbers of 0 … 1 are expected")
                continue
            }
            let name = "lens-\(entry.results.count + 1)"
            try captureDots(name, poses: 6, enough: 4)
            let found = try readDots(&entry, name, least: 4)
            try found.captures.write(to: "\(folder)/\(name).json")
            entry.results.append("\(name).json")
            entry.settings["\(name).json"] = "\(parts[0]),\(parts[1])"
        }
    }

    func color() throws -> SessionRecord.Entry {
        var entry = blank(.color)
        try showPatches()
        try filmPatches("patches") { try blink(Array(0..<PatchSet.own), seconds: 0.5) }
        let (footage, plate) = try keepFootage(&entry, "patches")
        let found = try PatchCaptures(
            footage, stage: stage, wall: 0, cell: FrameStripGrid.cellUsual, plate: plate)
        try found.samples.write(to: "\(folder)/samples.json")
        desk.say("  \(found.used) of \(found.pictures) pictures used")
        entry.results = ["samples.json"]
        // What the samples themselves say is said now, while the camera still stands there; the
        // colors to check with were not shown through the correction yet.
        var samples = found.samples
        samples.checks = []
        let report = ColorReport(samples, try ColorSolution(samples))
        entry.verdicts = found.verdicts + report.verdicts
        return entry
    }

    // MARK: - Parts

    func showPatches() throws {
        let panel = StageMiddle.panel(of: stage, wall: 0)
        try desk.set([
            ("pattern/panel", "\(panel + 1)"), ("pattern/cell", "\(FrameStripGrid.cellUsual)"),
            ("pattern/size", "\(StageMiddle.patchSize(of: stage, wall: 0))"),
            ("pattern/level", "\(0.3 * stage.walls[0].peakNits)"), ("pattern/step", "0"),
            ("pattern/show", "patches"),
        ])
    }

    /// Shows pictures of a pattern one after the other.
    func blink(_ steps: [Int], seconds: Double) throws {
        guard desk.request != nil else { return }
        for step in steps {
            try desk.set([("pattern/step", "\(step)")])
            desk.wait(seconds)
        }
    }

    /// Shows the dots at each pose the camera is carried to; `readDots` of that name reads them.
    func captureDots(_ name: String, poses: Int, enough: Int) throws {
        guard desk.request != nil else { return }
        try desk.set([
            ("pattern/cell", "\(SparseStrips.dotsCell(of: stage))"),
            ("pattern/level", "\(0.4 * peakNits)"),
            ("pattern/step", "1"), ("pattern/show", "dots"), ("take/record", "on"),
        ])
        var pose = 1
        while pose <= poses {
            let more = pose > enough ? " – d: enough" : ""
            if try answer("Pose \(pose) of \(poses): Enter when it stands still\(more)") == "d" {
                break
            }
            if try capturePose(into: "\(name)-pictures") { pose += 1 }
        }
        try desk.set([("take/record", "off")])
    }

    /// Shows every picture of the dots; false, and nothing is kept of it, where the camera's feed
    /// shows that they cannot be read from there.
    private func capturePose(into pictures: String) throws -> Bool {
        let count = DotPicture.count(dots: DotGrid.numbers(of: stage).count)
        do {
            let movie = try film(pictures) {
                desk.wait(0.6)
                try blink(Array(0..<count), seconds: Self.dotSpan)
                desk.wait(0.4)
            }
            try desk.set([("pattern/step", "1")])
            guard let movie else {
                desk.say("  captured; on to the next")
                return true
            }
            desk.say("  reading its pictures: leave the camera where it is")
            let verdicts = try judgeDots(movie)
            for verdict in verdicts where verdict.level > .pass { desk.say("    \(verdict)") }
            if verdicts.worst < .fail {
                let dots = verdicts.first { $0.subject == "dots" }?.finding
                desk.say("  captured" + (dots.map { ", dots: \($0)" } ?? ""))
                return true
            }
            try FileManager.default.removeItem(atPath: movie)
        } catch let error as RunError where feed != nil {
            // What was captured before is not lost by a feed that falters.
            desk.say("    \(error)")
        }
        desk.say("  Nothing of this pose is kept: capture it again, here or from another place.")
        return false
    }

    /// What is made of a pose's movie: of two pictures of each step where they do.
    private func judgeDots(_ movie: String) throws -> [Verdict] {
        func verdicts(spacing: Double) throws -> [Verdict] {
            DotCaptures.verdicts(
                of: try CameraFootage(movie, curve: feed?.words.curve, spacing: spacing),
                stage: stage, cell: SparseStrips.dotsCell(of: stage))
        }
        let some = try verdicts(spacing: Self.dotSpan / 2.5)
        return some.worst < .fail ? some : try verdicts(spacing: 0)
    }

    /// How long each picture of the dots is shown, seconds.
    private static let dotSpan = 0.2

    /// Reads the dots of what the camera recorded, and tells of each pose.
    func readDots(
        _ entry: inout SessionRecord.Entry, _ name: String, least: Int = TakeCaptures.viewsMin
    ) throws -> DotCaptures {
        let take = try keepTake(&entry, name)
        let (footage, _) = try keepFootage(&entry, "\(name)-pictures")
        let recorded = try Take(path: "\(folder)/\(take)")
        let found = try DotCaptures(
            take: recorded, stage: try TakeReplay.stage(of: recorded), camera: nil,
            footage: footage, least: least)
        for pause in found.pauses {
            desk.say("  pose \(pause.name): \(pause.dots) dots")
            for verdict in pause.verdicts where verdict.level > .pass {
                desk.say("    \(verdict)")
            }
        }
        let bad = found.pauses.filter { $0.verdicts.worst == .fail }
        entry.verdicts.append(
            found.captures.views.count >= 12 || name != "dots"
                ? Verdict("poses", .pass, "\(found.captures.views.count), \(bad.count) left out")
                : Verdict(
                    "poses", .warning, "\(found.captures.views.count), \(bad.count) left out",
                    advice: "20 are good: capture more"))
        return found
    }

    /// The take of what was just recorded, kept; its path in the folder.
    private func keepTake(_ entry: inout SessionRecord.Entry, _ name: String) throws -> String {
        let newest = SessionFile.newestTake(of: stage.name)
        let hint = newest.map { " [\($0)]" } ?? ""
        let given = try answer("The stage's take\(hint)")
        guard let path = given.isEmpty ? newest : given else {
            throw RunError("no take is known – give its path")
        }
        let kept = try SessionRecord.keep(path, as: "\(name)-take", in: folder)
        entry.captures.append(kept)
        return kept.path
    }

    /// What the camera recorded, kept, and what its numbers mean.
    func keepFootage(
        _ entry: inout SessionRecord.Entry, _ name: String
    ) throws -> (CameraFootage, PlateSpace) {
        var told: FootageWords
        if let feed {
            told = feed.words
            told.path = "\(recordings)/\(name)"
        } else {
            told = FootageWords(
                try answer(
                    "The camera's pictures: a folder, or a movie and its curve and primaries, as "
                        + "clip.mov logc4 ARRI Wide Gamut 4"))
        }
        let kept = try SessionRecord.keep(told.path, as: name, in: folder)
        entry.captures.append(kept)
        entry.settings["\(name)-curve"] = told.curve?.rawValue ?? ""
        entry.settings["\(name)-primaries"] = told.plate.rawValue
        return (try CameraFootage("\(folder)/\(kept.path)", curve: told.curve), told.plate)
    }
}

/// Files of a session.
enum SessionFile {
    /// Writes a result as JSON, whole or not at all.
    static func write(_ value: some Encodable, to path: String) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        try encoder.encode(value).write(to: URL(fileURLWithPath: path), options: .atomic)
    }

    /// The last take of a stage in `takes`, where `run` puts them.
    static func newestTake(of stage: String) -> String? {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "takes")) ?? []
        return names.filter { $0.hasPrefix("\(stage)-") && $0.hasSuffix(".take") }.max()
            .map { "takes/\($0)" }
    }
}
