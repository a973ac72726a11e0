import FrameModel
import StageModel
import Synchronization

/// The numbers the loop pins up and operators read: one word each, written and read without locks.
///
/// Each number is by itself up to date; two of them need not be of the same frame. One board lives
/// as long as the process: its memory is never freed.
public struct StatusBoard: @unchecked Sendable {
    // Unchecked holds: the pointer never changes, its memory is never freed, and every access to
    // it is atomic.
    private let cells: UnsafeMutablePointer<Atomic<UInt64>>

    /// A board with every number at 0.
    public init() {
        let count = Group.movies + SceneLimits.movies * MovieStatusField.allCases.count
        cells = .allocate(capacity: count)
        for i in 0..<count { (cells + i).initialize(to: Atomic(0)) }
    }

    /// Where the numbers of each kind begin: a group behind the other.
    private enum Group {
        static let cameras = StatusField.allCases.count
        static let sources = cameras + StageLimits.cameras * CameraStatusField.allCases.count
        static let scenes = sources + StageLimits.sources * SourceStatusField.allCases.count
        static let walls = scenes + ControlLimits.sceneSlots * SceneStatusField.allCases.count
        static let movies = walls + StageLimits.walls * WallStatusField.allCases.count
    }

    private func store(_ value: Double, at place: Int) {
        cells[place].store(value.bitPattern, ordering: .relaxed)
    }

    private func load(_ place: Int) -> Double {
        Double(bitPattern: cells[place].load(ordering: .relaxed))
    }

    /// Pins up a number.
    /// - Frame path: yes
    public func publish(_ field: StatusField, _ value: Double) { store(value, at: field.rawValue) }

    /// Reads a number.
    /// - Frame path: yes
    public func read(_ field: StatusField) -> Double { load(field.rawValue) }

    /// Pins up a number of a camera, 0 … 7.
    /// - Frame path: yes
    public func publish(_ field: CameraStatusField, camera: Int, _ value: Double) {
        store(value, at: place(field, camera))
    }

    /// Reads a number of a camera, 0 … 7.
    /// - Frame path: yes
    public func read(_ field: CameraStatusField, camera: Int) -> Double {
        load(place(field, camera))
    }

    private func place(_ field: CameraStatusField, _ camera: Int) -> Int {
        precondition(camera >= 0 && camera < StageLimits.cameras, "a stage has eight cameras")
        return Group.cameras + camera * CameraStatusField.allCases.count + field.rawValue
    }

    /// Pins up a number of a tracking source, 0 … 15.
    /// - Frame path: yes
    public func publish(_ field: SourceStatusField, source: Int, _ value: Double) {
        store(value, at: place(field, source))
    }

    /// Reads a number of a tracking source, 0 … 15.
    /// - Frame path: yes
    public func read(_ field: SourceStatusField, source: Int) -> Double {
        load(place(field, source))
    }

    private func place(_ field: SourceStatusField, _ source: Int) -> Int {
        precondition(source >= 0 && source < StageLimits.sources, "a stage has sixteen sources")
        return Group.sources + source * SourceStatusField.allCases.count + field.rawValue
    }

    /// Pins up a number of a slot for scenes, from 0.
    public func publish(_ field: SceneStatusField, slot: Int, _ value: Double) {
        store(value, at: place(field, slot))
    }

    /// Reads a number of a slot for scenes, from 0.
    public func read(_ field: SceneStatusField, slot: Int) -> Double { load(place(field, slot)) }

    private func place(_ field: SceneStatusField, _ slot: Int) -> Int {
        precondition(slot >= 0 && slot < ControlLimits.sceneSlots, "there are eight slots")
        return Group.scenes + slot * SceneStatusField.allCases.count + field.rawValue
    }

    /// Pins up a number of a wall, 0 … 15.
    /// - Frame path: yes
    public func publish(_ field: WallStatusField, wall: Int, _ value: Double) {
        store(value, at: place(field, wall))
    }

    /// Reads a number of a wall, 0 … 15.
    /// - Frame path: yes
    public func read(_ field: WallStatusField, wall: Int) -> Double { load(place(field, wall)) }

    private func place(_ field: WallStatusField, _ wall: Int) -> Int {
        precondition(wall >= 0 && wall < StageLimits.walls, "a stage has sixteen walls")
        return Group.walls + wall * WallStatusField.allCases.count + field.rawValue
    }

    /// Pins up a number of a movie of the scene on the wall, from 0.
    public func publish(_ field: MovieStatusField, movie: Int, _ value: Double) {
        store(value, at: place(field, movie))
    }

    /// Reads a number of a movie of the scene on the wall, from 0.
    public func read(_ field: MovieStatusField, movie: Int) -> Double { load(place(field, movie)) }

    private func place(_ field: MovieStatusField, _ movie: Int) -> Int {
        precondition(movie >= 0 && movie < SceneLimits.movies, "a scene has four movies")
        return Group.movies + movie * MovieStatusField.allCases.count + field.rawValue
    }
}
