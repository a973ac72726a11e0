public import FrameModel

/// What the loop tells of a take, record by record, in the order it happened.
public enum TakeRecord: UInt32, Sendable {
    /// A take begins: the `LoopState` before its first frame.
    case begin = 1
    /// The live state of the frames from here on.
    case live
    /// A frame's other inputs (`FrameRecord`).
    case frame
    /// The take ends as asked.
    case end
    /// The take ends because records found no room: whoever writes them down is too slow.
    case broken
}

/// Taps the loop's inputs into a ring while a take is recorded.
///
/// A frame is a function of the loop's state and its inputs, so the state at the start and every
/// frame's inputs are all a replay needs (design §1). Belongs to the loop's thread.
public struct TakeTap {
    private enum Phase {
        case idle
        case recording
        /// The operator has ended it; the end is still to be told.
        case ending
        /// A record was lost; the end is still to be told.
        case breaking
        /// Told; nothing more until the operator stops the take.
        case broken
    }

    private let ring: JournalRing
    private var phase = Phase.idle
    private var revision: UInt64 = 0

    /// A tap into a ring.
    public init(ring: JournalRing) { self.ring = ring }

    /// A take is being recorded.
    public var isRecording: Bool { phase == .recording }

    /// Notes a frame before it is prepared.
    /// - Frame path: yes
    public mutating func note(_ inputs: FrameInputs, _ state: UnsafePointer<LoopState>) {
        let wanted =
            inputs.live.stage(.isRecording, at: inputs.liveFrame) > 0.5
            || inputs.live.stage(.followsTrackers, at: inputs.liveFrame) > 0.5
                && state.pointee.isTrackerRecording
        switch phase {
        case .idle: if wanted { begin(inputs, state) }
        case .recording:
            if !wanted { phase = .ending } else if !noteFrame(inputs) { phase = .breaking }
        case .broken: if !wanted { phase = .idle }
        case .ending, .breaking: break
        }
        tellEnd()
    }

    /// An end waits for room; a take that has ended does not go on.
    private mutating func tellEnd() {
        if phase == .ending, ring.write(kind: TakeRecord.end.rawValue, count: 0, { _ in }) {
            phase = .idle
        }
        if phase == .breaking, ring.write(kind: TakeRecord.broken.rawValue, count: 0, { _ in }) {
            phase = .broken
        }
    }

    private mutating func begin(_ inputs: FrameInputs, _ state: UnsafePointer<LoopState>) {
        let size = MemoryLayout<LoopState>.size
        let isTold = ring.write(kind: TakeRecord.begin.rawValue, count: size) {
            $0.copyMemory(from: state, byteCount: size)
        }
        // Without room it begins with the next frame.
        guard isTold else { return }
        phase = noteLive(inputs) && noteFrame(inputs) ? .recording : .breaking
    }

    private mutating func noteLive(_ inputs: FrameInputs) -> Bool {
        revision = inputs.live.pointee.revision
        let size = MemoryLayout<LiveState>.size
        return ring.write(kind: TakeRecord.live.rawValue, count: size) {
            $0.copyMemory(from: inputs.live, byteCount: size)
        }
    }

    private mutating func noteFrame(_ inputs: FrameInputs) -> Bool {
        if inputs.live.pointee.revision != revision, !noteLive(inputs) { return false }
        return ring.write(
            kind: TakeRecord.frame.rawValue, count: FrameRecord.byteCount(inputs)
        ) { FrameRecord.encode(inputs, into: $0) }
    }
}
