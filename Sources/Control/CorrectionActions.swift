public import Color

/// What sessions let somebody else do with files of walls' corrections: `Control` reads none.
///
/// Called on the control thread, which waits: milliseconds, or a second for one with a table.
public struct CorrectionActions: Sendable {
    /// A correction that is ready for the loop.
    public struct Loaded: Sendable {
        /// What live states name it by.
        public var fingerprint: UInt64
        /// What it is, in words.
        public var summary: String

        /// A correction's fingerprint and words.
        public init(fingerprint: UInt64, summary: String) {
            self.fingerprint = fingerprint
            self.summary = summary
        }
    }

    /// Reads the correction of a wall, by its index, and gives it to the loop.
    public var load: @Sendable (_ path: String, _ wall: Int) -> Result<Loaded, LookActions.Refusal>
    /// The correction of a fingerprint, for the probe.
    public var correction: @Sendable (_ fingerprint: UInt64) -> WallCorrection?

    /// Actions as somebody does them.
    public init(
        load: @escaping @Sendable (String, Int) -> Result<Loaded, LookActions.Refusal>,
        correction: @escaping @Sendable (UInt64) -> WallCorrection? = { _ in nil }
    ) {
        self.load = load
        self.correction = correction
    }

    /// No files: everything is refused.
    public static let none = CorrectionActions(load: { _, _ in
        .failure(
            LookActions.Refusal("corrections are not read here – run the stage itself"))
    })
}
