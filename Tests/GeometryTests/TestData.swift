import Foundation

/// Shared test data, found through `CYCLORAMA_TEST_DATA` or beside the package.
enum TestData {
    static let folder: URL = {
        if let path = ProcessInfo.processInfo.environment["CYCLORAMA_TEST_DATA"] {
            return URL(fileURLWithPath: path)
        }
        return URL(fileURLWithPath: #filePath).appending(path: "../../../../shared/data")
            .standardizedFileURL
    }()

    static func has(_ path: String) -> Bool {
        FileManager.default.fileExists(atPath: folder.appending(path: path).path)
    }

    static func decode<T: Decodable>(_ type: T.Type, from path: String) throws -> T {
        try JSONDecoder().decode(type, from: Data(contentsOf: folder.appending(path: path)))
    }
}
