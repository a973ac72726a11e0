import StageModel

/// What the steps of `Quality` are called, and what operators have set of them.
extension Quality {
    /// The operators' names of the steps: what has given way last.
    public static let stepNames = [
        "full", "outer-half", "outer-quarter", "anisotropy-2", "anisotropy-1", "mesh-samples-1",
    ]

    /// The best step that draws the outer frustum in squares of so many pixels or more.
    /// - Frame path: yes
    public static func bestStep(outerReduction: Int) -> Int {
        var step = 0
        while step < steps.count - 1 && steps[step].outerReduction < outerReduction { step += 1 }
        return step
    }
}

extension UnsafePointer where Pointee == LiveState {
    /// Side of the squares the operator lets the outer frustum be drawn in at best: 1, 2 or 4.
    /// - Frame path: yes
    public func outerReduction(at frame: Int64) -> Int {
        1 << max(0, min(2, Int(stage(.outerResolution, at: frame))))
    }

    /// The step an operator holds, nil where the keeper decides.
    /// - Frame path: yes
    public func heldQuality(at frame: Int64) -> Int? {
        let mode = Int(stage(.qualityMode, at: frame))
        return mode > 0 ? min(mode, Quality.steps.count) - 1 : nil
    }
}
