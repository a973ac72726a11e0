import Color
import Foundation
import LookFiles
import TestSupport
import Testing

@Suite struct RoundTripTests {
    @Test(.enabled(if: ColorData.isThere, "shared test data is absent"))
    func `row: LUT, a cube and a CLF of one table give what colour-science says`() throws {
        let cube = try LookFile.read(ColorData.path("tetra5.cube"))
        let clf = try LookFile.read(ColorData.path("tetra5.clf"))
        #expect(cube.title == "tetra5")
        let json = try JSONSerialization.jsonObject(
            with: Data(contentsOf: ColorData.folder.appendingPathComponent("colour.json")))
        let lut = try #require((json as? [String: Any])?["lut3d"] as? [String: Any])
        let cases = try #require(lut["cases"] as? [[String: [Double]]])
        #expect(cases.count == 24)
        for one in cases {
            let rgb = try #require(one["rgb"])
            let wanted = try #require(one["tetrahedral"])
            let color = ColorTriple(rgb[0], rgb[1], rgb[2])
            let truth = ColorTriple(wanted[0], wanted[1], wanted[2])
            #expect(distance(cube.applied(to: color), truth) < 1e-6)
            #expect(distance(clf.applied(to: color), truth) < 1e-6)
        }
    }

    @Test(arguments: CubeText.Flavor.allCases)
    func `a cube reads back as it was written`(flavor: CubeText.Flavor) throws {
        var random = SeededRandom(seed: 5)
        for side in [2, 3, 17] {
            var looks = [Look(title: "one", steps: [.cube(random.cube(side: side))])]
            looks.append(
                Look(title: "a \"b\"", steps: [.curves(CurveLUT(points: random.points(9)))]))
            if flavor == .adobe {
                let cube = random.cube(side: side, isWide: true)
                let low = ColorTriple(SIMD3<Float>(cube.low))
                let high = ColorTriple(SIMD3<Float>(cube.high))
                let exact = CubeLUT(side: side, points: cube.points, low: low, high: high)
                looks.append(Look(steps: [.cube(exact)]))
            } else {
                let range = (ColorTriple(repeating: -0.5), ColorTriple(repeating: 2))
                let curve = CurveLUT(
                    points: random.points(64), domain: .range(low: range.0, high: range.1))
                looks.append(
                    Look(steps: [.curves(curve), .cube(random.cube(side: side))]))
            }
            for look in looks {
                let text = try CubeText.text(of: look, flavor: flavor, file: "a.cube")
                let back = try CubeText.parse(Array(text.utf8), file: "a.cube")
                #expect(back.steps == look.steps)
                #expect(back.title == look.title.replacing("\"", with: "'"))
            }
        }
    }

    @Test func `a CLF reads back as it was written, every kind of step`() throws {
        var random = SeededRandom(seed: 6)
        let look = Look(title: "a & <b>", steps: random.steps())
        let back = try CLFText.parse(Array(CLFText.text(of: look).utf8), file: "a.clf")
        #expect(back == look)
    }

    @Test func `a domain becomes a matrix in a CLF and the colours stay`() throws {
        var random = SeededRandom(seed: 7)
        let look = Look(steps: [.cube(random.cube(side: 4, isWide: true))])
        let back = try CLFText.parse(Array(CLFText.text(of: look).utf8), file: "a.clf")
        #expect(back.steps.count == 2)
        for _ in 0..<200 {
            let color = random.triple(-1...5)
            #expect(distance(look.applied(to: color), back.applied(to: color)) < 1e-6)
        }
    }

    @Test(arguments: CDLText.Container.allCases)
    func `corrections read back as they were written`(container: CDLText.Container) throws {
        var random = SeededRandom(seed: 8)
        var all = [NamedCDL(name: "A1 & \"x\"", note: "warm <a>", cdl: random.cdl())]
        if container != .cc { all += (0..<9).map { NamedCDL(name: "s\($0)", cdl: random.cdl()) } }
        let text = CDLText.text(of: all, in: container)
        #expect(try CDLText.parse(Array(text.utf8), file: "a.cdl") == all)
    }

    @Test func `files are found by their ending and written whole`() throws {
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "cyclorama-looks-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        var random = SeededRandom(seed: 9)
        let look = Look(steps: [.curves(CurveLUT(points: random.points(4)))])
        for name in ["a.cube", "b.clf"] {
            let path = folder.appending(path: name).path
            try LookFile.write(look, to: path)
            #expect(try LookFile.read(path) == look)
        }
        let correction = NamedCDL(name: "s", cdl: random.cdl())
        for name in ["a.cdl", "b.ccc", "c.cc"] {
            let path = folder.appending(path: name).path
            try CorrectionFile.write(correction, to: path)
            #expect(try CorrectionFile.read(path, name: "s") == correction)
            #expect(try CorrectionFile.read(path, name: nil) == correction)
        }
        let missing = folder.appending(path: "no.cube").path
        #expect(throws: LookComplaint.self) { try LookFile.read(missing) }
        #expect(throws: LookComplaint.self) { try LookFile.read(folder.path + "/") }
    }
}
