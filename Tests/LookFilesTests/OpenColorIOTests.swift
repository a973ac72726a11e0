import Color
import Foundation
import LookFiles
import TestSupport
import Testing

@Suite struct OpenColorIOTests {
    struct Case: Encodable {
        var path: String
        var colors: [[Double]]
        var ours: [[Double]]
        var tolerance: Double
        var again: String?
        var flavor: String?
        var cubeSize = 0
    }

    /// A case of a look written to a file.
    private func wrote(
        _ look: Look, _ name: String, _ folder: URL, _ random: inout SeededRandom
    ) throws -> Case {
        let path = folder.appending(path: name).path
        if name.hasSuffix("resolve.cube") {
            try Data(CubeText.text(of: look, flavor: .resolve, file: path).utf8)
                .write(to: URL(filePath: path))
        } else {
            try LookFile.write(look, to: path)
        }
        var colors: [ColorTriple] = (0..<400).map { _ in random.triple(-0.3...1.6) }
        colors += (0...20).map { ColorTriple(repeating: Double($0) / 20) }
        // OpenColorIO is given floats.
        colors = colors.map { ColorTriple(SIMD3<Float>($0)) }
        return Case(
            path: path, colors: colors.map { [$0.x, $0.y, $0.z] },
            ours: colors.map(look.applied).map { [$0.x, $0.y, $0.z] }, tolerance: 3e-6)
    }

    private func cases(_ folder: URL) throws -> (cases: [Case], looks: [Look]) {
        var random = SeededRandom(seed: 0x0C10)
        var (cases, looks): ([Case], [Look]) = ([], [])
        for (number, step) in random.steps().enumerated() {
            let look = Look(title: "step \(number)", steps: [step])
            var one = try wrote(look, "\(number).clf", folder, &random)
            one.again = folder.appending(path: "\(number)-again.clf").path
            cases.append(one)
            looks.append(look)
        }
        let cube = Look(steps: [.cube(random.cube(side: 9))])
        let wide = Look(steps: [.cube(random.cube(side: 6, isWide: true))])
        // Smooth, so that the table behind it does not magnify OpenColorIO's rounding.
        let curve = CurveLUT(
            points: (0..<48).map { SIMD3<Float>(repeating: Float($0) / 40) + random.point() / 50 },
            domain: .range(low: ColorTriple(repeating: -0.2), high: ColorTriple(repeating: 1.5)))
        let both = Look(steps: [.curves(curve), .cube(random.cube(side: 7))])
        for (look, name, flavor) in [
            (cube, "adobe.cube", "iridas_cube"), (wide, "wide.cube", nil),
            (cube, "resolve.cube", "resolve_cube"), (both, "both-resolve.cube", nil),
            (both, "both.clf", nil), (wide, "wide.clf", nil),
        ] {
            var one = try wrote(look, name, folder, &random)
            one.flavor = flavor
            if flavor != nil {
                one.again = folder.appending(path: "again-\(name)").path
                one.cubeSize = 9
            }
            cases.append(one)
            looks.append(look)
        }
        return (cases, looks)
    }

    @Test(
        .enabled(
            if: PythonPeer.has(module: "PyOpenColorIO"), "`make peers` installs opencolorio"))
    func `OpenColorIO reads what we write, and we read what it writes, with the same colours`()
        throws
    {
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "cyclorama-ocio-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let (cases, looks) = try cases(folder)
        let verdict = try PythonPeer.judge("opencolorio.py", cases)
        try #require(verdict.status == 0, "\(verdict.output)")
        var again = 0
        for (one, look) in zip(cases, looks) {
            guard let path = one.again else { continue }
            let back = try LookFile.read(path)
            again += 1
            for color in one.colors.map({ ColorTriple($0[0], $0[1], $0[2]) }) {
                // A baked .cube has no colours outside 0 … 1, and six decimals.
                let inside = color.min() >= 0 && color.max() <= 1
                if path.hasSuffix(".cube") && !inside { continue }
                let wanted = look.applied(to: color)
                let scale = max(1, abs(wanted.x), abs(wanted.y), abs(wanted.z))
                #expect(distance(back.applied(to: color), wanted) < 5e-6 * scale, "\(path)")
            }
        }
        #expect(again == 15)
    }
}
