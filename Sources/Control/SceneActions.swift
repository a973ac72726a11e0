public import FrameModel

/// A scene that is ready to be shown.
public struct WarmScene: Sendable, Equatable {
    /// The scene's name.
    public var name: String
    /// Its slot of the asset table.
    public var slot: Int32
    /// Its generation there.
    public var generation: UInt32
    /// What it is by itself.
    public var reference: SceneReference
    /// Places in it the stage can stand at.
    public var viewpoints: [Viewpoint]
    /// Places in its movies.
    public var cues: [MovieCue]
    /// How fast each of its movies begins.
    public var movieSpeeds: [Double]

    /// A scene in a slot.
    public init(
        name: String, slot: Int32, generation: UInt32, reference: SceneReference,
        viewpoints: [Viewpoint] = [], cues: [MovieCue] = [], movieSpeeds: [Double] = []
    ) {
        self.name = name
        self.slot = slot
        self.generation = generation
        self.reference = reference
        self.viewpoints = viewpoints
        (self.cues, self.movieSpeeds) = (cues, movieSpeeds)
    }
}

/// What sessions let somebody else do with scenes: `Control` loads none.
///
/// Called on the control thread; none of them waits for a scene.
public struct SceneActions: Sendable {
    /// Why something was not done: one line.
    public struct Refusal: Error, Equatable {
        /// The line.
        public var reason: String

        /// A reason.
        public init(_ reason: String) { self.reason = reason }
    }

    /// A line for each scene that is known: name, what it is doing, memory.
    public var list: @Sendable () -> [String]
    /// Asks for a scene by its name or source; says what will come of it.
    public var load: @Sendable (_ name: String) -> Result<String, Refusal>
    /// Gives the memory of a scene back that none of these draws; says what will come of it.
    public var unload: @Sendable (_ name: String, _ inUse: [SceneInUse]) -> Result<String, Refusal>
    /// A scene that is ready.
    public var ready: @Sendable (_ name: String) -> Result<WarmScene, Refusal>
    /// The next ready scene after one.
    public var next: @Sendable (_ after: SceneInUse) -> Result<WarmScene, Refusal>
    /// The ready scene in a slot.
    public var shown: @Sendable (SceneInUse) -> WarmScene?

    /// Actions as somebody does them.
    public init(
        list: @escaping @Sendable () -> [String],
        load: @escaping @Sendable (String) -> Result<String, Refusal>,
        unload: @escaping @Sendable (String, [SceneInUse]) -> Result<String, Refusal>,
        ready: @escaping @Sendable (String) -> Result<WarmScene, Refusal>,
        next: @escaping @Sendable (SceneInUse) -> Result<WarmScene, Refusal>,
        shown: @escaping @Sendable (SceneInUse) -> WarmScene?
    ) {
        self.list = list
        self.load = load
        self.unload = unload
        self.ready = ready
        self.next = next
        self.shown = shown
    }

    /// No scenes: everything is refused.
    public static let none = SceneActions(
        list: { [] }, load: { _ in .failure(noScenes) }, unload: { _, _ in .failure(noScenes) },
        ready: { _ in .failure(noScenes) }, next: { _ in .failure(noScenes) }, shown: { _ in nil })

    private static let noScenes = Refusal("scenes are not loaded here – run the stage itself")
}
