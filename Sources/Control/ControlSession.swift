public import FrameModel

/// What a session may look at besides the document.
public struct SessionContext: Sendable {
    /// The frame the next edit shows with.
    public var frame: Int64
    /// Any steady clock, nanoseconds; paces notices.
    public var nanoseconds: Int64
    /// The loop's numbers.
    public var status: StatusBoard
    /// The newest lines of the event log.
    public var events: EventTail
    /// What reads and writes look files.
    public var looks: LookActions
    /// What reads walls' corrections.
    public var corrections: CorrectionActions
    /// What loads scenes and gives them back.
    public var scenes: SceneActions
    /// What was found at the probed pixel last.
    public var probed: ProbeSample?

    /// A moment of the running stage.
    public init(
        frame: Int64, nanoseconds: Int64, status: StatusBoard, events: EventTail = EventTail(),
        looks: LookActions = .none, corrections: CorrectionActions = .none,
        scenes: SceneActions = .none, probed: ProbeSample? = nil
    ) {
        self.frame = frame
        self.nanoseconds = nanoseconds
        self.status = status
        self.events = events
        self.looks = looks
        self.corrections = corrections
        self.scenes = scenes
        self.probed = probed
    }
}

/// One operator's text session: bytes in, answers out; no sockets, no clock of its own.
///
/// A request is a line of at most `ControlLimits.lineBytes` bytes. Every request is answered; the
/// last line of an answer starts with `ok`, `applied`, `clamped`, `accepted` (it will take a while)
/// or `refused`, so that a script can tell. Values between are lines `PATH VALUE… [UNIT]`, events
/// begin with their timecode. Notices of subscriptions are lines `PATH VALUE… rN` (status numbers
/// without the revision) and come between answers.
public struct ControlSession: Sendable {
    /// Asked to end: send what is in `output`, then close.
    public private(set) var isEnding = false
    /// More answers than the backlog takes were asked for at once: close.
    public private(set) var isOverflowing = false
    /// Requests answered with a refusal.
    public private(set) var refusals = 0

    private var splitter = LineSplitter()
    private var output: [UInt8] = []
    private var edits: [EditNote] = []
    private var subscriptions: [Int: Notice] = [:]

    /// What a subscriber was last told of one parameter.
    private struct Notice {
        var values: [Double]
        var revision: UInt64
        var nanoseconds: Int64
    }

    /// A session nobody has spoken in yet.
    public init() {}

    /// Answers not yet taken, and takes them.
    public mutating func takeOutput() -> [UInt8] {
        defer { output = [] }
        return output
    }

    /// Edits made and not yet taken, and takes them; for the event log.
    public mutating func takeEdits() -> [EditNote] {
        defer { edits = [] }
        return edits
    }

    /// A notice may become due without anybody asking: call `notify` again later.
    public var hasSubscriptions: Bool { !subscriptions.isEmpty }

    /// Reads bytes as they came and answers every request that is complete.
    public mutating func receive(
        _ bytes: [UInt8], document: inout ShowDocument, context: SessionContext
    ) {
        var rest = bytes[...]
        while !rest.isEmpty, !isEnding, !isOverflowing {
            let (event, taken) = splitter.next(rest)
            rest = rest.dropFirst(taken)
            switch event {
            case .line(let line):
                answer(line, document: &document, context: context)
            case .tooLong:
                refuse("line longer than \(ControlLimits.lineBytes) bytes – the rest is skipped")
            case nil: break
            }
            if output.count > ControlLimits.backlogBytes { isOverflowing = true }
        }
    }

    // MARK: - Requests

    private mutating func answer(
        _ line: [UInt8], document: inout ShowDocument, context: SessionContext
    ) {
        guard let text = String(validating: line, as: UTF8.self) else {
            return refuse("not text – requests are lines of UTF-8")
        }
        switch Request.parse(text[...]) {
        case .failure(let complaint): refuse(complaint.reason)
        case .success(.nothing): break
        case .success(.edit(let edit)):
            make(edit, &document, context)
        case .success(.get(let path)): get(path, document, context)
        case .success(.list(let path)): list(path, document, context)
        case .success(.help(let path)): help(path, document)
        case .success(.subscribe(let path)): subscribe(path, document, context)
        case .success(.unsubscribe(let path)): unsubscribe(path, document)
        case .success(.events(let count)): events(count, context)
        case .success(.look(let request)):
            tell(document.answer(request, atFrame: context.frame, context.looks))
        case .success(.scene(let request)):
            tell(document.answer(request, atFrame: context.frame, context.scenes))
        case .success(.correction(let request)):
            tell(document.answer(request, context.corrections))
        case .success(.probe): probe(document, context)
        case .success(.version): say("ok cyclorama-control 1 r\(document.revision)")
        case .success(.quit): isEnding = true
        }
    }

    private mutating func say(_ line: String) {
        output.append(contentsOf: line.utf8)
        output.append(UInt8(ascii: "\n"))
    }

    private mutating func refuse(_ reason: String) {
        refusals += 1
        // A reason may quote the request.
        say("refused: \(oneLine(reason))")
    }

    private mutating func make(
        _ edit: Edit, _ document: inout ShowDocument, _ context: SessionContext
    ) {
        let wasBlack = document.isBlack
        let answer = document.apply(edit, atFrame: context.frame)
        if case .refused(let reason) = answer { return refuse(reason) }
        say(answer.line)
        edits.append(EditNote(edit, in: document, wasBlack: wasBlack))
    }

    private mutating func tell(_ answer: RequestAnswer) {
        if answer.isRefused { return refuse(answer.lines.last ?? "") }
        for line in answer.lines { say(line) }
        if let note = answer.note { edits.append(note) }
    }

    private mutating func probe(_ document: ShowDocument, _ context: SessionContext) {
        let wall = Int(document.target(document.tree["probe/wall"]!)[0]) - 1
        let limiter = wall < 0 ? 0 : context.status.read(WallStatusField.limiter, wall: wall) / 100
        let answer = document.probeLines(
            context.probed, atFrame: context.frame, limiter: limiter > 0 ? limiter : 1,
            looks: context.looks, corrections: context.corrections)
        switch answer {
        case .failure(let complaint): refuse(complaint.reason)
        case .success(let lines):
            for line in lines { say(oneLine(line)) }
            say("ok \(lines.count) lines r\(document.revision)")
        }
    }

    private mutating func events(_ count: Int, _ context: SessionContext) {
        let lines = context.events.newest(count)
        for line in lines { say(line) }
        say("ok \(lines.count) events")
    }

    private mutating func get(
        _ path: String, _ document: ShowDocument, _ context: SessionContext
    ) {
        guard let parameter = document.tree[path] else {
            return list(path, document, context)
        }
        var line = "ok \(parameter.path) "
        line += parameter.text(document.target(parameter, status: context.status))
        let toGo = document.framesToGo(parameter, atFrame: context.frame)
        if toGo > 0 {
            let now = document.values(parameter, atFrame: context.frame)
            line += " (now \(now.map(shortText).joined(separator: " ")), \(toGo) frames to go)"
        }
        say(line)
    }

    private mutating func list(
        _ path: String, _ document: ShowDocument, _ context: SessionContext
    ) {
        let found = document.tree.indices(under: path)
        guard !found.isEmpty else { return refuse(document.noSuch(path)) }
        for index in found {
            let parameter = document.tree.parameters[index]
            let value = parameter.text(document.target(parameter, status: context.status))
            say("\(parameter.path) \(value)\(parameter.unit.isEmpty ? "" : " ")\(parameter.unit)")
        }
        say("ok \(found.count) parameters r\(document.revision)")
    }

    private mutating func help(_ path: String, _ document: ShowDocument) {
        if path.isEmpty {
            for form in Request.forms { say(form) }
            return say("ok")
        }
        let found = document.tree.indices(under: path)
        guard !found.isEmpty else { return refuse(document.noSuch(path)) }
        for index in found { say(document.tree.parameters[index].description) }
        say("ok")
    }

    // MARK: - Subscriptions

    private mutating func subscribe(
        _ path: String, _ document: ShowDocument, _ context: SessionContext
    ) {
        let found = document.tree.indices(under: path)
        guard !found.isEmpty else { return refuse(document.noSuch(path)) }
        for index in found { tell(index, document, context) }
        say("ok \(found.count) subscribed r\(document.revision)")
    }

    private mutating func unsubscribe(_ path: String, _ document: ShowDocument) {
        let found = document.tree.indices(under: path)
        guard !found.isEmpty else { return refuse(document.noSuch(path)) }
        let before = subscriptions.count
        for index in found { subscriptions[index] = nil }
        say("ok \(before - subscriptions.count) unsubscribed")
    }

    private mutating func tell(_ index: Int, _ document: ShowDocument, _ context: SessionContext) {
        let parameter = document.tree.parameters[index]
        let values = document.target(parameter, status: context.status)
        let revision = document.revision(of: parameter)
        subscriptions[index] = Notice(
            values: values, revision: revision, nanoseconds: context.nanoseconds)
        let suffix = parameter.isReadOnly ? "" : " r\(revision)"
        say("\(parameter.path) \(parameter.text(values))\(suffix)")
    }

    /// Tells a subscriber what has changed, at most 30 times a second for each parameter.
    ///
    /// The last value always comes.
    /// - Returns: nanoseconds until something more is due, nil when nothing is.
    public mutating func notify(_ document: ShowDocument, context: SessionContext) -> Int64? {
        var wait: Int64?
        for (index, last) in subscriptions.sorted(by: { $0.key < $1.key }) {
            let parameter = document.tree.parameters[index]
            let isChanged =
                parameter.isReadOnly
                ? document.target(parameter, status: context.status) != last.values
                : document.revision(of: parameter) != last.revision
            let passed = context.nanoseconds - last.nanoseconds
            if isChanged && passed >= ControlLimits.noticeInterval {
                tell(index, document, context)
            }
            // A status number changes without an edit: it is looked at again and again.
            if parameter.isReadOnly {
                wait = Swift.min(wait ?? .max, ControlLimits.noticeInterval)
            } else if isChanged && passed < ControlLimits.noticeInterval {
                wait = Swift.min(wait ?? .max, ControlLimits.noticeInterval - passed)
            }
        }
        return wait
    }
}
