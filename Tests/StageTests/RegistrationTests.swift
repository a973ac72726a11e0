import FrameLoop
import FrameModel
import Geometry
import Glibc
import Scenes
import StageModel
import Testing
import Tracking

/// How far the frames of a stage turn out to lie from where its cameras looked.
@Suite struct `Registration on the stage` {
    static let first = VirtualStage.firstFrame
    /// Camera pixels of one unit at a distance of 1: 48 mm on 24 mm and 1920 pixels.
    static let unit = 3840.0
    /// From the sample a frame is drawn with to its light: it came 0.4 periods before the tick;
    /// the light is a period and 8 ms after it.
    static let age = 1.4 * VirtualStage.period * 1e-9 + 0.008

    private func wall(_ prediction: Prediction) throws -> VirtualStage {
        var stage = VirtualStage.stage()
        for index in stage.sources.indices { stage.sources[index].prediction = prediction }
        return try VirtualStage(TestScenes.checker(width: 512), stage: stage)
    }

    /// Figures of frames `steps` of a camera that turns and moves at a constant speed.
    private func figures(
        _ wall: VirtualStage, _ steps: Range<Int64>, degreesPerSecond: Double = 0,
        metersPerSecond: Double = 0, away: Range<Int64> = 0..<0
    ) -> [RegistrationFigure] {
        steps.map { step in
            let frame = Self.first + step
            let t = Double(step - 1) * VirtualStage.period * 1e-9
            let datagram = VirtualStage.Datagram(
                arrivalTime: VirtualStage.host(frame - 1, plus: 0.6),
                bytes: freeD(pan: degreesPerSecond * t, metersPerSecond * t, 0.1, 1.5))
            wall.prepare(frame, away.contains(step) ? [] : [datagram])
            return wall.path.state.pointee.registration[0]
        }
    }

    @Test func `a held pan is off by its speed times the age of its samples`() throws {
        let found = try figures(wall(.hold), 0..<120, degreesPerSecond: 15)
        // At a corner (x, z) of the unit plane a pan of δ moves the picture by (1 + x², x z) δ.
        let (x, z) = (0.25, 13.5 / 96)
        let turn: Double = 15 * Self.age * .pi / 180
        let expected: Double = hypot(1 + x * x, x * z) * turn * Self.unit
        for figure in found[60...] {
            #expect(abs(Double(figure.horizon) - expected) < 0.02 * expected, "\(figure)")
        }
        #expect(expected > 30)
    }

    @Test func `a held dolly is off at the wall by its way over the distance`() throws {
        let found = try figures(wall(.hold), 0..<120, metersPerSecond: 0.3)
        let expected = 0.3 * Self.age / 3.9 * Self.unit
        for figure in found[60...] {
            #expect(figure.horizon < 0.05)
            #expect(abs(Double(figure.wall) - expected) < 0.05, "\(figure), \(expected)")
        }
    }

    @Test func `a steady move that is foreseen is off by less than a tenth of a pixel`() throws {
        let found = try figures(
            wall(Prediction()), 0..<120, degreesPerSecond: 15, metersPerSecond: 0.3)
        for figure in found[60...] {
            #expect(figure.isKnown && figure.horizon < 0.1 && figure.wall < 0.2, "\(figure)")
        }
    }

    @Test func `each frame is judged once, as soon as its light is told of`() throws {
        let found = try figures(wall(.hold), 0..<100, degreesPerSecond: 15)
        let known = found.count { $0.isKnown }
        // The light is 1.9 periods after the tick that draws it, samples come 0.4 before one.
        #expect(!found[0].isKnown && !found[1].isKnown)
        #expect((95...98).contains(known), "\(known)")
    }

    @Test func `without a tracker that speaks nothing is judged`() throws {
        let wall = try wall(.hold)
        let found = figures(wall, 0..<200, degreesPerSecond: 15, away: 60..<100)
        #expect(found[64..<100].allSatisfy { !$0.isKnown })
        // What was drawn in the gap is not judged by a guess across it.
        #expect(found[110...].allSatisfy { $0.isKnown })
        let expected = found[59].horizon
        #expect(found[120...].allSatisfy { abs($0.horizon - expected) < 0.05 * expected })
        #expect(!wall.path.state.pointee.registration[1].isKnown, "the other camera is silent")
    }

    @Test func `a frozen frustum and a fixed pose are not judged`() throws {
        let wall = try wall(Prediction())
        _ = figures(wall, 0..<60, degreesPerSecond: 15)
        wall.edit("camera/a/fixed/enabled", 1, at: Self.first + 60)
        let fixed = figures(wall, 60..<80, degreesPerSecond: 15)
        #expect(fixed[8...].allSatisfy { !$0.isKnown })
        wall.edit("camera/a/fixed/enabled", 0, at: Self.first + 80)
        let tracked = figures(wall, 80..<100, degreesPerSecond: 15)
        #expect(tracked[8...].allSatisfy { $0.isKnown })
        wall.edit("camera/a/frustum/freeze", 1, at: Self.first + 100)
        let frozen = figures(wall, 100..<120, degreesPerSecond: 15)
        #expect(frozen[8...].allSatisfy { !$0.isKnown })
    }

    @Test func `the summary tells each camera's percentiles`() {
        let reports = (0..<200).map { n in
            var report = FrameReport(frame: Int64(n))
            if n % 2 == 0 {
                report.registration[3] = RegistrationFigure(
                    horizon: Float(n / 2) / 10, wall: Float(n / 2) / 5)
            }
            return report
        }
        let summary = FrameSummary(reports)
        let figures = summary.registration[3]
        #expect(figures.frames == 100)
        #expect(abs(figures.horizon.p50 - 4.9) < 1e-6 && abs(figures.horizon.p99 - 9.8) < 1e-6)
        #expect(abs(figures.wall.max - 19.8) < 1e-6)
        #expect(summary.registration[0].frames == 0 && summary.registration[0].wall.max == 0)
    }
}
