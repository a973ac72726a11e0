/// The largest things taken from a tracker, and why.
public enum TrackingLimits {
    /// Bytes of one OpenTrackIO payload: five times the largest official example (2,929 bytes with
    /// every field there is), small enough for an assembler to be a plain value.
    public static let payloadBytes = 16384
    /// Objects and lists within one another: the schema has 5, `custom` may have more.
    public static let payloadDepth = 16
    /// Transforms of one chain: the official example has 3 (dolly, crane arm, camera).
    public static let transforms = 16
    /// Sequence numbers a datagram may be behind and still count as late; a sender that starts
    /// again this little lower loses as many samples, a quarter of a second at 60 Hz.
    public static let lateSequences = 16
    /// Most sequence numbers counted as lost at once, a minute at 60 Hz: a larger step is a sender
    /// that has started again.
    public static let lostSequences = 3600
    /// Payloads in parts given up one after another until the way a sender numbers parts counts as
    /// unknown again: it costs as many samples when a sender changes its ways, and on a network
    /// that loses a third of the payloads it happens to one in 6,000.
    public static let doubtedPayloads = 8
}
