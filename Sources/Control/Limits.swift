/// The largest requests we take, and why.
public enum ControlLimits {
    /// Bytes of one request line: forty times the longest request that makes sense.
    public static let lineBytes = 4096
    /// Bytes of answers a client may leave unread: several listings of the largest stage.
    public static let backlogBytes = 1 << 20
    /// Clients at once: a desk, some tablets, scripts; each costs a file descriptor.
    public static let clients = 64
    /// Edits that can be undone: a long session's worth of second thoughts.
    public static let undoSteps = 200
    /// Longest fade, seconds.
    public static let fadeSeconds = 3600.0
    /// Bytes of a saved document: ten times the largest stage's.
    public static let savedBytes = 1 << 20
    /// Complaints kept from one restored document; the rest are only counted.
    public static let complaints = 20
    /// Lines of the event log kept for whoever asks: what happened in a scene's worth of trouble.
    public static let eventLines = 200
    /// Lines of it an answer has when nothing else is asked for: a terminal's page.
    public static let eventLinesUsual = 20
    /// Slots for scenes that are told of: those of the loop's asset table.
    public static let sceneSlots = 8
    /// Least time between two notices of one parameter to one client, nanoseconds: 30 a second,
    /// what a screen can show and no link chokes on.
    public static let noticeInterval: Int64 = 33_333_333
}
