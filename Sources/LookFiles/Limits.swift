/// The largest look files taken, and why.
public enum LookLimits {
    /// Bytes of a file: the largest table in the longest numbers in use, 40 bytes a point.
    public static let fileBytes = 96 << 20
    /// Points along the edge of a 3D table: 65 is the largest in use, 129 leaves room; 256, which
    /// the format allows, would be 200 MB.
    public static let cubeSide = 129
    /// Points of a curve: a value for each half float.
    public static let curvePoints = 1 << 16
    /// Bytes of a line of a `.cube`: the format says 250, comments of some programs are longer.
    public static let lineBytes = 1024
    /// Bytes of one number.
    static let numberBytes = 48
    /// Steps of one CLF: ACES' longest output transform has 14.
    public static let steps = 64
    /// Elements open in one another: CLF needs 4, a `.cdl` 5.
    static let depth = 12
    /// Elements of a file: a list of 1,000 corrections has 7,000.
    static let elements = 1 << 15
    /// Attributes of an element: CLF's largest has 9.
    static let attributes = 24
    /// Bytes of a name or an attribute's value.
    static let nameBytes = 512
    /// Bytes of a title, a name or a description that are kept.
    static let titleBytes = 200
    /// Corrections of one file: a long shooting day's shots.
    public static let corrections = 4096
    /// Bytes of a wall's correction: 8,192 panels of 100 bytes.
    public static let correctionBytes = 2 << 20
    /// Bytes of a wall's table as text: 65 points an edge, and it fits a take.
    public static let wallTableBytes = 7_500_000
    /// Steps of a channel's curve.
    static let driveSteps = 256
    /// Largest slope and power, largest offset either way: what any desk can dial, times 100.
    public static let cdlNumber = 1000.0
}
