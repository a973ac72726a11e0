import Color

/// Sizes of takes, and why.
enum TakeLimits {
    /// Bytes that may wait for the disk: two seconds of 16 sources that send 240 packets of a
    /// kilobyte.
    static let ringBytes = 8 << 20
    /// Largest payload of a record: a look of 129 points an edge, or whatever fits the ring.
    static let recordBytesMax = max(ringBytes, PreparedLook.recordedBytesMax)
    /// Largest file, which is read into memory to be replayed.
    ///
    /// A day and a half of 60 frames a second with one tracker of 60 packets of 29 bytes; 8 minutes
    /// of the 16 sources above.
    static let fileBytes = 2 << 30
}

/// Sizes of the event log, and why.
enum EventLimits {
    /// Largest file, of which there are two: some 40,000 lines, many shooting days, and no more
    /// than a text editor opens at once.
    static let fileBytes = 4 << 20
    /// Bytes of a line when the newest of a file are read back; longer ones make them fewer.
    static let lineBytes = 512
    /// Subjects told apart within a second; more of a kind are told as one: a script that sets
    /// every parameter is one thing that happened.
    static let subjects = 64
    /// From one line of a kind and subject to the next, nanoseconds.
    static let pause: Int64 = 1_000_000_000
    /// From one try to write to a disk that took nothing to the next, nanoseconds.
    static let retry: Int64 = 10_000_000_000
}
