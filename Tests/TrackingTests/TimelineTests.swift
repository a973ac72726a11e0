import Foundation
import Geometry
import Testing
import Timing
import Tracking

/// A body that pans at a constant speed, as packets of a 50 Hz source.
struct Panner {
    var degreesPerSecond = 20.0
    var rate = 50.0
    var camera: UInt8 = 1

    func pan(at seconds: Double) -> Double { degreesPerSecond * seconds * degree }

    func packet(_ n: Int) -> FreeD.Message {
        let seconds = Double(n) / rate
        return FreeD.Message(
            cameraID: camera,
            pose: Pose(
                pan: pan(at: seconds), tilt: 0.1, roll: 0,
                translation: Vector3(0.5 * seconds, 0, 1.6)))
    }

    /// Feeds packets `range`, each when it is due.
    func feed(_ timeline: inout Timeline, _ range: Range<Int>) {
        for n in range { timeline.accept(packet(n), at: Double(n) / rate) }
    }
}

func timeline(_ change: (inout TrackingSource, inout FreeDOptions) -> Void = { _, _ in })
    -> Timeline
{
    var source = TrackingSource(name: "a", transport: .fixed)
    var options = FreeDOptions()
    change(&source, &options)
    source.transport = .freeD(options)
    return Timeline(source: source)
}

/// Degrees between two orientations, at most some tens of them.
func angle(_ a: Pose, _ b: Pose) -> Double {
    let turn = a.rotation.transposed * b.rotation
    // From the skew part, which stays exact for small angles where the trace does not.
    let axis = Vector3(turn.y.z - turn.z.y, turn.z.x - turn.x.z, turn.x.y - turn.y.x)
    return asin(min(1, axis.length / 2)) / degree
}

func panDegrees(_ state: CameraState) -> Double {
    state.stageFromBody.rotation.panTiltRoll.pan / degree
}

@Suite struct TimelineTests {
    @Test func `a source that never spoke has no pose and says so`() {
        let timeline = timeline { source, _ in
            source.stageFromTracker.translation = Vector3(1, 2, 3)
        }
        let state = timeline.state(at: 5)
        #expect(state.status == .never)
        #expect(state.stageFromBody.translation == Vector3(1, 2, 3))
    }

    @Test func `a fixed source takes no packets`() {
        var timeline = Timeline(source: TrackingSource(name: "a", transport: .fixed))
        Panner().feed(&timeline, 0..<10)
        #expect(timeline.state(at: 0.2).status == .never)
        #expect(timeline.counters == TrackingCounters())
    }

    @Test func `at the instant of the newest sample the pose is what the tracker said`() {
        var timeline = timeline()
        let panner = Panner()
        for n in 0..<100 {
            timeline.accept(panner.packet(n), at: Double(n) / 50)
            let state = timeline.state(at: Double(n) / 50)
            let truth = panner.packet(n).pose(FreeDOptions())
            #expect(angle(state.stageFromBody, truth) < 1e-4)
            #expect((state.stageFromBody.translation - truth.translation).length < 2e-5)
            #expect(abs(state.ageNanoseconds) < 2)
        }
    }

    @Test func `a steady pan is predicted where it will be`() {
        var timeline = timeline()
        Panner().feed(&timeline, 0..<60)
        for lead in [0.02, 0.04, 0.08, 0.1] {
            let state = timeline.state(at: 59.0 / 50 + lead, lead: lead)
            #expect(abs(panDegrees(state) - 20 * (59.0 / 50 + lead)) < 0.002)
            #expect(
                abs(state.stageFromBody.translation.x - 0.5 * (59.0 / 50 + lead)) < 0.0005)
            #expect(state.status == .live)
        }
    }

    @Test func `prediction goes no further than 150 ms`() {
        var timeline = timeline()
        Panner().feed(&timeline, 0..<60)
        let state = timeline.state(at: 59.0 / 50 + 5, lead: 5)
        #expect(abs(panDegrees(state) - 20 * (59.0 / 50 + 0.15)) < 0.002)
    }

    @Test func `between two samples the pose is between them`() {
        var timeline = timeline()
        let panner = Panner()
        panner.feed(&timeline, 0..<60)
        for instant in stride(from: 0.3, to: 59.0 / 50, by: 0.0033) {
            let state = timeline.cameraState(at: .seconds(instant), now: .seconds(59.0 / 50))
            #expect(abs(panDegrees(state) - 20 * instant) < 1e-3)
            #expect(state.ageNanoseconds < 0)
        }
    }

    @Test func `the delay of the tracker makes samples older`() {
        var timeline = timeline { source, _ in source.delay = 0.03 }
        let panner = Panner()
        panner.feed(&timeline, 0..<60)
        let state = timeline.state(at: 59.0 / 50)
        #expect(abs(state.ageNanoseconds - 30_000_000) < 1000)
        // What came now was measured 30 ms ago: by now the camera is further on.
        #expect(abs(panDegrees(state) - 20 * (59.0 / 50 + 0.03)) < 0.002)
    }

    @Test func `a pan across the back wraps without a jump`() {
        var timeline = timeline()
        var last: Double?
        for n in 0..<200 {
            var pan = 170 + 10 * Double(n) / 50
            if pan > 180 { pan -= 360 }
            timeline.accept(
                FreeD.Message(
                    cameraID: 1, pan: Int32(pan * 32768), tilt: 0, roll: 0, x: 0, y: 0, z: 0,
                    zoom: 0, focus: 0), at: Double(n) / 50)
            let shown = panDegrees(timeline.state(at: Double(n) / 50 + 0.05, lead: 0.05))
            var expected = -(170 + 10 * (Double(n) / 50 + 0.05))
            if expected < -180 { expected += 360 }
            if n > 5 { #expect(abs(shown - expected) < 0.002, "packet \(n)") }
            if let last { #expect(abs(shown - last) < 1 || abs(shown - last) > 359) }
            last = shown
        }
        #expect(timeline.counters.rejected == 0)
    }

    @Test func `alignment and offset put the body on the stage`() {
        let alignment = Pose(
            pan: 90 * degree, tilt: 0, roll: 0, translation: Vector3(10, 0, 0))
        var timeline = timeline { source, _ in source.stageFromTracker = alignment }
        timeline.accept(
            FreeD.Message(
                cameraID: 1,
                pose: Pose(
                    rotation: .identity, translation: Vector3(0, 2, 1))), at: 0)
        let state = timeline.state(at: 0)
        // Turned a quarter to the left, the tracker's +Y is the stage's −X.
        #expect((state.stageFromBody.translation - Vector3(8, 0, 1)).length < 1e-9)
        #expect((state.stageFromBody.rotation.y - Vector3(-1, 0, 0)).length < 1e-9)
    }

    @Test func `zoom and focus are predicted but stay in their range`() {
        var timeline = timeline()
        for n in 0...20 {
            timeline.accept(
                FreeD.Message(
                    cameraID: 1, pan: 0, tilt: 0, roll: 0, x: 0, y: 0, z: 0,
                    zoom: UInt32(40000 + n * 1200), focus: 65535), at: Double(n) / 50)
        }
        let soon = timeline.state(at: 0.42, lead: 0.02)
        #expect(abs(soon.lens.zoom - 65200.0 / 65535) < 1e-4)
        #expect(timeline.state(at: 0.5, lead: 0.1).lens.zoom == 1)
        #expect(timeline.state(at: 0.5, lead: 0.1).lens.focus == 1)
    }
}
