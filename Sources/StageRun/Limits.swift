/// Sizes of takes, and why.
enum TakeLimits {
    /// Bytes that may wait for the disk: two seconds of 16 sources that send 240 packets of a
    /// kilobyte.
    static let ringBytes = 8 << 20
    /// Largest payload of a record: whatever fits the ring.
    static let recordBytes = ringBytes
    /// Largest file, which is read into memory to be replayed.
    ///
    /// A day and a half of 60 frames a second with one tracker of 60 packets of 29 bytes; 8 minutes
    /// of the 16 sources above.
    static let fileBytes = 2 << 30
}
