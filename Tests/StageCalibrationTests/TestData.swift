import Color
import Foundation
import StageCalibration

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

extension ColorMatrix {
    init(_ rows: [[Double]]) {
        self.init(rows: ColorTriple(rows[0]), ColorTriple(rows[1]), ColorTriple(rows[2]))
    }

    /// All nine, row by row.
    var list: [Double] { [row0, row1, row2].flatMap { [$0.x, $0.y, $0.z] } }
}

/// Greatest difference relative to the greatest number.
func relativeError(_ a: [Double], _ b: [Double]) -> Double {
    guard a.count == b.count else { return .infinity }
    let scale = b.map(abs).max() ?? 1
    return (zip(a, b).map { abs($0 - $1) }.max() ?? 0) / max(scale, 1e-300)
}
