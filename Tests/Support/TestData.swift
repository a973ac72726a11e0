public import Foundation

/// The shared test data, found through `CYCLORAMA_TEST_DATA` or beside the package; where it is
/// absent, tests of it are skipped.
public enum TestData {
    /// The folder itself.
    public static let folder: URL =
        ProcessInfo.processInfo.environment["CYCLORAMA_TEST_DATA"].map {
            URL(fileURLWithPath: $0)
        } ?? PythonPeer.root.appending(path: "../shared/data").standardized

    /// A file of it.
    public static func url(_ path: String) -> URL { folder.appending(path: path) }

    /// A file or folder is there.
    public static func has(_ path: String) -> Bool {
        FileManager.default.fileExists(atPath: url(path).path)
    }

    /// What a file holds.
    public static func bytes(_ path: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: url(path)))
    }

    /// What a JSON file says.
    public static func decode<T: Decodable>(_ type: T.Type, from path: String) throws -> T {
        try JSONDecoder().decode(type, from: Data(contentsOf: url(path)))
    }
}
