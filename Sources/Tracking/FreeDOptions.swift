public import Geometry

/// How one FreeD sender uses the protocol (axes, signs, counts, checksum).
public struct FreeDOptions: BitwiseCopyable, Sendable, Equatable {
    /// UDP port listened to.
    public var port: UInt16
    /// IPv4 address bound to, host byte order; 0 = every interface.
    public var address: UInt32
    /// Only this camera id is ours; nil takes any.
    public var cameraID: UInt8?
    /// Only this sender is ours, IPv4 in host byte order; 0 takes whoever speaks first.
    public var sender: UInt32
    /// Packets with a wrong checksum are used all the same.
    public var ignoresChecksum: Bool
    /// The top four bits of the spare word count frames (Sony, Z CAM): loss and order are known.
    public var countsFrames: Bool
    /// Which of the sender's axes X, Y, Z (0, 1, 2) feeds stage X, Y, Z.
    public var axisOrder: InlineArray<3, UInt8>
    /// Sign of each stage axis after ordering, ±1.
    public var axisSigns: Vector3
    /// What the sender's millimetres are multiplied by: 1 as in the manual, 10 for centimetres.
    public var positionScale: Double
    /// Signs of pan, tilt, roll on top of FreeD's own (pan + right), ±1.
    public var angleSigns: Vector3
    /// Zoom counts at the wide and at the tele end of `Camera.zoomRange`.
    public var zoomCounts: SIMD2<Double>
    /// Focus counts at near and at far.
    public var focusCounts: SIMD2<Double>

    /// FreeD as appendix B of the manual has it.
    public init(port: UInt16 = 40000) {
        self.port = port
        address = 0
        cameraID = nil
        sender = 0
        ignoresChecksum = false
        countsFrames = false
        axisOrder = [0, 1, 2]
        axisSigns = Vector3(1, 1, 1)
        positionScale = 1
        angleSigns = Vector3(1, 1, 1)
        zoomCounts = SIMD2(0, 65535)
        focusCounts = SIMD2(0, 65535)
    }

    /// Equal option by option.
    public static func == (a: FreeDOptions, b: FreeDOptions) -> Bool {
        for i in 0..<3 where a.axisOrder[i] != b.axisOrder[i] { return false }
        return a.port == b.port && a.address == b.address && a.cameraID == b.cameraID
            && a.sender == b.sender && a.ignoresChecksum == b.ignoresChecksum
            && a.countsFrames == b.countsFrames && a.axisSigns == b.axisSigns
            && a.positionScale == b.positionScale && a.angleSigns == b.angleSigns
            && a.zoomCounts == b.zoomCounts && a.focusCounts == b.focusCounts
    }
}
