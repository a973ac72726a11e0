public import Color

/// A stack of grades that is baked: which one, and which table it is.
public struct BakedStack: BitwiseCopyable, Sendable, Equatable {
    /// `Grade.key(of:)` of the stack; 0: none.
    public var key: UInt64
    /// Fingerprint of the table.
    public var fingerprint: UInt64

    /// A baked stack; none when nothing is given.
    public init(key: UInt64 = 0, fingerprint: UInt64 = 0) {
        self.key = key
        self.fingerprint = fingerprint
    }
}

extension UnsafePointer where Pointee == LiveState {
    /// Fingerprint of the table that a stack is baked into, 0 for none.
    /// - Frame path: yes
    public func bake(of key: UInt64) -> UInt64 {
        for index in 0..<LiveLayout.bakes where pointee.bakes[index].key == key {
            return pointee.bakes[index].fingerprint
        }
        return 0
    }

    /// A value of any grade is on its way at a frame.
    /// - Frame path: yes
    public func isGradeFading(at frame: Int64) -> Bool {
        for place in 0..<(LiveLayout.gradeStride * LiveLayout.scopeCount)
        where pointee.values[place].lengthFrames > 0 {
            let value = pointee.values[place]
            if frame < value.startFrame + value.lengthFrames { return true }
        }
        return false
    }

    /// Any stack is baked.
    /// - Frame path: yes
    public var hasBakes: Bool { pointee.bakes[0].key != 0 }

    /// Limits of the picture on one wall at a frame; `showsMarks` is the stage's.
    /// - Frame path: yes
    public func limits(wall: Int, at frame: Int64) -> WallLimits {
        WallLimits(
            peakNits: self.wall(wall, .peakLimit, at: frame),
            rollOff: RollOff(rawValue: Int(self.wall(wall, .rollOff, at: frame))) ?? .off,
            compressesGamut: self.wall(wall, .compressesGamut, at: frame) > 0.5,
            showsMarks: stage(.view, at: frame) > 1.5)
    }

    /// A field of a wall's protection at a frame, in its tree unit.
    /// - Frame path: yes
    public func wall(_ wall: Int, _ field: WallField, at frame: Int64) -> Double {
        pointee.values[LiveLayout.wall(wall) + field.rawValue].value(at: frame)
    }
}
