import Color
import Foundation
import Lanes
import LookFiles
import TestSupport
import Testing

/// Grades that leave the stage as files.
@Suite struct ExportTests {
    private static let wall = WallColor(
        primaries: .p3D65, peakNits: 1500, nitsPerUnit: 100, transfer: .pq)

    private func grades() -> [(grade: Grade, prepared: PreparedLook?)] {
        var random = SeededRandom(seed: 0xE4)
        return (0..<20).map { number in
            var grade = Grade(
                exposure: random.number(-3...3),
                whiteBalance: WhiteBalance(
                    temperature: random.number(2500...12000), tint: random.number(-0.5...0.5),
                    isCameraBalance: number % 2 == 0),
                cdl: random.cdl())
            if number % 3 == 0 {
                grade.wheels = Wheels(
                    lift: random.triple(-0.03...0.03), gamma: random.triple(0.8...1.2),
                    gain: random.triple(0.9...1.1), contrast: random.number(0.8...1.3))
            }
            grade.isInCodes = number % 4 < 2
            grade.isClamped = number % 7 == 3
            guard number % 5 == 0 else { return (grade, nil) }
            let look = PreparedLook(
                Look(steps: [.cube(CubeLUT(side: 9) { $0 * 0.9 + $0 * $0 * 0.1 })]))
            grade.look = look.reference
            return (grade, look)
        }
    }

    @Test(
        .enabled(
            if: PythonPeer.has(module: "PyOpenColorIO"), "`make peers` installs opencolorio"))
    func `20 random grades exported as CLF are to OpenColorIO what the stage makes of them`() throws
    {
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "cyclorama-export-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        var random = SeededRandom(seed: 0xE5)
        var cases: [OpenColorIOTests.Case] = []
        let all = grades()
        defer { withExtendedLifetime(all) {} }
        for (number, one) in all.enumerated() {
            let path = folder.appending(path: "\(number).clf").path
            let look = Self.wall.look(one.grade, title: "g", prepared: one.prepared)
            try LookFile.write(look, to: path)
            let codes = (0..<300).map { _ in
                ColorTriple(SIMD3<Float>(random.triple(0.05...0.6)))
            }
            cases.append(
                OpenColorIOTests.Case(
                    path: path, colors: codes.map { [$0.x, $0.y, $0.z] },
                    ours: codes.map { code in
                        let out = Self.wall.codes(one.grade, of: code)
                        return [out.x, out.y, out.z]
                    }, tolerance: 1e-4))
        }
        let verdict = try PythonPeer.judge("opencolorio.py", cases)
        #expect(verdict.status == 0, "\(verdict.output)")
    }

    /// Grades as a day's work makes them.
    private func mildGrades() -> [Grade] {
        var random = SeededRandom(seed: 0xE7)
        return (0..<12).map { number in
            var grade = Grade(
                exposure: random.number(-1...1),
                whiteBalance: WhiteBalance(
                    temperature: random.number(3200...9000), tint: random.number(-0.3...0.3)),
                cdl: CDL(
                    slope: random.triple(0.9...1.1), offset: random.triple(0...0.005),
                    power: random.triple(0.9...1.1), saturation: random.number(0.8...1.2)))
            grade.isInCodes = number % 2 == 0
            return grade
        }
    }

    /// What comes back of a grade from a file's text, and how far it is from the grade, 10-bit
    /// codes.
    private func error(_ text: String, _ file: String, from grade: Grade) throws -> Double {
        let bytes = Array(text.utf8)
        let look =
            file.hasSuffix(".clf")
            ? try CLFText.parse(bytes, file: file) : try CubeText.parse(bytes, file: file)
        let back = PreparedLook(look)
        defer { withExtendedLifetime(back) {} }
        return Self.wall.codeError(
            of: { Reference.looked(back.reference.constants, $0) }, from: grade)
    }

    @Test func `every grade comes back from its files within a code of 10 bits`() throws {
        for grade in mildGrades() {
            let look = Self.wall.look(grade, title: "g", prepared: nil)
            let clf = try error(CLFText.text(of: look), "g.clf", from: grade)
            #expect(clf <= 1, "\(clf) \(grade)")
            let cube = Look(steps: [.cube(Self.wall.cube(grade, side: 65))])
            let text = try CubeText.text(of: cube, flavor: .adobe, file: "g.cube")
            let sampled = try error(text, "g.cube", from: grade)
            #expect(sampled <= 1, "\(sampled) \(grade)")
        }
    }

    @Test func `a CDL before a table comes back from a CLF as it was`() throws {
        let film = PreparedLook(
            Look(steps: [.cube(CubeLUT(side: 33) { $0 * 0.9 + $0 * $0 * 0.1 })]))
        defer { withExtendedLifetime(film) {} }
        for one in mildGrades() {
            var grade = one
            grade.whiteBalance = WhiteBalance()
            grade.cdl.saturation = 1
            grade.look = film.reference
            let look = Self.wall.look(grade, title: "g", prepared: film)
            let error = try error(CLFText.text(of: look), "g.clf", from: grade)
            #expect(error <= 0.05, "\(error) \(grade)")
        }
    }

    @Test func `loaded again as a table, a grade is as near as the stage says`() throws {
        for (grade, prepared) in grades().prefix(6) {
            let look = Self.wall.look(grade, title: "g", prepared: prepared)
            let text = CLFText.text(of: look)
            let back = PreparedLook(try CLFText.parse(Array(text.utf8), file: "g.clf"))
            defer { withExtendedLifetime((back, prepared)) {} }
            var again = Grade()
            again.look = back.reference
            var worst = 0.0
            var random = SeededRandom(seed: 0xE6)
            for _ in 0..<2000 {
                let code = random.triple(0.1...0.65)
                let d = Self.wall.codes(grade, of: code) - Self.wall.codes(again, of: code)
                worst = max(worst, abs(d.x), abs(d.y), abs(d.z))
            }
            // What is said is the worst of 4,096 places; others may be a little worse.
            #expect(worst <= 2 * back.samplingError + 1e-6, "\(worst) \(back.samplingError)")
        }
    }
}
