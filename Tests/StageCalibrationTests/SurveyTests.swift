import Color
import Foundation
import Geometry
import StageCalibration
import StageModel
import TestSupport
import Testing
import Timing

@Suite struct `Surveys and meshes` {
    /// Six panels of four corners on two walls, and where an instrument saw them.
    private func survey(
        bump: Vector3 = .zero, scale: Double = 1
    ) -> (points: [Survey.Point], plan: [String: Vector3]) {
        let instrument = Pose(pan: 1.1, tilt: 0.02, roll: 0.01, translation: Vector3(3, -8, 1.4))
        var random = SeededRandom(seed: 4)
        var points: [Survey.Point] = []
        var plan: [String: Vector3] = [:]
        for panel in 0..<6 {
            for (i, corner) in ["top left", "top right", "bottom left", "bottom right"].enumerated()
            {
                let x = Double(panel) + Double(i % 2)
                let place = Vector3(x, panel < 3 ? 0 : 0.3 * x, i < 2 ? 1 : 0)
                plan["p\(panel)\(corner)"] = place
                let seen = place + (panel == 4 ? bump : .zero)
                points.append(
                    Survey.Point(
                        panel: "p\(panel)", corner: corner,
                        measured: instrument.inverse * seen * scale
                            + 0.0003 * GeometryTwin.normals(&random)))
            }
        }
        return (points, plan)
    }

    @Test func `a survey finds the plan, and the panel that stands off`() throws {
        let (points, plan) = survey(bump: Vector3(0, 0.012, 0))
        let found = try Survey(points) { plan[$0.panel + $0.corner] }
        #expect(found.residuals.count == 6)
        let named = found.verdicts.filter { $0.level == .warning }
        #expect(named.map(\.subject) == ["panel p4"])
        let clean = survey()
        let good = try Survey(clean.points) { clean.plan[$0.panel + $0.corner] }
        #expect(good.rms < 0.001)
        #expect(good.verdicts.worst == .pass)
        for point in clean.points {
            let place = try #require(clean.plan[point.panel + point.corner])
            #expect((good.stageFromInstrument * point.measured - place).length < 0.002)
        }
    }

    @Test func `feet are not taken for meters`() throws {
        let (points, plan) = survey(scale: 1 / 0.3048)
        let found = try Survey(points) { plan[$0.panel + $0.corner] }
        #expect(found.verdicts.contains { $0.subject == "scale" && $0.level == .fail })
    }

    @Test func `points on one line and unknown panels are refused`() throws {
        let line = (0..<5).map {
            Survey.Point(panel: "p", corner: "\($0)", measured: Vector3(Double($0), 0, 0))
        }
        let refusal = #expect(throws: CalibrationRefusal.self) {
            try Survey(line) { $0.measured }
        }
        #expect(refusal?.description.contains("on one line") == true)
        let unknown = #expect(throws: CalibrationRefusal.self) { try Survey(line) { _ in nil } }
        #expect(unknown?.description.contains("no such panel") == true)
    }

    @Test func `a survey's table is read, and refused by its line`() throws {
        let csv = "panel,corner,x,y,z\n# by hand\np1, top left ,0.5,1,2\n\np2,x,1e1,2,3\n"
        let points = try Survey.points(csv: csv, file: "s.csv")
        #expect(points.map(\.panel) == ["p1", "p2"])
        #expect(points[0].corner == "top left" && points[1].measured == Vector3(10, 2, 3))
        let refusal = #expect(throws: CalibrationRefusal.self) {
            try Survey.points(csv: csv + "p3,y,1,2\n", file: "s.csv")
        }
        #expect(refusal?.description.hasPrefix("s.csv:6:") == true)
    }

    @Test func `a table of another system is read by its lines`() throws {
        let rows = "# by hand\r\npanel,corner,x,y,z\r\np1,top left,0.5,1,2\r\n\r\np2,x,1,2,3\r\n"
        let points = try Survey.points(csv: "\u{FEFF}" + rows, file: "s.csv")
        #expect(points.map(\.panel) == ["p1", "p2"])
        let refusal = #expect(throws: CalibrationRefusal.self) {
            try Survey.points(csv: rows + "p3,y\r\n", file: "s.csv")
        }
        #expect(refusal?.description.hasPrefix("s.csv:6:") == true)
        let first = #expect(throws: CalibrationRefusal.self) {
            try Survey.points(csv: "p1,top left,0m5,1m0,2m0\n", file: "s.csv")
        }
        #expect(first?.description.hasPrefix("s.csv:1:") == true)
    }

    @Test func `a mesh of another system is read by its lines`() throws {
        let text = "v 0 0 0\nv 1 0 0\nv 1 0 1\nvt 0 0\nvt 1 0\nvt 1 1\nf 1/1 2/2 3/3\n"
        let other = "\u{FEFF}" + text.split(separator: "\n").joined(separator: "\r\n") + "\r\n"
        #expect(try WallMesh(other, file: "w.obj") == WallMesh(text, file: "w.obj"))
    }

    @Test func `maps of points come back as they went`() throws {
        var points: [Vector3?] = (0..<12).map { Vector3(Double($0), 0.25 * Double($0), -1) }
        points[5] = nil
        let map = FloatMap(width: 4, height: 3, points: points)
        #expect(try FloatMap(map.bytes, file: "w.pfm") == map)
        // The first number of the file is the first point of the bottom row.
        let header = Array("PF\n4 3\n-1.000000\n".utf8)
        #expect(Array(map.bytes[..<header.count]) == header)
        #expect(Array(map.bytes[header.count..<(header.count + 4)]) == [0, 0, 0, 0x41])
        for cut in [0, 5, header.count, map.bytes.count - 1] {
            #expect(throws: CalibrationRefusal.self) {
                try FloatMap(Array(map.bytes[..<cut]), file: "w.pfm")
            }
        }
    }

    @Test func `meshes come back as they went`() throws {
        let section = WallMesh.Section(
            name: "main", points: [.zero, Vector3(1, 0, 0), Vector3(1, 0, 1), Vector3(0, 0, 1)],
            places: [.zero, Vector2(1, 0), Vector2(1, 1), Vector2(0, 1)],
            triangles: [SIMD3(0, 1, 2), SIMD3(0, 2, 3)])
        var other = section
        other.name = "ceiling"
        let mesh = WallMesh(sections: [section, other])
        #expect(try WallMesh(mesh.text, file: "w.obj") == mesh)
        let quad = "v 0 0 0\nv 1 0 0\nv 1 0 1\nv 0 0 1\nvt 0 0\nvt 1 0\nvt 1 1\nvt 0 1\n"
        let read = try WallMesh(quad + "f 1/1 2/2 3/3 -1/-1\n", file: "q.obj")
        #expect(read.sections[0].triangles == section.triangles)
        let refusal = #expect(throws: CalibrationRefusal.self) {
            try WallMesh(quad + "f 1/1 2/2 9/3\n", file: "q.obj")
        }
        #expect(refusal?.description.hasPrefix("q.obj:9:") == true)
    }

    /// Two walls of two panels, the second panel turned on the canvas.
    private var stage: Stage {
        let product = PanelProduct(name: "p", width: 1, height: 0.5, columns: 8, rows: 4)
        let light = Primaries.p3D65
        let panels = [
            Panel(
                name: "a", wall: 0, product: 0,
                stageFromPanel: Pose(pan: 0.3, tilt: 0, roll: 0, translation: Vector3(0, 5, 1)),
                processor: 0, canvas: CanvasRect(x: 0, y: 0, width: 8, height: 4)),
            Panel(
                name: "b", wall: 0, product: 0,
                stageFromPanel: Pose(pan: -0.2, tilt: 0, roll: 0, translation: Vector3(1, 5, 1)),
                processor: 0, canvas: CanvasRect(x: 8, y: 0, width: 4, height: 8),
                quarterTurns: 1),
        ]
        return Stage(
            name: "s", rate: FrameRate(24, 1)!,
            processors: [
                Processor(
                    name: "left", width: 12, height: 8, bitDepth: 10, transfer: .pq, range: .full,
                    latency: 0)
            ],
            walls: [
                Wall(name: "w", primaries: light, peakNits: 1000, nitsPerUnit: 100, panels: 0..<2)
            ], products: [product], panels: panels, facets: [], sources: [], cameras: [],
            outerEye: .zero, outputs: [], controlSocket: "")
    }

    @Test func `the plan agrees with its own mesh and map, and not with a moved one`() throws {
        let plan = PlannedWall(stage, processor: 0)
        #expect(plan.differences(plan.mesh).allSatisfy { $0.points == 4 && ($0.rms ?? 1) < 1e-9 })
        #expect(
            try plan.differences(plan.map).allSatisfy { $0.points == 32 && ($0.rms ?? 1) < 1e-6 })
        #expect(plan.map.points.filter { $0 == nil }.count == 96 - 64)
        var moved = plan.mesh
        for i in 0..<4 { moved.sections[1].points[i].z += 0.02 }
        let found = plan.differences(moved)
        #expect(found[0].rms ?? 1 < 1e-9)
        #expect(abs((found[1].rms ?? 1) - 0.02) < 1e-9)
        #expect(PlannedWall.verdicts(found).worst == .pass)
        for i in moved.sections[0].places.indices { moved.sections[0].places[i] = Vector2(-3, -3) }
        let outside = PlannedWall.verdicts(plan.differences(moved))
        #expect(outside[0].level == .fail && outside[1].level == .pass, "\(outside)")
        let corner = Survey.Point(panel: "b", corner: "top left", measured: .zero)
        let place = try #require(PlannedWall.point(corner, of: stage))
        // Turned clockwise on the canvas, the panel's top left is the canvas's top right.
        #expect((place - plan.mesh.sections[1].points[2]).length < 1e-9)
    }
}
