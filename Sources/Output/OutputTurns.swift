/// Which picture an output sends at each grid instant: the newest one there is, or the last one
/// again when there is no newer.
///
/// Pictures that became ready while the sender was away are let go but for the newest, so that a
/// stall of the sender never leaves the wall behind. The picture of frame n goes out at instant
/// n + 1 at the earliest, however late the sender wakes. One sender's own; no clock, no thread.
public struct OutputTurns {
    /// The canvases it sends.
    public let ring: OutputRing
    /// Instants at which the last picture was sent again.
    public private(set) var repeatCount = 0
    private var current: OutputRing.Canvas?

    /// Turns at a ring nobody else sends from.
    public init(ring: OutputRing) { self.ring = ring }

    /// The picture to send at the instant of a grid index; nil before the first one is ready.
    ///
    /// It stays the sender's until the next call.
    /// - Frame path: yes
    public mutating func picture(at index: Int64) -> OutputRing.Canvas? {
        var isNew = false
        while let newer = ring.takeReady(before: index) {
            if let old = current { ring.release(old.index) }
            current = newer
            isNew = true
        }
        if current != nil && !isNew { repeatCount += 1 }
        return current
    }

    /// Gives the picture at hand back: the sender stops.
    public mutating func end() {
        if let canvas = current { ring.release(canvas.index) }
        current = nil
    }
}
