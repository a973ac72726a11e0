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
    /// Scenes held at once: the running one, the next, and two on their way out.
    public static let slotCount = 8

    private let scenes: UnsafeMutablePointer<UnsafePointer<PreparedScene>?>
    private let generations: UnsafeMutablePointer<Atomic<UInt32>>
    private let oldestFrame = Atomic<Int64>(0)

    /// A table of empty slots.
    public init() {
        scenes = .allocate(capacity: Self.slotCount)
        scenes.initialize(repeating: nil, count: Self.slotCount)
        generations = .allocate(capacity: Self.slotCount)
        for slot in 0..<Self.slotCount { (generations + slot).initialize(to: Atomic(0)) }
    }

    deinit {
        scenes.deallocate()
        generations.deinitialize(count: Self.slotCount)
        generations.deallocate()
    }

    /// Puts a scene in a slot and returns its generation, never 0.
    ///
    /// Control thread only.
    public func give(_ scene: UnsafePointer<PreparedScene>, slot: Int) -> UInt32 {
        precondition((0..<Self.slotCount).contains(slot), "no such asset slot")
        scenes[slot] = scene
        let next = max(1, generations[slot].load(ordering: .relaxed) &+ 1)
        generations[slot].store(next, ordering: .releasing)
        return next
    }

    /// The scene a live state names, or nil when the slot holds another generation.
    ///
    /// Loop only.
    /// - Frame path: yes
    public func scene(slot: Int32, generation: UInt32) -> UnsafePointer<PreparedScene>? {
        guard slot >= 0, slot < Self.slotCount,
            generations[Int(slot)].load(ordering: .acquiring) == generation
        else { return nil }
        return scenes[Int(slot)]
    }

    /// Tells the givers that no frame before this one is drawn any more.
    ///
    /// Loop only.
    /// - Frame path: yes
    public func finished(frame: Int64) { oldestFrame.store(frame, ordering: .releasing) }

    /// Frames up to this one are done; what only they used may be freed.
    public var oldestFrameInUse: Int64 { oldestFrame.load(ordering: .acquiring) }
}
