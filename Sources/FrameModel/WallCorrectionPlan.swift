public import Color
public import Lanes

/// How one wall is corrected in a frame.
public struct WallCorrectionPlan: BitwiseCopyable {
    /// The correction; none where there is none, or it is passed by.
    public var reference = CorrectionReference.none
    /// What a view's light goes through after its grade, where the two are apart.
    public var after = cyc_grade()
    /// They are in every view: the peak's roll-off or marks come between.
    public var isApart = false
    /// The view angle is made up for in inner frusta: it comes between as well.
    public var levelsAngle = false
    /// Mean light of the wall's panels in each view, by their angle.
    public var means = InlineArray<9, ColorTriple>(repeating: ColorTriple(1, 1, 1))

    /// No correction.
    public init() {}

    /// A view of camera −1 … is graded in two steps.
    /// - Frame path: yes
    public func isApart(camera: Int) -> Bool { isApart || levelsAngle(camera: camera) }

    /// A view's light is levelled by its angle.
    /// - Frame path: yes
    public func levelsAngle(camera: Int) -> Bool { levelsAngle && camera >= 0 }
}
