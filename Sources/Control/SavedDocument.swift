import FrameModel

/// What became of a saved document that was read back.
public struct RestoreReport: Sendable, Equatable {
    /// Values put back.
    public var restored = 0
    /// Lines that were not understood, the first few, for the log.
    public var complaints: [String] = []
    /// Lines that were skipped, all of them.
    public var skipped = 0
}

/// The saved form: text lines, a version first, then `path value` of every single number that is
/// not at its default, a fade still under way as `path value from F start N frames L`,
/// `look SLOT FINGERPRINT FILE` of every slot with a look, `correction WALL FINGERPRINT FILE` of
/// every wall with a correction, `bake KEY FINGERPRINT` of every stack of
/// grades that is drawn by a table, and lines about the scenes (`SavedScenes`).
extension ShowDocument {
    private static let header = "cyclorama-show 1"

    /// The document as bytes, for whoever starts the stage again.
    ///
    /// The way back (undo) is not kept.
    public func saved(atFrame frame: Int64) -> [UInt8] {
        var text = "\(ShowDocument.header)\nrevision \(revision)\n"
        for slot in lookNames.indices where live.looks[slot] != 0 {
            let fingerprint = String(live.looks[slot], radix: 16)
            text += "look \(slot + 1) \(fingerprint) \(lookNames[slot])\n"
        }
        for (wall, named) in optics.walls.enumerated() where live.corrections[wall] != 0 {
            let fingerprint = String(live.corrections[wall], radix: 16)
            text += "correction \(named.name) \(fingerprint) \(correctionNames[wall])\n"
        }
        text += scenes.lines(live, atFrame: frame) + movieLines
        for index in 0..<LiveLayout.bakes where live.bakes[index].key != 0 {
            let (key, fingerprint) = (live.bakes[index].key, live.bakes[index].fingerprint)
            text += "bake \(String(key, radix: 16)) \(String(fingerprint, radix: 16))\n"
        }
        for parameter in tree.parameters where parameter.places.count == 1 {
            let value = live.values[parameter.places[0]]
            let isFading = value.end(after: frame) > frame
            if !isFading && value.to == parameter.defaults[0] { continue }
            let target =
                parameter.kind == .choice ? parameter.text([value.to]) : shortText(value.to)
            text += "\(parameter.path) \(target)"
            if isFading {
                text += " from \(shortText(value.from)) start \(value.startFrame)"
                text += " frames \(value.lengthFrames)"
            }
            text += "\n"
        }
        return Array(text.utf8)
    }

    /// Reads a saved document back over the defaults.
    ///
    /// Lines that are not understood, of parameters this stage does not have, or out of range are
    /// skipped and told; a wrong version restores nothing.
    public mutating func restore(_ bytes: [UInt8]) -> RestoreReport {
        var report = RestoreReport()
        guard bytes.count <= ControlLimits.savedBytes else {
            report.skip("saved show of \(bytes.count) bytes – at most \(ControlLimits.savedBytes)")
            return report
        }
        let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: true)
            .map { String(decoding: $0, as: UTF8.self) }
        guard lines.first == ShowDocument.header else {
            report.skip("saved show does not begin with “\(ShowDocument.header)”")
            return report
        }
        for line in lines.dropFirst() {
            let words = line.split(separator: " ").map(String.init)
            if words.count == 2, words[0] == "revision", let number = UInt64(words[1]),
                number <= UInt64(Int64.max)
            {
                restore(revision: number)
            } else if let look = ShowDocument.look(line) {
                restore(look: look.fingerprint, name: look.name, slot: look.slot)
                report.restored += 1
            } else if let saved = SavedCorrection(line), restore(saved) {
                report.restored += 1
            } else if let scene = SavedSceneLine(line) {
                restore(scene)
                report.restored += 1
            } else if restoreMovie(words) {
                report.restored += 1
            } else if let bake = ShowDocument.bake(words), restore(bake: bake) {
                report.restored += 1
            } else if let (place, value) = parsed(words) {
                restore(place: place, value: value)
                report.restored += 1
            } else {
                report.skip("skipped: \(line.prefix(120))")
            }
        }
        return report
    }

    /// A look a saved document names: its slot from 0, its fingerprint, what it was loaded from.
    public struct SavedLook: Sendable, Equatable {
        /// Slot, from 0.
        public var slot: Int
        /// Fingerprint of its numbers.
        public var fingerprint: UInt64
        /// What it was loaded from.
        public var name: String
    }

    /// The looks a saved document names.
    public static func looks(inSaved bytes: [UInt8]) -> [SavedLook] {
        bytes.split(separator: UInt8(ascii: "\n")).compactMap {
            look(String(decoding: $0, as: UTF8.self))
        }
    }

    /// The corrections a saved document names.
    public static func corrections(inSaved bytes: [UInt8]) -> [SavedCorrection] {
        bytes.split(separator: UInt8(ascii: "\n")).compactMap {
            SavedCorrection(String(decoding: $0, as: UTF8.self))
        }
    }

    /// The scenes a saved document names.
    public static func scenes(inSaved bytes: [UInt8]) -> SavedScenes {
        var scenes = SavedScenes()
        for line in bytes.split(separator: UInt8(ascii: "\n")) {
            switch SavedSceneLine(String(decoding: line, as: UTF8.self)) {
            case .shown(let reference, _): scenes.shown = reference
            case .leaving(let reference, _): scenes.leaving = reference
            case .held(let source): scenes.held.append(source)
            case .mix, nil: break
            }
        }
        return scenes
    }

    private static func bake(_ words: [String]) -> BakedStack? {
        guard words.count == 3, words[0] == "bake", let key = UInt64(words[1], radix: 16),
            let fingerprint = UInt64(words[2], radix: 16), key != 0, fingerprint != 0
        else { return nil }
        return BakedStack(key: key, fingerprint: fingerprint)
    }

    private static func look(_ line: String) -> SavedLook? {
        let words = line.split(separator: " ", maxSplits: 3, omittingEmptySubsequences: false)
        guard words.count == 4, words[0] == "look", let slot = Int(words[1]),
            1...LiveLayout.lookSlots ~= slot, let fingerprint = UInt64(words[2], radix: 16),
            fingerprint != 0
        else { return nil }
        return SavedLook(slot: slot - 1, fingerprint: fingerprint, name: String(words[3]))
    }

    private func parsed(_ words: [String]) -> (place: Int, value: FadedValue)? {
        guard words.count == 2 || words.count == 8, let parameter = tree[words[0]],
            parameter.places.count == 1, let to = number(words[1], of: parameter),
            parameter.kind != .boolean || to == 0 || to == 1
        else { return nil }
        if words.count == 2 { return (parameter.places[0], FadedValue(to)) }
        let longest = Int64(ControlLimits.fadeSeconds * 1000)
        guard words[2] == "from", words[4] == "start", words[6] == "frames",
            let from = number(words[3], of: parameter), let start = Int64(words[5]),
            let length = Int64(words[7]), 0...longest ~= length, 0...(Int64.max / 2) ~= start
        else { return nil }
        let value = FadedValue(from: from, to: to, startFrame: start, lengthFrames: length)
        return (parameter.places[0], value)
    }

    private func number(_ word: String, of parameter: Parameter) -> Double? {
        if parameter.kind == .choice {
            return parameter.words.firstIndex(of: word).map(Double.init)
        }
        guard let value = Double(word), parameter.range.contains(value) else { return nil }
        return value
    }
}

extension RestoreReport {
    fileprivate mutating func skip(_ complaint: String) {
        skipped += 1
        if complaints.count < ControlLimits.complaints { complaints.append(complaint) }
    }
}
