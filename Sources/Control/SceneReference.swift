import FrameModel

/// A scene by what outlives a run: what it is loaded from, and the fingerprint of what is drawn.
public struct SceneReference: Sendable, Equatable {
    /// A path, or `generated:` and a name.
    public var source: String
    /// Fingerprint of the baked scene; 0: not known.
    public var fingerprint: UInt64

    /// A scene of a source.
    public init(source: String, fingerprint: UInt64) {
        self.source = source
        self.fingerprint = fingerprint
    }
}

/// The scenes of a saved document: one on the wall, the one a crossfade comes from, and those held
/// ready beside them.
public struct SavedScenes: Sendable, Equatable {
    /// The scene on the wall, or the one a crossfade goes to.
    public var shown: SceneReference?
    /// The scene a crossfade comes from.
    public var leaving: SceneReference?
    /// What the scenes were loaded from that are held, those on the wall included.
    ///
    /// No part of a document: whoever holds them says so by `heldLines`.
    public var held: [String] = []

    /// The scenes a document names, none when nothing is given.
    public init(shown: SceneReference? = nil, leaving: SceneReference? = nil) {
        (self.shown, self.leaving) = (shown, leaving)
    }

    /// Lines of a saved document's form that say which scenes are held: `scene held 0 0 SOURCE`.
    public static func heldLines(_ sources: [String]) -> [UInt8] {
        Array(
            sources.filter { !$0.contains("\n") }.map { "scene held 0 0 \($0)\n" }.joined().utf8)
    }

    /// Lines of the saved form: `scene shown START FINGERPRINT SOURCE`, the same for the leaving
    /// one, and `scene mix FROM START FRAMES` of a crossfade.
    func lines(_ live: LiveState, atFrame frame: Int64) -> String {
        func line(_ word: String, _ reference: SceneReference, _ inUse: SceneInUse) -> String {
            let print = String(reference.fingerprint, radix: 16)
            return "scene \(word) \(inUse.startFrame) \(print) \(reference.source)\n"
        }
        var text = shown.map { line("shown", $0, live.scene) } ?? ""
        guard let leaving, live.sceneMix.end(after: frame) > frame else { return text }
        text += line("leaving", leaving, live.leaving)
        let mix = live.sceneMix
        return text + "scene mix \(shortText(mix.from)) \(mix.startFrame) \(mix.lengthFrames)\n"
    }
}

/// One line of a saved document about scenes.
enum SavedSceneLine {
    case shown(SceneReference, startFrame: Int64)
    case leaving(SceneReference, startFrame: Int64)
    case mix(FadedValue)
    case held(source: String)

    /// Understands a line; nil when it is none of these.
    init?(_ line: String) {
        let words = line.split(separator: " ", maxSplits: 4, omittingEmptySubsequences: false)
        guard words.count == 5, words[0] == "scene" else { return nil }
        let frames = 0...(Int64.max / 2)
        if words[1] == "mix" {
            guard let from = Double(words[2]), 0...1 ~= from, let start = Int64(words[3]),
                let length = Int64(words[4]), frames ~= start,
                0...Int64(ControlLimits.fadeSeconds * 1000) ~= length
            else { return nil }
            self = .mix(
                FadedValue(from: from, to: 1, startFrame: start, lengthFrames: length))
            return
        }
        guard let start = Int64(words[2]), frames ~= start,
            let fingerprint = UInt64(words[3], radix: 16), !words[4].isEmpty
        else { return nil }
        let reference = SceneReference(source: String(words[4]), fingerprint: fingerprint)
        switch words[1] {
        case "shown": self = .shown(reference, startFrame: start)
        case "leaving": self = .leaving(reference, startFrame: start)
        case "held": self = .held(source: reference.source)
        default: return nil
        }
    }
}
