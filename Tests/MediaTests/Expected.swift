import Foundation
import Media
import TestSupport
import Testing

/// What a test says a pixel should be, computed here and not by the room under test.
enum Expected {
    /// Rec.709 → AP1, Bradford (facts of `../shared/data/colour/colour.json`, to eight digits).
    static let ap1FromRec709: [[Double]] = [
        [0.61309740, 0.33952315, 0.04737945], [0.07019372, 0.91635388, 0.01345240],
        [0.02061559, 0.10956977, 0.86981463],
    ]

    static func ap1(_ r: Double, _ g: Double, _ b: Double) -> [Double] {
        ap1FromRec709.map { $0[0] * r + $0[1] * g + $0[2] * b }
    }

    static func sRGB(_ v: Double) -> Double {
        v <= 0.04045 ? v / 12.92 : pow((v + 0.055) / 1.055, 2.4)
    }

    static func isNear(
        _ picture: LinearPicture, _ x: Int, _ y: Int, _ rgba: [Double], within: Double = 1e-5
    ) -> Bool {
        let at = 4 * (y * picture.width + x)
        return (0..<4).allSatisfy {
            abs(Double(picture.pixels[at + $0]) - rgba[$0]) <= within * max(1, abs(rgba[$0]))
        }
    }
}

extension LinearPicture {
    func pixel(_ x: Int, _ y: Int) -> [Float] {
        Array(pixels[4 * (y * width + x)..<4 * (y * width + x) + 4])
    }
}

/// Where the shared test data and peers are.
enum Surroundings {
    static let hdris = TestData.url("hdri")
    static let hasHDRIs = TestData.has("hdri")
    static let peer = PythonPeer.root.appending(path: "Tests/Peers/pictures.py")
    /// The peer runs when Python has OpenImageIO and numpy.
    static let hasPeer = PythonPeer.has(module: "OpenImageIO") && MovieMaker.isThere

    static func run(_ arguments: [String]) -> Int32 {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = arguments
        process.standardError = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        do { try process.run() } catch { return -1 }
        process.waitUntilExit()
        return process.terminationStatus
    }

    /// A folder that is gone when the test is over.
    static func withFolder<Value>(_ body: (URL) throws -> Value) throws -> Value {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("cyclorama-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        return try body(folder)
    }
}
