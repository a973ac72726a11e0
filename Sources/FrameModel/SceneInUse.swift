/// A scene as live state names it: where it lies in the asset table, and since when it is shown.
public struct SceneInUse: BitwiseCopyable, Sendable, Equatable {
    /// Slot of the asset table, −1 for none.
    public var slot: Int32
    /// Generation of the scene in its slot.
    public var generation: UInt32
    /// The frame of live state it was put on the wall with: what its layers' movement counts from.
    public var startFrame: Int64

    /// A scene in a slot, shown since a frame.
    public init(slot: Int32, generation: UInt32, startFrame: Int64) {
        self.slot = slot
        self.generation = generation
        self.startFrame = startFrame
    }

    /// No scene: black.
    public static let none = SceneInUse(slot: -1, generation: 0, startFrame: 0)

    /// The same scene, whenever it was put on the wall.
    public func isSame(as other: SceneInUse) -> Bool {
        slot == other.slot && generation == other.generation
    }
}

extension UnsafePointer where Pointee == LiveState {
    /// How much of the light at a frame is the scene's, 0 … 1; the rest is the leaving one's.
    /// - Frame path: yes
    public func sceneMix(at frame: Int64) -> Double { pointee.sceneMix.value(at: frame) }

    /// A crossfade is under way at a frame.
    /// - Frame path: yes
    public func isCrossfading(at frame: Int64) -> Bool {
        pointee.leaving.slot >= 0 && sceneMix(at: frame) < 1
    }
}
