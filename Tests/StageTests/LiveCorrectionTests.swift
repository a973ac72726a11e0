import Color
import Control
import Foundation
import FrameLoop
import FrameModel
import Geometry
import Glibc
import LookFiles
import Scenes
import StageModel
import StageRun
import TestSupport
import Testing

/// Walls' corrections on the control tree, seen in the octets.
@Suite struct `A correction on the wall` {
    static let first = VirtualStage.firstFrame

    /// A correction of a wall of the virtual stage: a power law, another set of primaries, black,
    /// gains that differ from panel to panel.
    static func file(_ wall: String, gamma: [Double] = [1.1, 1, 0.92]) throws -> WallCorrectionFile
    {
        let stage = VirtualStage.stage()
        let built = try #require(stage.walls.first { $0.name == wall })
        var file = WallCorrectionFile(wall: wall)
        let p = built.primaries
        file.primaries = [p.red, p.green, p.blue, p.white].map { [$0.x, $0.y] }
        file.peakNits = built.peakNits
        file.matrix = [[1.04, -0.03, 0.01], [-0.02, 0.97, 0.02], [0.01, -0.05, 1.06]]
        file.offset = [-3e-4, -1e-4, -2e-4]
        file.curves = gamma.map { gamma in
            let drives = (1...24).map { pow(10, -6 * (1 - Double($0) / 24)) }
            return WallCorrectionFile.Curve(drive: drives, light: drives.map { pow($0, gamma) })
        }
        file.panels = stage.panels[built.panels].enumerated().map { index, panel in
            WallCorrectionFile.Panel(
                name: panel.name, gain: [1, 0.9 + 0.005 * Double(index), 0.95])
        }
        return file
    }

    private func ask(_ request: String, _ wall: VirtualStage, _ frame: Int64) -> [String] {
        var session = ControlSession()
        let context = SessionContext(
            frame: frame, nanoseconds: 0, status: StatusBoard(),
            corrections: wall.corrections.actions, probed: wall.path.probed)
        session.receive(Array("\(request)\n".utf8), document: &wall.document, context: context)
        return String(decoding: session.takeOutput(), as: UTF8.self).split(separator: "\n")
            .map(String.init)
    }

    /// Codes of a canvas pixel.
    private func code(_ octets: [UInt8], _ x: Int, _ y: Int) -> SIMD3<Int> {
        codes(octets)[y * VirtualStage.width + x]
    }

    @Test func `shows on its own wall with the next frame, is passed by, and comes off`() throws {
        let wall = try VirtualStage(TestScenes.uniform(2))
        let plain = wall.make(Self.first)
        try wall.correct(try Self.file("left"))
        let corrected = wall.make(Self.first + 1)
        // One gain a panel of 32 pixels: panels 0, 1 and, a row below, 8.
        let (a, b, c) = (code(corrected, 5, 5), code(corrected, 37, 5), code(corrected, 5, 40))
        #expect(a.y < b.y && b.y < c.y && a != code(plain, 5, 5))
        #expect(abs(code(corrected, 31, 31).y - a.y) <= 1, "to the panel's edge")
        #expect(code(corrected, 300, 5) == code(plain, 300, 5), "the other wall is as it was")
        wall.choose("correction/left/bypass", on: true, at: Self.first + 2)
        #expect(wall.make(Self.first + 2) == plain)
        wall.choose("correction/left/bypass", on: false, at: Self.first + 3)
        #expect(wall.make(Self.first + 3) == corrected)
        wall.document.show(correction: 0, name: "", wall: 0)
        #expect(wall.make(Self.first + 4) == plain)
    }

    @Test func `is the same on any number of threads, and leaves black off`() throws {
        let one = try VirtualStage(TestScenes.checker(width: 512))
        let two = try VirtualStage(TestScenes.checker(width: 512), threads: 2)
        for wall in [one, two] {
            try wall.correct(try Self.file("left"))
            try wall.correct(try Self.file("right"))
        }
        #expect(one.make(Self.first) == two.make(Self.first))
        let black = try VirtualStage(TestScenes.uniform(0))
        try black.correct(try Self.file("left"))
        #expect(black.make(Self.first).allSatisfy { $0 == 0 })
        one.edit("stage/blackout", 1, at: Self.first + 1)
        #expect(one.make(Self.first + 1).allSatisfy { $0 == 0 })
    }

    @Test func `changes on a frozen wall`() throws {
        let wall = try VirtualStage(TestScenes.uniform(2))
        let plain = wall.make(Self.first)
        wall.choose("stage/freeze", on: true, at: Self.first + 1)
        #expect(wall.make(Self.first + 1) == plain)
        try wall.correct(try Self.file("left"))
        let frozen = wall.make(Self.first + 2)
        wall.choose("stage/freeze", on: false, at: Self.first + 3)
        #expect(frozen != plain && wall.make(Self.first + 3) == frozen)
    }

    struct Case: Encodable {
        var primaries: [[Double]]
        var peakNits: Double
        var nitsPerUnit: Double
        var matrix: [[Double]]
        var offset: [Double]
        var gamma: [Double]
        var gain: [Double]
        var colors: [[Double]] = []
        var codes: [[Int]] = []
    }

    @Test(.enabled(if: PythonPeer.has(module: "numpy"), "no NumPy here"))
    func `makes the codes that NumPy makes of the definitions`() throws {
        let wall = try VirtualStage(TestScenes.uniform(1))
        let file = try Self.file("left")
        try wall.correct(file)
        let panel = try #require(file.panels)[9]
        var one = Case(
            primaries: file.primaries!, peakNits: 1500, nitsPerUnit: 100, matrix: file.matrix!,
            offset: file.offset!, gamma: [1.1, 1, 0.92], gain: panel.gain)
        var random = SeededRandom(seed: 0xC0DE)
        for step in Int64(0)..<60 {
            let level = pow(10, 1.1 - 4 * random.unit())
            let color = (0..<3).map { _ in level * (0.3 + 0.7 * random.unit()) }
            wall.edit("all/cdl/slope", color[0], color[1], color[2], at: Self.first + step)
            // Panel 9 is the second of the second row.
            let code = code(wall.make(Self.first + step), 40, 40)
            one.colors.append(color)
            one.codes.append([code.x, code.y, code.z])
        }
        #expect(Set(one.codes.map { $0[0] }).count > 40)
        let (status, output) = try PythonPeer.judge("wall_correction.py", one)
        #expect(status == 0, "\(output)")
    }

    @Test func `has its steps told by the probe, to the code that is on the wall`() throws {
        let wall = try VirtualStage(TestScenes.checker(width: 512))
        var file = try Self.file("left")
        file.viewAngle = WallCorrectionFile.Angle(
            terms: [[0.05, 0, -0.05], [-0.6, -0.5, -0.4], [0, 0, 0], [-0.3, -0.3, -0.2]],
            widestDegrees: 60)
        try wall.correct(file)
        wall.choose("wall/left/gamut", "compress", at: Self.first)
        wall.choose("probe/wall", "left", at: Self.first)
        for camera in ["a", "b"] {
            wall.choose("camera/\(camera)/fixed/enabled", on: true, at: Self.first)
        }
        wall.edit("camera/a/fixed/position", -1.2, 0.4, 0.7, at: Self.first)
        wall.edit("camera/a/fixed/pan", 20, at: Self.first)
        wall.edit("camera/b/frustum/enabled", 0, at: Self.first)
        var isSeenByCamera = false
        var (outerAlone, innerAlone) = (0, 0)
        for (index, spot) in [(20, 20), (111, 77), (130, 50), (255, 95)].enumerated() {
            for roll in ["none", "soft"] {
                let frame = Self.first + Int64(2 * index) + (roll == "soft" ? 1 : 0)
                wall.choose("wall/left/roll-off", roll, at: frame)
                wall.edit("probe/x", Double(spot.0), at: frame)
                wall.edit("probe/y", Double(spot.1), at: frame)
                let code = code(wall.make(frame), spot.0, spot.1)
                let lines = ask("probe", wall, frame)
                let told = try #require(lines.last { $0.hasPrefix("code ") }, "\(lines)")
                let outer = lines.contains { $0.hasPrefix("outer: panel primaries ") }
                let inner = lines.contains { $0.hasPrefix("inner A: panel primaries ") }
                // Where the inner frustum covers all, nothing is drawn of the outer view.
                #expect(outer || inner)
                outerAlone += outer && !inner ? 1 : 0
                innerAlone += inner && !outer ? 1 : 0
                #expect(lines.contains { $0.hasPrefix("panel curves ") })
                #expect(lines.contains { $0.hasPrefix("panel gain ") })
                let angle = lines.contains { $0.hasPrefix("inner A: view angle ") }
                isSeenByCamera = isSeenByCamera || angle
                let numbers = told.split(separator: " ").compactMap { Double($0) }
                for channel in 0..<3 {
                    #expect(
                        abs(numbers[channel] - Double(code[channel])) <= 1.05, "\(told) \(code)")
                }
            }
        }
        #expect(isSeenByCamera && outerAlone > 0 && innerAlone > 0)
    }

    @Test func `is loaded, listed and cleared by requests, wrong ones are refused`() throws {
        let wall = try VirtualStage(TestScenes.uniform(1))
        let folder = TemporaryFolder()
        defer { withExtendedLifetime(folder) {} }
        try FileManager.default.createDirectory(
            atPath: folder.path, withIntermediateDirectories: true)
        let path = "\(folder.path)/left.json"
        try Self.file("left").write(to: path)
        try Data("nothing".utf8).write(to: URL(filePath: "\(folder.path)/bad.json"))
        let loaded = ask("correction load left \(path)", wall, Self.first)
        #expect(loaded[0].hasPrefix("applied r") && loaded[0].contains("gains of 24 panels"))
        #expect(ask("correction list", wall, Self.first)[0] == "correction/left \(path)")
        let fingerprint = wall.document.live.corrections[0]
        #expect(fingerprint != 0)
        for (request, part) in [
            ("correction load right \(path)", "is of wall “left”"),
            ("correction load left \(folder.path)/bad.json", "not a wall's correction"),
            ("correction load left \(folder.path)/none.json", "there is no such file"),
            ("correction load nowhere \(path)", "no wall “nowhere”"),
            ("correction load left", "takes a wall and a file"),
            ("correction clear right", "has no correction"),
            ("correction spin", "correction load, clear or list"),
        ] {
            let answer = ask(request, wall, Self.first)
            #expect(answer.count == 1 && answer[0].hasPrefix("refused: "), "\(answer)")
            #expect(answer[0].contains(part), "\(answer)")
            #expect(wall.document.live.corrections[0] == fingerprint)
        }
        var other = ShowDocument(stage: VirtualStage.stage())
        #expect(other.restore(wall.document.saved(atFrame: Self.first)).skipped == 0)
        #expect(other.live.corrections[0] == fingerprint && other.correctionNames[0] == path)
        #expect(ask("correction clear left", wall, Self.first)[0].hasPrefix("applied r"))
        #expect(wall.document.live.corrections[0] == 0)
    }
}
