public import Foundation

/// Whole files, never more of them than is allowed.
public enum BoundedFile {
    /// The bytes of a file; its length is looked at before it is read.
    ///
    /// - Parameters:
    ///   - path: the file.
    ///   - limit: bytes at most.
    ///   - what: what kind of file is wanted, for the refusal.
    public static func data(
        _ path: String, limit: Int, what: String
    ) throws(CalibrationRefusal) -> Data {
        let unreadable = CalibrationRefusal(
            "\(path): cannot be read", advice: "give a file of \(what)")
        // A folder opens, but has no bytes.
        guard let file = FileHandle(forReadingAtPath: path), let length = try? file.seekToEnd()
        else { throw unreadable }
        guard length <= UInt64(limit) else {
            throw CalibrationRefusal(
                "\(path): \(length) bytes", advice: "\(limit) at most are read")
        }
        do {
            try file.seek(toOffset: 0)
            return try file.read(upToCount: limit) ?? Data()
        } catch {
            throw unreadable
        }
    }
}
