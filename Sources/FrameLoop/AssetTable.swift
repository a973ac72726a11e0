public import FrameModel
import Synchronization

/// A fixed table of slots through which scenes reach the loop: prepared elsewhere, immutable, never
/// freed by the loop.
///
/// The giver puts a scene in a free slot, then publishes a live state that names (slot,
/// generation). The loop publishes the oldest frame it still draws; the giver frees a replaced
/// scene once that frame has passed. `@unchecked Sendable` holds because each word is atomic and a
/// slot is written only while no live state names its generation.
public final class AssetTable: @unchecked Sendable {
    /// Scenes held at once: a day's handful, the next ones, and those on their way out.
    public static let slotCount = 8

    private let scenes: UnsafeMutablePointer<UnsafePointer<PreparedScene>?>
    private let movies: UnsafeMutablePointer<SceneMovies>
    private let generations: UnsafeMutablePointer<Atomic<UInt32>>
    private let oldestFrame = Atomic<Int64>(0)

    /// A table of empty slots.
    public init() {
        scenes = .allocate(capacity: Self.slotCount)
        scenes.initialize(repeating: nil, count: Self.slotCount)
        movies = .allocate(capacity: Self.slotCount)
        movies.initialize(repeating: SceneMovies(), count: Self.slotCount)
        generations = .allocate(capacity: Self.slotCount)
        for slot in 0..<Self.slotCount { (generations + slot).initialize(to: Atomic(0)) }
    }

    deinit {
        scenes.deallocate()
        movies.deallocate()
        generations.deinitialize(count: Self.slotCount)
        generations.deallocate()
    }

    /// Puts a scene in a slot and returns its generation, never 0.
    ///
    /// One thread at a time: whoever loads scenes.
    public func give(
        _ scene: UnsafePointer<PreparedScene>, movies rings: SceneMovies = SceneMovies(), slot: Int
    ) -> UInt32 {
        precondition((0..<Self.slotCount).contains(slot), "no such asset slot")
        scenes[slot] = scene
        movies[slot] = rings
        let next = max(1, generations[slot].load(ordering: .relaxed) &+ 1)
        generations[slot].store(next, ordering: .releasing)
        return next
    }

    /// Empties a slot: what live state still calls by its generation is black.
    ///
    /// Only when no frame names the scene any more, and before its memory goes. Same thread as
    /// `give`.
    public func take(slot: Int) {
        precondition((0..<Self.slotCount).contains(slot), "no such asset slot")
        generations[slot].store(
            max(1, generations[slot].load(ordering: .relaxed) &+ 1), ordering: .releasing)
    }

    /// The scene a live state names, or nil when the slot holds another generation.
    ///
    /// Loop only.
    /// - Frame path: yes
    public func scene(_ scene: SceneInUse) -> UnsafePointer<PreparedScene>? {
        guard scene.slot >= 0, scene.slot < Self.slotCount,
            generations[Int(scene.slot)].load(ordering: .acquiring) == scene.generation
        else { return nil }
        return scenes[Int(scene.slot)]
    }

    /// The movies of a scene that `scene` has found; none where it has not.
    ///
    /// Loop only.
    /// - Frame path: yes
    public func movies(_ scene: SceneInUse) -> SceneMovies {
        self.scene(scene) == nil ? SceneMovies() : movies[Int(scene.slot)]
    }

    /// Tells the givers that no frame before this one is drawn any more.
    ///
    /// Loop only.
    /// - Frame path: yes
    public func finished(frame: Int64) { oldestFrame.store(frame, ordering: .releasing) }

    /// Frames up to this one are done; what only they used may be freed.
    public var oldestFrameInUse: Int64 { oldestFrame.load(ordering: .acquiring) }
}
