import Foundation
import Geometry
import StageCalibration
import TestSupport
import Testing

@Suite struct `Panel gains` {
    /// Lights of a wall whose columns differ by 4 %, with a view angle, a lens that loses 28 % in
    /// the corners, an exposure a view, and noise of 1 %.
    private func lit(
        _ captures: GeometryCaptures, _ twin: GeometryTwin, gains: [Vector3]
    ) -> GeometryCaptures {
        var random = SeededRandom(seed: 77)
        var lit = captures
        let normals = twin.nominal.map { dot in
            // The wall's columns face the centre of its circle.
            (Vector3(0, -6, dot.z) - dot).normalized
        }
        lit.normals = normals
        for (i, view) in captures.views.enumerated() {
            guard let tracker = Pose(rows: view.trackerFromBody) else { continue }
            let eye = (GeometryTwin.stage * tracker * twin.mount).translation
            let exposure = 0.8 + 0.4 * random.unit()
            lit.views[i].lights = zip(view.seen, view.pixels).map { dot, pixel in
                let (d, n) = (eye - twin.dots[dot], normals[dot])
                let right = Vector3(0, 0, 1).cross(n)
                let h = atan2(d.dot(right), d.dot(n)) / (60 * .pi / 180)
                let v = atan2(d.dot(n.cross(right)), d.dot(n)) / (40 * .pi / 180)
                let r = (pixel - twin.camera.center).size / Vector2(960, 540).size
                var light = gains[twin.groups[dot]] * exposure * (1 - 0.28 * r * r)
                for (channel, a) in [0.02, 0, -0.03].enumerated() {
                    light[channel] *= exp(a * h - 0.2 * h * h - 0.05 * h * h * h * h - 0.1 * v * v)
                    light[channel] *= 1 + 0.01 * GeometryTwin.normal(&random)
                }
                return light
            }
        }
        return lit
    }

    @Test func `row: panel gains at 1 % noise`() throws {
        var twin = GeometryTwin(seed: 31)
        let captures = twin.captures(12, dotsEach: 150)
        var random = SeededRandom(seed: 5)
        var gains = (0..<36).map { _ in
            Vector3(repeating: 1) + 0.04 * GeometryTwin.normals(&random)
        }
        let found = try PanelGains(
            lit(captures, twin, gains: gains), try GeometrySolution(captures))
        for channel in 0..<3 {
            let mean = exp(gains.reduce(0) { $0 + log($1[channel]) } / 36)
            for i in gains.indices { gains[i][channel] /= mean }
        }
        for channel in 0..<3 {
            let before = zip(gains, gains).reduce(0) { $0 + pow($1.0[channel] - 1, 2) }
            let after = zip(gains, found.gains).reduce(0) {
                $0 + pow($1.0[channel] / $1.1[channel] - 1, 2)
            }
            #expect((before / 36).squareRoot() > 0.025)
            #expect((after / 36).squareRoot() <= 0.004)
        }
        #expect(found.residual < 0.012)
        let corrections = found.corrections(headroom: 0.05)
        #expect(corrections.allSatisfy { $0.max() <= 1.05 + 1e-12 })
        let ratio = corrections[3] * found.gains[3] / (corrections[9] * found.gains[9])
        #expect(abs(ratio.x - 1) < 1e-12)
    }

    @Test func `one replaced panel is found from three poses, the others staying as they were`()
        throws
    {
        var twin = GeometryTwin(seed: 33)
        let captures = twin.captures(12, dotsEach: 150)
        var random = SeededRandom(seed: 6)
        var gains = (0..<36).map { _ in
            Vector3(repeating: 1) + 0.04 * GeometryTwin.normals(&random)
        }
        let solution = try GeometrySolution(captures)
        let found = try PanelGains(lit(captures, twin, gains: gains), solution)
        let ratio = Vector3(0.88, 0.93, 0.9)
        gains[17] = gains[17] * ratio
        var few = lit(captures, twin, gains: gains)
        few.views = Array(few.views.prefix(3))
        let renewed = try found.replacing(17, by: few, solution)
        let seen = renewed.gains[17] / found.gains[17]
        for channel in 0..<3 { #expect(abs(seen[channel] / ratio[channel] - 1) < 0.01) }
        #expect(renewed.gains[16] == found.gains[16])
        few.views = few.views.map { view in
            var view = view
            view.lights = nil
            return view
        }
        #expect(throws: CalibrationRefusal.self) {
            try found.replacing(17, by: few, solution)
        }
    }

    @Test func `captures without lights are refused`() throws {
        var twin = GeometryTwin(seed: 32)
        var captures = twin.captures(8, dotsEach: 100)
        let solution = try GeometrySolution(captures)
        let first = #expect(throws: CalibrationRefusal.self) {
            try PanelGains(captures, solution)
        }
        #expect(first?.description.contains("no normals") == true)
        captures.normals = captures.dots.map { _ in Vector3(0, -1, 0) }
        let second = #expect(throws: CalibrationRefusal.self) {
            try PanelGains(captures, solution)
        }
        #expect(second?.description.contains("read in no pose") == true)
    }
}
