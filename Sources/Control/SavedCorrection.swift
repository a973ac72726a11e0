/// A wall's correction a saved document names.
public struct SavedCorrection: Sendable, Equatable {
    /// The wall's name.
    public var wall: String
    /// Fingerprint of its numbers.
    public var fingerprint: UInt64
    /// What it was loaded from.
    public var name: String

    init?(_ line: String) {
        let words = line.split(separator: " ", maxSplits: 3, omittingEmptySubsequences: false)
        guard words.count == 4, words[0] == "correction",
            let fingerprint = UInt64(words[2], radix: 16), fingerprint != 0
        else { return nil }
        (wall, self.fingerprint, name) = (String(words[1]), fingerprint, String(words[3]))
    }
}
