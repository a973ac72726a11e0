/// One request line, understood.
enum Request: Equatable {
    case get(String)
    case edit(Edit)
    case list(String)
    case help(String)
    case subscribe(String)
    case unsubscribe(String)
    /// The newest so many lines of the event log.
    case events(Int)
    /// Looks and corrections in files.
    case look(LookRequest)
    /// Walls' corrections in files.
    case correction(CorrectionRequest)
    /// Scenes.
    case scene(SceneRequest)
    /// Every step of the probed pixel's color.
    case probe
    case version
    case quit
    /// An empty line or a comment: no answer.
    case nothing

    /// Every verb with its form and what it does, for `help`.
    static let forms =
        ownForms + SceneRequest.forms + LookRequest.forms + CorrectionRequest.forms

    private static let ownForms = [
        "get PATH                        the value of a parameter, or of everything under PATH",
        "set PATH VALUE… [fade T]        change one parameter; T is seconds (2s) or frames (48f)",
        "reset PATH [fade T]             back to the default, PATH and everything under it",
        "undo [fade T]                   take the last edit back",
        "list [PATH]                     every parameter with its value",
        "help [PATH]                     this, or what a parameter is",
        "subscribe [PATH]                a line `PATH VALUE rN` now and at every change",
        "unsubscribe [PATH]              no more of them",
        "events [N]                      the newest lines of the event log: "
            + "\(ControlLimits.eventLinesUsual) if N is not given, at most "
            + "\(ControlLimits.eventLines)",
        "probe                           every step of the color of the pixel probe/wall, probe/x "
            + "and probe/y name",
        "version                         the protocol and the revision of the last edit",
        "quit                            end the session",
    ]

    struct Complaint: Error, Equatable { let reason: String }

    /// Understands a line; verbs and paths in any case, words parted by blanks.
    static func parse(_ line: Substring) -> Result<Request, Complaint> {
        var words = line.split(whereSeparator: { $0 == " " || $0 == "\t" }).map(String.init)
        // Actions are also paths: scene/take NAME.
        if let action = words.first, action.lowercased().hasPrefix("scene/") {
            words.replaceSubrange(0...0, with: ["scene", String(action.dropFirst(6))])
        }
        guard let first = words.first, !first.hasPrefix("#") else { return .success(.nothing) }
        let rest = Array(words.dropFirst())
        switch first.lowercased() {
        case "get": return path(rest, verb: "get").map { .get($0) }
        case "set": return set(rest)
        case "reset":
            return fade(rest).flatMap { words, fade in
                path(words, verb: "reset").map { .edit(.reset(path: $0, fade: fade)) }
            }
        case "undo":
            return fade(rest).flatMap { words, fade in
                words.isEmpty
                    ? .success(.edit(.undo(fade: fade)))
                    : .failure(Complaint(reason: "undo takes nothing but a fade"))
            }
        case "list": return optionalPath(rest, verb: "list").map { .list($0) }
        case "help": return optionalPath(rest, verb: "help").map { .help($0) }
        case "subscribe": return optionalPath(rest, verb: "subscribe").map { .subscribe($0) }
        case "unsubscribe": return optionalPath(rest, verb: "unsubscribe").map { .unsubscribe($0) }
        case "events": return events(rest)
        case "lut", "cdl":
            return LookRequest.parse(first.lowercased(), rest).map { .look($0) }
        case "correction": return CorrectionRequest.parse(rest).map { .correction($0) }
        case "scene": return SceneRequest.parse(rest).map { .scene($0) }
        case "probe":
            return rest.isEmpty
                ? .success(.probe)
                : .failure(
                    Complaint(reason: "probe takes nothing: set probe/wall, probe/x and probe/y"))
        case "version": return .success(.version)
        case "quit", "exit": return .success(.quit)
        default:
            let verb = first.prefix(40)
            return .failure(Complaint(reason: "no request “\(verb)” – `help` shows what there is"))
        }
    }

    private static func path(_ words: [String], verb: String) -> Result<String, Complaint> {
        guard words.count == 1 else {
            return .failure(Complaint(reason: "\(verb) takes one path, got \(words.count)"))
        }
        return .success(words[0])
    }

    private static func optionalPath(_ words: [String], verb: String) -> Result<String, Complaint> {
        words.isEmpty ? .success("") : path(words, verb: verb)
    }

    private static func events(_ words: [String]) -> Result<Request, Complaint> {
        guard let word = words.first else {
            return .success(.events(ControlLimits.eventLinesUsual))
        }
        guard words.count == 1, let count = Int(word), 1...ControlLimits.eventLines ~= count else {
            return .failure(
                Complaint(reason: "events takes how many: 1 to \(ControlLimits.eventLines)"))
        }
        return .success(.events(count))
    }

    private static func set(_ words: [String]) -> Result<Request, Complaint> {
        fade(words).flatMap { words, fade in
            guard let path = words.first, words.count >= 2 else {
                return .failure(Complaint(reason: "set takes a path and a value: set PATH VALUE…"))
            }
            if words.count == 2, number(words[1]) == nil {
                return .success(.edit(.choose(path: path, word: words[1], fade: fade)))
            }
            var values: [Double] = []
            for word in words.dropFirst() {
                guard let value = number(word) else {
                    let text = word.prefix(40)
                    return .failure(
                        Complaint(reason: "“\(text)” is not a number, nor on or off"))
                }
                values.append(value)
            }
            return .success(.edit(.set(path: path, values: values, fade: fade)))
        }
    }

    /// Takes `fade T` off the end of the words.
    static func fade(_ words: [String]) -> Result<([String], Fade), Complaint> {
        guard let at = words.firstIndex(where: { $0.lowercased() == "fade" }) else {
            return .success((words, .none))
        }
        let after = words[(at + 1)...]
        guard after.count == 1, let length = after.first?.lowercased() else {
            return .failure(
                Complaint(reason: "fade takes one length: seconds (2s) or frames (48f)"))
        }
        let before = Array(words[..<at])
        if length.hasSuffix("f"), let frames = Int64(length.dropLast()) {
            return .success((before, .frames(frames)))
        }
        if let seconds = Double(length.hasSuffix("s") ? String(length.dropLast()) : length),
            seconds.isFinite
        {
            return .success((before, .seconds(seconds)))
        }
        let text = length.prefix(40)
        return .failure(Complaint(reason: "fade “\(text)” – seconds (2s) or frames (48f)"))
    }

    private static func number(_ word: String) -> Double? {
        switch word.lowercased() {
        case "on", "true", "yes": return 1
        case "off", "false", "no": return 0
        default: return Double(word)
        }
    }
}
