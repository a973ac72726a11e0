import Color
import Foundation
import LookFiles
import TestSupport
import Testing

@Suite struct `A wall's correction on disk` {
    private let wall = WallCorrectionFile.Wall(
        name: "main", primaries: .rec709, peakNits: 1500, panels: ["main/c1r1", "main/c2r1"])

    private func file() -> WallCorrectionFile {
        var file = WallCorrectionFile(wall: "main")
        file.primaries = [[0.64, 0.33], [0.30, 0.60], [0.15, 0.06], [0.3127, 0.3290]]
        file.peakNits = 1500
        file.matrix = [[1.02, -0.01, 0], [0, 0.99, 0.01], [0, 0, 1.01]]
        file.offset = [-0.001, -0.0005, 0]
        file.curves = (0..<3).map { _ in
            WallCorrectionFile.Curve(drive: [0.1, 0.5, 1], light: [0.08, 0.48, 1])
        }
        file.panels = [
            WallCorrectionFile.Panel(name: "main/c2r1", gain: [0.9, 1, 1.02]),
            WallCorrectionFile.Panel(name: "main/c1r1", gain: [1, 1, 1]),
        ]
        file.viewAngle = WallCorrectionFile.Angle(
            terms: [[0, 0, 0], [-0.2, -0.2, -0.2], [0, 0, 0], [0, 0, 0]], widestDegrees: 60)
        return file
    }

    private func correction(_ file: WallCorrectionFile) throws(LookComplaint) -> WallCorrection {
        try file.correction(for: wall, file: "main.json") { name throws(LookComplaint) in
            try LookFile.parse([], file: name)
        }
    }

    @Test func `comes back as it was written, its panels in the wall's order`() throws {
        let folder = TemporaryFolder()
        defer { withExtendedLifetime(folder) {} }
        try FileManager.default.createDirectory(
            atPath: folder.path, withIntermediateDirectories: true)
        let path = "\(folder.path)/main.json"
        try file().write(to: path)
        let read = try WallCorrectionFile.read(path)
        #expect(read == file())
        let made = try correction(read)
        #expect(made.gains == [ColorTriple(1, 1, 1), ColorTriple(0.9, 1, 1.02)])
        #expect(made.matrix.row0 == ColorTriple(1.02, -0.01, 0))
        #expect(made.curves[1].drive(light: 0.48) == 0.5)
        #expect(abs((made.viewAngle?.widest ?? 0) - .pi / 3) < 1e-12)
    }

    @Test func `of other primaries is turned to the wall's own`() throws {
        var other = file()
        other.primaries = [[0.708, 0.292], [0.170, 0.797], [0.131, 0.046], [0.3127, 0.3290]]
        other.matrix = [[1, 0, 0], [0, 1, 0], [0, 0, 1]]
        let made = try correction(other)
        // Rec. 709 red in Rec. 2020 (BT.2087).
        #expect(abs(made.matrix.row0.x - 0.6274039) < 1e-6)
        #expect(abs(made.matrix.row1.x - 0.0690973) < 1e-6)
    }

    @Test func `that is wrong is one line that says what`() throws {
        func complaint(_ change: (inout WallCorrectionFile) -> Void) -> String {
            var file = file()
            change(&file)
            do throws(LookComplaint) {
                _ = try correction(file)
                return "taken"
            } catch { return error.description }
        }
        let cases: [(String, (inout WallCorrectionFile) -> Void)] = [
            ("is of wall “other”", { $0.wall = "other" }),
            ("peakNits: 1000.0", { $0.peakNits = 1000 }),
            ("primaries", { $0.primaries = [[0.6, 0.3]] }),
            ("matrix", { $0.matrix = [[1, 2], [3, 4], [5, 6]] }),
            ("determinant", { $0.matrix = [[1, 0, 0], [1, 0, 0], [0, 0, 1]] }),
            ("offset", { $0.offset = [0.5, 0, 0] }),
            ("curves: 1", { $0.curves = [$0.curves![0]] }),
            ("curves[1]", { $0.curves![1].light = [0.5, 0.4, 1] }),
            ("curves[2]", { $0.curves![2].drive = [0.1, 0.5, 1.7] }),
            ("no panel “main/c9r1”", { $0.panels![0].name = "main/c9r1" }),
            ("twice", { $0.panels![0].name = "main/c1r1" }),
            ("panels[0].gain", { $0.panels![0].gain = [1, 1, 3] }),
            ("none is main/c2r1", { $0.panels = [$0.panels![1]] }),
            ("viewAngle", { $0.viewAngle!.widestDegrees = 120 }),
            ("not a look file", { $0.table = "x.exe" }),
            (
                "failed: additivity: 5 %",
                {
                    $0.verdicts = [
                        WallCorrectionFile.Finding(
                            subject: "additivity", level: "fail", finding: "5 %", advice: "again")
                    ]
                }
            ),
        ]
        for (part, change) in cases {
            let found = complaint(change)
            #expect(found.contains(part) && found.count < 400, "\(part): \(found)")
            #expect(found.hasPrefix("main.json") || part.hasPrefix("not a look"), "\(found)")
            #expect(!found.contains("\n"))
        }
        #expect(complaint { _ in } == "taken")
    }

    @Test func `bytes that are none are refused, cut or changed anywhere`() {
        func complaint(_ text: String) -> String? {
            do throws(LookComplaint) {
                _ = try WallCorrectionFile.parse(Array(text.utf8), file: "x.json")
                return nil
            } catch { return error.description }
        }
        let text = file().text
        #expect(complaint(text) == nil)
        #expect(complaint("")?.contains("not a wall's correction") == true)
        #expect(
            complaint(text.replacing("\"version\" : 1", with: "\"version\" : 9"))?
                .contains("form 9") == true)
        #expect(
            complaint(text.replacing("\"wall\" : \"main\"", with: "\"wall\" : 3"))?
                .contains("wall is of another kind") == true)
        for length in stride(from: 0, to: text.utf8.count - 2, by: 7) {
            #expect(complaint(String(text.prefix(length))) != nil)
        }
    }
}
