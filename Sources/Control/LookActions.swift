public import Color

/// What sessions let somebody else do with look files: `Control` reads and writes none.
///
/// Called on the control thread, which waits: milliseconds for a correction, a tenth of a second
/// for a look that is written. A look is not waited for where it can be loaded beside it.
public struct LookActions: Sendable {
    /// Why something was not done: one line.
    public struct Refusal: Error, Equatable {
        /// The line.
        public var reason: String

        /// A reason.
        public init(_ reason: String) { self.reason = reason }
    }

    /// A look that is ready for the loop.
    public struct Loaded: Sendable {
        /// What live states name it by.
        public var fingerprint: UInt64
        /// What it is, in words.
        public var summary: String

        /// A look's fingerprint and words.
        public init(fingerprint: UInt64, summary: String) {
            self.fingerprint = fingerprint
            self.summary = summary
        }
    }

    /// What becomes of a look that was asked for.
    public enum Loading: Sendable {
        /// It is there.
        case done(Loaded)
        /// It will be put in its slot; what is being done, in words.
        case accepted(String)
    }

    /// Reads a look file for a slot, from 0, and gives it to the loop.
    public var load: @Sendable (_ path: String, _ slot: Int) -> Result<Loading, Refusal>
    /// The look of a fingerprint, for the probe; none when there is none.
    public var look: @Sendable (_ fingerprint: UInt64) -> LookReference
    /// Reads a correction: the file's only one, or that of a name.
    public var readCDL: @Sendable (_ path: String, _ name: String?) -> Result<CDL, Refusal>
    /// Writes a correction: its name, a note, the file.
    public var writeCDL:
        @Sendable (_ cdl: CDL, _ name: String, _ note: String, _ path: String) -> Refusal?
    /// Writes a scope's grade, with the look of a fingerprint, as a look; says what was written.
    public var writeLook:
        @Sendable (_ grade: Grade, _ look: UInt64, _ title: String, _ path: String)
            -> Result<String, Refusal>

    /// Actions as somebody does them.
    public init(
        load: @escaping @Sendable (String, Int) -> Result<Loading, Refusal>,
        look: @escaping @Sendable (UInt64) -> LookReference = { _ in .none },
        readCDL: @escaping @Sendable (String, String?) -> Result<CDL, Refusal>,
        writeCDL: @escaping @Sendable (CDL, String, String, String) -> Refusal?,
        writeLook: @escaping @Sendable (Grade, UInt64, String, String) -> Result<String, Refusal>
    ) {
        self.load = load
        self.look = look
        self.readCDL = readCDL
        self.writeCDL = writeCDL
        self.writeLook = writeLook
    }

    /// No files: everything is refused.
    public static let none = LookActions(
        load: { _, _ in .failure(noFiles) }, readCDL: { _, _ in .failure(noFiles) },
        writeCDL: { _, _, _, _ in noFiles }, writeLook: { _, _, _, _ in .failure(noFiles) })

    private static let noFiles = Refusal("look files are not read here – run the stage itself")
}
