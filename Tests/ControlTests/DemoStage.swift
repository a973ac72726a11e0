import Color
import FrameModel
import Geometry
import StageModel
import Timing
import Tracking

/// A small stage with two walls and two cameras, built by hand.
func demoStage(rate: FrameRate = FrameRate(24, 1)!) -> Stage {
    func wall(_ name: String) -> Wall {
        Wall(name: name, primaries: .p3D65, peakNits: 1500, nitsPerUnit: 100, panels: 0..<0)
    }
    func camera(_ name: String) -> Camera {
        Camera(
            name: name, sensor: Sensor(widthMillimeters: 24.9, heightMillimeters: 14),
            imageWidth: 1920, imageHeight: 1080, lens: Lens(focalLengthMillimeters: 25),
            source: 0)
    }
    return Stage(
        name: "test", rate: rate, processors: [], walls: [wall("Main"), wall("Ceiling North")],
        products: [], panels: [], facets: [],
        sources: [TrackingSource(name: "fixed", transport: .fixed)],
        cameras: [camera("A"), camera("b")], outerEye: Vector3(0, 0, 1.6), outputs: [],
        controlSocket: "/tmp/none")
}

/// Whether two live states hold the same numbers, byte for byte but for the revision.
func sameValues(_ a: LiveState, _ b: LiveState) -> Bool {
    for i in 0..<a.values.count where a.values[i] != b.values[i] { return false }
    return a.scene == b.scene && a.leaving == b.leaving && a.sceneMix == b.sceneMix
}
