import Foundation

/// A folder of a test's own, gone with it; nobody has made it yet.
public final class TemporaryFolder {
    /// Where it is.
    public let path: String

    /// A name nobody has.
    public init() {
        path = NSTemporaryDirectory() + "cyclorama-test-\(UUID().uuidString)"
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}
