import FrameModel

/// A request about scenes.
enum SceneRequest: Equatable {
    case list
    case load(String)
    case unload(String)
    case take(String, Fade)
    case next(Fade)
    case viewpoint(String, Fade)
    case cue(String)

    /// The forms, for `help`.
    static let forms = [
        "scene list                      the scenes there are, with their memory and what they do",
        "scene load NAME                 gets one ready beside the running one; a name or a folder",
        "scene take NAME [fade T]        puts a ready one on the wall: a cut, or a crossfade",
        "scene next [fade T]             the same with the next ready one of the list",
        "scene unload NAME               gives its memory back",
        "scene viewpoint NAME [fade T]   stands the stage at a place the scene names",
        "scene cue NAME                  sends a movie to a place in it the scene names",
    ]

    /// Understands the words after `scene`, the first of them in any case.
    static func parse(_ words: [String]) -> Result<SceneRequest, Request.Complaint> {
        let verb = words.first?.lowercased() ?? ""
        return Request.fade(Array(words.dropFirst())).flatMap { rest, fade in
            let name = rest.joined(separator: " ")
            func complaint(_ reason: String) -> Result<SceneRequest, Request.Complaint> {
                .failure(Request.Complaint(reason: reason))
            }
            switch verb {
            case "list": return .success(.list)
            case "load", "unload", "cue":
                guard !name.isEmpty, fade == .none else {
                    return complaint(
                        "scene \(verb) takes a \(verb == "cue" ? "cue" : "scene")'s name")
                }
                return .success(
                    verb == "load" ? .load(name) : verb == "cue" ? .cue(name) : .unload(name))
            case "take", "viewpoint":
                guard !name.isEmpty else {
                    return complaint("scene \(verb) takes a name, and a fade if it is not to cut")
                }
                return .success(verb == "take" ? .take(name, fade) : .viewpoint(name, fade))
            case "next":
                guard rest.isEmpty else { return complaint("scene next takes nothing but a fade") }
                return .success(.next(fade))
            default:
                return complaint(
                    "scene list, load, take, next, unload, viewpoint or cue – see `help`")
            }
        }
    }
}

extension ShowDocument {
    /// Does what a request about scenes asks for.
    mutating func answer(
        _ request: SceneRequest, atFrame frame: Int64, _ actions: SceneActions
    ) -> RequestAnswer {
        switch request {
        case .list:
            let lines = actions.list().map(oneLine)
            return RequestAnswer(lines: lines + ["ok \(lines.count) scenes"])
        case .load(let name): return accepted(actions.load(name))
        case .unload(let name): return accepted(actions.unload(name, scenesInUse(atFrame: frame)))
        case .take(let name, let fade): return take(actions.ready(name), fade, atFrame: frame)
        case .next(let fade): return take(actions.next(live.scene), fade, atFrame: frame)
        case .viewpoint(let name, let fade):
            return stand(at: name, fade, atFrame: frame, actions.shown(live.scene))
        case .cue(let name): return cue(name, atFrame: frame, actions.shown(live.scene))
        }
    }

    private func accepted(_ result: Result<String, SceneActions.Refusal>) -> RequestAnswer {
        switch result {
        case .success(let text): RequestAnswer(lines: ["accepted: \(oneLine(text))"])
        case .failure(let refusal): .refused(refusal.reason)
        }
    }

    private mutating func take(
        _ found: Result<WarmScene, SceneActions.Refusal>, _ fade: Fade, atFrame frame: Int64
    ) -> RequestAnswer {
        switch found {
        case .failure(let refusal): return .refused(refusal.reason)
        case .success(let scene):
            let answer = take(scene, fade: fade, atFrame: frame)
            if case .refused(let reason) = answer { return .refused(reason) }
            let text = "scene \(oneLine(scene.name))\(fade.text)"
            return RequestAnswer(
                lines: ["\(answer.line), \(text)"],
                note: EditNote(subject: "scene", text: text))
        }
    }

    /// Sends the movie of a cue to its place.
    private mutating func cue(
        _ name: String, atFrame frame: Int64, _ scene: WarmScene?
    ) -> RequestAnswer {
        guard let scene, !scene.cues.isEmpty else {
            return .refused("the scene on the wall names no cue – a movie in its scene.yaml may")
        }
        guard let cue = scene.cues.first(where: { $0.name.lowercased() == name.lowercased() })
        else {
            let known = scene.cues.map(\.name).joined(separator: ", ")
            return .refused("no cue “\(name.prefix(60))” – known are \(known)")
        }
        let answer = self.cue(cue, atFrame: frame)
        let text = "cue \(oneLine(cue.name)) of \(oneLine(scene.name))"
        return RequestAnswer(
            lines: ["\(answer.line), \(text)"], note: EditNote(subject: "cue", text: text))
    }

    /// Moves and turns the world so that a place in the scene is the middle of the stage.
    private mutating func stand(
        at name: String, _ fade: Fade, atFrame frame: Int64, _ scene: WarmScene?
    ) -> RequestAnswer {
        guard let scene, !scene.viewpoints.isEmpty else {
            return .refused("the scene on the wall names no viewpoint – its scene.yaml may")
        }
        guard
            let place = scene.viewpoints.first(where: {
                $0.name.lowercased() == name.lowercased()
            })
        else {
            let known = scene.viewpoints.map(\.name).joined(separator: ", ")
            return .refused("no viewpoint “\(name.prefix(60))” – known are \(known)")
        }
        let answer = stand(at: place, fade: fade, atFrame: frame)
        if case .refused(let reason) = answer { return .refused(reason) }
        let text = "viewpoint \(oneLine(place.name)) of \(oneLine(scene.name))\(fade.text)"
        return RequestAnswer(
            lines: ["\(answer.line), \(text)"], note: EditNote(subject: "viewpoint", text: text))
    }
}
