public import FrameModel
import Geometry
public import StageModel
import Timing

/// What the show is set to now: the values of every parameter, their revision, and the way back.
///
/// An ordinary value; the control thread is its only writer. `live` is what the loop is given.
public struct ShowDocument: Sendable {
    /// The parameters there are.
    public let tree: ParameterTree
    /// The state the loop is to show.
    public internal(set) var live = LiveState()
    /// What the look of each slot was loaded from; empty for none.
    public private(set) var lookNames = Array(repeating: "", count: LiveLayout.lookSlots)
    /// What each wall's correction was loaded from; empty for none.
    public private(set) var correctionNames = Array(repeating: "", count: StageLimits.walls)
    /// What the scenes of `live` are by themselves.
    public private(set) var scenes = SavedScenes()
    /// Revision at which each place of `live.values` was last changed.
    private var changed: [UInt64]
    private var history: [[Change]] = []
    private let rate: FrameRate
    /// Seconds from frame to frame.
    var period: Double { rate.period }
    /// What there is to know of the stage's light.
    let optics: StageOptics
    /// Whether each place can fade; switches other than the blackout cannot.
    private let fades: [Bool]

    private struct Change: Sendable {
        let place: Int
        let value: Double
    }

    /// Everything at its default, revision 0.
    public init(stage: Stage) {
        tree = ParameterTree(stage: stage)
        rate = stage.rate
        optics = StageOptics(stage)
        changed = Array(repeating: 0, count: live.values.count)
        // Some defaults are the stage's own.
        for parameter in tree.parameters {
            for (place, value) in zip(parameter.places, parameter.defaults) {
                live.values[place] = FadedValue(value)
            }
        }
        var fades = Array(repeating: true, count: live.values.count)
        for parameter in tree.parameters where !parameter.takesFade {
            for place in parameter.places { fades[place] = false }
        }
        self.fades = fades
    }

    /// The document that shows a live state of the same stage; nothing to undo.
    /// - Parameters:
    ///   - lookName: what the look of a fingerprint was loaded from.
    ///   - correctionName: what the correction of a fingerprint was loaded from.
    ///   - scene: what the scene in a slot is by itself.
    public init(
        stage: Stage, showing live: LiveState, lookName: (UInt64) -> String = { _ in "" },
        correctionName: (UInt64) -> String = { _ in "" },
        scene: (SceneInUse) -> SceneReference? = { _ in nil }
    ) {
        self.init(stage: stage)
        self.live = live
        for slot in lookNames.indices where live.looks[slot] != 0 {
            lookNames[slot] = lookName(live.looks[slot])
        }
        for wall in correctionNames.indices where live.corrections[wall] != 0 {
            correctionNames[wall] = correctionName(live.corrections[wall])
        }
        scenes = SavedScenes(shown: scene(live.scene), leaving: scene(live.leaving))
    }

    /// Number of edits made; the r123 of an answer.
    public var revision: UInt64 { live.revision }

    /// Edits that can be undone.
    public var undoCount: Int { history.count }

    /// The blackout is on, or fading to on.
    public var isBlack: Bool {
        live.values[LiveLayout.stage + StageField.blackout.rawValue].to > 0.5
    }

    /// The values a parameter stands at or is fading to; status numbers come from the board.
    public func target(_ parameter: Parameter, status: StatusBoard? = nil) -> [Double] {
        switch parameter.place {
        case .live(let places): return places.map { live.values[$0].to }
        case .status(let field): return [status?.read(field) ?? 0]
        case .cameraStatus(let field, let camera):
            return [status?.read(field, camera: camera) ?? 0]
        case .sourceStatus(let field, let source):
            return [status?.read(field, source: source) ?? 0]
        case .sceneStatus(let field, let slot):
            return [status?.read(field, slot: slot) ?? 0]
        case .wallStatus(let field, let wall): return [status?.read(field, wall: wall) ?? 0]
        case .movieStatus(let field, let movie): return [status?.read(field, movie: movie) ?? 0]
        case .exposure(let field, let camera): return [read(field, camera: camera)]
        }
    }

    /// The values a parameter has at a frame, on the way of a fade.
    public func values(_ parameter: Parameter, atFrame frame: Int64) -> [Double] {
        parameter.places.map { live.values[$0].value(at: frame) }
    }

    /// Frames until the last component of a parameter has arrived.
    public func framesToGo(_ parameter: Parameter, atFrame frame: Int64) -> Int64 {
        parameter.places.map { live.values[$0].end(after: frame) - frame }.max() ?? 0
    }

    /// Revision at which a parameter was last changed.
    public func revision(of parameter: Parameter) -> UInt64 {
        parameter.places.map { changed[$0] }.max() ?? 0
    }

    /// Makes a change that shows from a frame on; fades start from where the values stand then.
    ///
    /// A refusal changes nothing.
    public mutating func apply(_ edit: Edit, atFrame frame: Int64) -> EditAnswer {
        switch edit {
        case .set(let path, let values, let fade):
            return set(path: path, values: values, fade: fade, atFrame: frame)
        case .choose(let path, let word, let fade):
            return choose(path: path, word: word, fade: fade, atFrame: frame)
        case .setAll(let all): return set(all, atFrame: frame)
        case .reset(let path, let fade): return reset(path: path, fade: fade, atFrame: frame)
        case .undo(let fade): return undo(fade: fade, atFrame: frame)
        }
    }

    /// Cuts to a scene: a slot of the asset table and its generation, −1 for black.
    ///
    /// Not an operator's edit: it has a revision but no undo.
    public mutating func show(
        sceneSlot: Int32, generation: UInt32, atFrame frame: Int64 = 0,
        reference: SceneReference? = nil, movieSpeeds: [Double] = []
    ) {
        live.revision += 1
        beginMovies(movieSpeeds, atFrame: frame, leaves: false)
        live.scene = SceneInUse(slot: sceneSlot, generation: generation, startFrame: frame)
        live.leaving = .none
        live.sceneMix = FadedValue(1)
        scenes = SavedScenes(shown: reference)
    }

    /// Cuts or crossfades to a scene from a frame on.
    ///
    /// A crossfade can be turned back by one to the scene it came from; to a third scene there is
    /// only a cut until it is over. Not undone: the scene may have been given back.
    public mutating func take(
        _ scene: WarmScene, fade: Fade, atFrame frame: Int64
    ) -> EditAnswer {
        let length: Int64
        switch frames(of: fade) {
        case .failure(let complaint): return .refused(complaint.reason)
        case .success(let frames): length = frames
        }
        let new = SceneInUse(slot: scene.slot, generation: scene.generation, startFrame: frame)
        let mix = live.sceneMix.value(at: frame)
        guard length > 0, live.scene.slot >= 0 else {
            show(
                sceneSlot: new.slot, generation: new.generation, atFrame: frame,
                reference: scene.reference, movieSpeeds: scene.movieSpeeds)
            return .applied(revision: revision)
        }
        if mix < 1, live.leaving.slot >= 0 {
            guard new.isSame(as: live.leaving) else {
                let toGo = live.sceneMix.end(after: frame) - frame
                return .refused(
                    "a crossfade is under way, \(toGo) frames to go – take it then, or cut")
            }
            (live.scene, live.leaving) = (live.leaving, live.scene)
            (scenes.shown, scenes.leaving) = (scenes.leaving, scenes.shown)
            swapMovies()
        } else {
            beginMovies(scene.movieSpeeds, atFrame: frame, leaves: true)
            (live.scene, live.leaving) = (new, live.scene)
            (scenes.shown, scenes.leaving) = (scene.reference, scenes.shown)
        }
        live.revision += 1
        live.sceneMix = FadedValue(
            from: mix < 1 ? 1 - mix : 0, to: 1, startFrame: frame, lengthFrames: length)
        return .applied(revision: revision)
    }

    /// The scenes that frames from one on draw.
    public func scenesInUse(atFrame frame: Int64) -> [SceneInUse] {
        let isFading = live.sceneMix.value(at: frame) < 1
        return (isFading ? [live.scene, live.leaving] : [live.scene]).filter { $0.slot >= 0 }
    }

    /// Stands the stage at a place in the scene: moves and turns the world, scaled and raised as
    /// it is.
    public mutating func stand(
        at place: Viewpoint, fade: Fade, atFrame frame: Int64
    ) -> EditAnswer {
        let length: Int64
        switch frames(of: fade) {
        case .failure(let complaint): return .refused(complaint.reason)
        case .success(let frames): length = frames
        }
        let base = LiveLayout.scene
        let scale = live.values[base + SceneField.scale.rawValue].to
        let horizon = live.values[base + SceneField.horizon.rawValue].to * (.pi / 180)
        let turn = Matrix3(pan: -place.pan * (.pi / 180), tilt: horizon, roll: 0)
        let offset = -(turn * (place.position * scale))
        if let range = tree["scene/offset"]?.range,
            ![offset.x, offset.y, offset.z].allSatisfy(range.contains)
        {
            let reach = shortText(range.upperBound)
            return .refused(
                "viewpoint \(oneLine(place.name)) would move the world by more than \(reach) m, "
                    + "the reach of scene/offset – make scene/scale smaller, or move the viewpoint")
        }
        let values = [
            (SceneField.offsetX, offset.x), (.offsetY, offset.y), (.offsetZ, offset.z),
            (.rotation, -place.pan),
        ]
        commit(
            values.map { Change(place: base + $0.0.rawValue, value: $0.1) }, length: length,
            atFrame: frame, remembers: true)
        return .applied(revision: revision)
    }

    /// Finds again where the scenes lie that a restored document names; one that is nowhere is
    /// black, and a crossfade from one that is nowhere is over.
    public mutating func findScenes(
        _ find: (SceneReference) -> (slot: Int32, generation: UInt32)?
    ) {
        func found(_ reference: SceneReference?, _ inUse: SceneInUse) -> SceneInUse {
            guard let place = reference.flatMap(find) else { return .none }
            return SceneInUse(
                slot: place.slot, generation: place.generation, startFrame: inUse.startFrame)
        }
        live.scene = found(scenes.shown, live.scene)
        live.leaving = found(scenes.leaving, live.leaving)
        if live.leaving.slot < 0 { live.sceneMix = FadedValue(1) }
    }

    /// Names the stacks of grades that are baked, the others are none; those over
    /// `LiveLayout.bakes` are left out.
    ///
    /// Not an operator's edit: it has a revision but no undo.
    public mutating func show(bakes: [BakedStack]) {
        live.revision += 1
        for index in 0..<LiveLayout.bakes {
            live.bakes[index] = index < bakes.count ? bakes[index] : BakedStack()
        }
    }

    /// Puts a look in a slot, 0 … `LiveLayout.lookSlots` − 1: its fingerprint and what it was
    /// loaded from, 0 and "" for none.
    ///
    /// Not an operator's edit: it has a revision but no undo.
    public mutating func show(look fingerprint: UInt64, name: String, slot: Int) {
        live.revision += 1
        live.looks[slot] = fingerprint
        lookNames[slot] = fingerprint == 0 ? "" : name
    }

    /// Puts a correction on a wall: its fingerprint and what it was loaded from, 0 and "" for none.
    ///
    /// Not an operator's edit: it has a revision but no undo.
    public mutating func show(correction fingerprint: UInt64, name: String, wall: Int) {
        live.revision += 1
        live.corrections[wall] = fingerprint
        correctionNames[wall] = fingerprint == 0 ? "" : name
    }

    // MARK: - Edits

    private mutating func set(
        path: String, values: [Double], fade: Fade, atFrame frame: Int64
    ) -> EditAnswer {
        guard let parameter = tree[path] else { return .refused(noSuch(path)) }
        if parameter.isReadOnly {
            return .refused("\(parameter.path) is read-only – it tells, it cannot be set")
        }
        guard values.count == parameter.count else {
            let names = parameter.components.joined(separator: " ")
            let wanted = parameter.count == 1 ? "one value" : "\(parameter.count) values (\(names))"
            return .refused("\(parameter.path) takes \(wanted), got \(values.count)")
        }
        guard values.allSatisfy(\.isFinite) else {
            return .refused("\(parameter.path): not a finite number – nothing changed")
        }
        if parameter.kind == .boolean && values[0] != 0 && values[0] != 1 {
            return .refused("\(parameter.path) is on or off, got \(shortText(values[0]))")
        }
        if parameter.kind == .integer && values[0] != values[0].rounded() {
            return .refused("\(parameter.path) is a whole number, got \(shortText(values[0]))")
        }
        if parameter.kind == .choice { return .refused(oneOf(parameter)) }
        let length: Int64
        switch frames(of: fade) {
        case .success(let frames) where frames > 0 && !parameter.takesFade:
            return .refused("\(parameter.path) switches at once – leave the fade of \(frames) out")
        case .success(let frames): length = frames
        case .failure(let complaint): return .refused(complaint.reason)
        }
        let range = parameter.range
        let inside = values.map { Swift.min(Swift.max($0, range.lowerBound), range.upperBound) }
        let changes = zip(parameter.places, inside).map { Change(place: $0, value: $1) }
        commit(
            changes, length: length, atFrame: frame,
            remembers: remembers(parameter))
        return inside == values
            ? .applied(revision: revision) : .clamped(values: inside, revision: revision)
    }

    private mutating func set(_ all: [PathValues], atFrame frame: Int64) -> EditAnswer {
        var changes: [Change] = []
        for one in all {
            guard let parameter = tree[one.path] else { return .refused(noSuch(one.path)) }
            let (low, high) = (parameter.range.lowerBound, parameter.range.upperBound)
            guard one.values.count == parameter.count,
                one.values.allSatisfy(parameter.range.contains)
            else {
                let text = one.values.map(shortText).joined(separator: " ")
                return .refused(
                    "\(parameter.path) \(text) – \(shortText(low)) to \(shortText(high))")
            }
            changes += zip(parameter.places, one.values).map { Change(place: $0, value: $1) }
        }
        commit(changes, length: 0, atFrame: frame, remembers: true)
        return .applied(revision: revision)
    }

    private mutating func choose(
        path: String, word: String, fade: Fade, atFrame frame: Int64
    ) -> EditAnswer {
        guard let parameter = tree[path] else { return .refused(noSuch(path)) }
        guard parameter.kind == .choice else {
            return .refused("“\(word.prefix(40))” is not a number, nor on or off")
        }
        guard let index = parameter.words.firstIndex(of: word.lowercased()) else {
            return .refused(oneOf(parameter))
        }
        guard fade == .none else {
            return .refused("\(parameter.path) switches at once – leave the fade out")
        }
        let changes = [Change(place: parameter.places[0], value: Double(index))]
        commit(changes, length: 0, atFrame: frame, remembers: remembers(parameter))
        return .applied(revision: revision)
    }

    /// An edit of it can be undone; recording and probing are no part of the picture.
    private func remembers(_ parameter: Parameter) -> Bool {
        parameter.path != ParameterTree.recordPath && !parameter.path.hasPrefix("probe/")
    }

    private func oneOf(_ parameter: Parameter) -> String {
        "\(parameter.path) is one of: \(parameter.words.joined(separator: ", "))"
    }

    private mutating func reset(path: String, fade: Fade, atFrame frame: Int64) -> EditAnswer {
        let found = tree.indices(under: path).map { tree.parameters[$0] }
        guard !found.isEmpty else { return .refused(noSuch(path)) }
        let record = ParameterTree.recordPath
        let wanted = found.filter { $0.path != record || found.count == 1 }
        let changes = wanted.flatMap { parameter in
            zip(parameter.places, parameter.defaults).map { Change(place: $0, value: $1) }
        }
        guard !changes.isEmpty else {
            return .refused("\(path) is read-only – it tells, it cannot be reset")
        }
        switch frames(of: fade) {
        case .success(let length):
            commit(
                changes, length: length, atFrame: frame,
                remembers: wanted.contains(where: remembers))
            return .applied(revision: revision)
        case .failure(let complaint): return .refused(complaint.reason)
        }
    }

    private mutating func undo(fade: Fade, atFrame frame: Int64) -> EditAnswer {
        switch frames(of: fade) {
        case .failure(let complaint): return .refused(complaint.reason)
        case .success(let length):
            guard let changes = history.popLast() else {
                return .refused("nothing to undo – no edit since the start")
            }
            commit(changes, length: length, atFrame: frame, remembers: false)
            return .applied(revision: revision)
        }
    }

    /// Writes changes as one revision, each from where its value stands at the frame.
    private mutating func commit(
        _ changes: [Change], length: Int64, atFrame frame: Int64, remembers: Bool
    ) {
        if remembers {
            history.append(
                changes.map { Change(place: $0.place, value: live.values[$0.place].to) })
            if history.count > ControlLimits.undoSteps { history.removeFirst() }
        }
        live.revision += 1
        for change in changes {
            let now = live.values[change.place].value(at: frame)
            live.values[change.place] =
                length == 0 || now == change.value || !fades[change.place]
                ? FadedValue(change.value)
                : FadedValue(from: now, to: change.value, startFrame: frame, lengthFrames: length)
            changed[change.place] = live.revision
        }
        followMovies(changes.map(\.place), atFrame: frame)
    }

    /// Sends a movie to a place in it.
    mutating func cue(_ cue: MovieCue, atFrame frame: Int64) -> EditAnswer {
        let place = LiveLayout.movie(cue.movie) + MovieField.position.rawValue
        commit(
            [Change(place: place, value: cue.seconds)], length: 0, atFrame: frame,
            remembers: true)
        return .applied(revision: revision)
    }

    /// Goes on with the movies of the last run's document, whose scene is shown again.
    package mutating func keepMovies(of document: ShowDocument) {
        live.movies = document.live.movies
        for movie in 0..<SceneLimits.movies {
            for field in MovieField.allCases {
                let place = LiveLayout.movie(movie) + field.rawValue
                live.values[place] = document.live.values[place]
            }
        }
    }

    private struct Complaint: Error { let reason: String }

    private func frames(of fade: Fade) -> Result<Int64, Complaint> {
        let limit = ControlLimits.fadeSeconds
        switch fade {
        case .none: return .success(0)
        case .frames(let frames):
            guard frames >= 0, Double(frames) <= limit * rate.hertz else {
                return .failure(Complaint(reason: "fade of \(frames) frames – 0 to an hour"))
            }
            return .success(frames)
        case .seconds(let seconds):
            guard seconds >= 0, seconds <= limit else {
                let text = shortText(seconds)
                return .failure(Complaint(reason: "fade of \(text) s – 0 to \(shortText(limit)) s"))
            }
            return .success(Int64((seconds * rate.hertz).rounded()))
        }
    }

    func noSuch(_ path: String) -> String {
        "no parameter \(String(path.prefix(80))) – `list` shows what there is"
    }

    // MARK: - Restoring

    /// Puts one value back as it was saved.
    mutating func restore(place: Int, value: FadedValue) {
        live.values[place] = value
        changed[place] = live.revision
    }

    /// Puts a look's name and fingerprint back as they were saved.
    mutating func restore(look fingerprint: UInt64, name: String, slot: Int) {
        live.looks[slot] = fingerprint
        lookNames[slot] = name
    }

    /// Puts a wall's correction back as it was saved; false where the stage has no such wall.
    mutating func restore(_ saved: SavedCorrection) -> Bool {
        guard let wall = optics.walls.firstIndex(where: { $0.name == saved.wall }) else {
            return false
        }
        live.corrections[wall] = saved.fingerprint
        correctionNames[wall] = saved.name
        return true
    }

    /// Puts a line about scenes back as it was saved; where they lie `findScenes` says.
    mutating func restore(_ line: SavedSceneLine) {
        switch line {
        case .shown(let reference, let startFrame):
            scenes.shown = reference
            live.scene.startFrame = startFrame
            live.movies = InlineArray(repeating: MovieTransport(since: startFrame))
        case .leaving(let reference, let startFrame):
            scenes.leaving = reference
            live.leaving.startFrame = startFrame
            live.leavingMovies = InlineArray(repeating: MovieTransport(since: startFrame))
        case .mix(let mix): live.sceneMix = mix
        case .held: break
        }
    }

    /// Puts a baked stack's name back as it was saved; false when there is no room.
    mutating func restore(bake: BakedStack) -> Bool {
        for index in 0..<LiveLayout.bakes where live.bakes[index].key == 0 {
            live.bakes[index] = bake
            return true
        }
        return false
    }

    /// Puts the revision back as it was saved, so that revisions only ever grow.
    mutating func restore(revision: UInt64) {
        live.revision = revision
        history = []
    }
}

extension FadedValue {
    /// The first frame at which the value stands still, not before `frame`.
    func end(after frame: Int64) -> Int64 {
        lengthFrames > 0 ? Swift.max(frame, startFrame + lengthFrames) : frame
    }
}
