import Geometry
import StageCalibration
import StageModel
import Testing

@Suite struct `A lens over zoom and focus` {
    @Test func `focal length and pupil are found at every place of the rings`() throws {
        var twin = GeometryTwin(seed: 21)
        let geometry = try GeometrySolution(twin.captures(20, dotsEach: 120))
        let truth = [(zoom: 0.0, focal: 1.0, pupil: 0.0), (zoom: 1.0, focal: 1.3, pupil: -0.03)]
        let nodes = truth.map { place in
            twin.camera.focal = GeometryTwin.lens.focal * place.focal
            twin.mount.translation =
                GeometryTwin.place.translation + GeometryTwin.place.rotation.z * place.pupil
            var captures = twin.captures(6, dotsEach: 120)
            captures.lens.focal *= place.focal
            return LensGrid.Node(zoom: place.zoom, focus: 0.5, captures: captures)
        }
        let grid = try LensGrid(
            name: "zoom", nodes, of: geometry, sensorWidthMillimeters: 24.89)
        #expect(grid.verdicts.worst == .pass)
        for (place, lens) in zip(truth, grid.table.lenses) {
            let focal = GeometryTwin.lens.focal.x * place.focal * 24.89 / 1920
            #expect(abs(lens.focalLengthMillimeters / focal - 1) < 5e-4)
            #expect(abs(lens.entrancePupilOffset - place.pupil) < 0.004)
        }
        let refusal = #expect(throws: CalibrationRefusal.self) {
            try LensGrid(
                name: "zoom",
                nodes + [LensGrid.Node(zoom: 0, focus: 0, captures: nodes[0].captures)],
                of: geometry, sensorWidthMillimeters: 24.89)
        }
        #expect(refusal?.description.contains("zoom 1.0, focus 0.0: 0 captures") == true)
    }

    @Test func `poses from one distance leave the pupil open`() throws {
        var twin = GeometryTwin(seed: 21)
        let geometry = try GeometrySolution(twin.captures(20, dotsEach: 120))
        var captures = twin.captures(6, dotsEach: 120)
        captures.views = []
        for i in 0..<4 {
            let pose = Pose(
                pan: 0.02 * Double(i), tilt: 0.05, roll: 0, translation: Vector3(0.1, -5, 1.6))
            let view = twin.view(
                pose * CameraModel.cameraFromPupil.inverse, name: "\(i)", dotsEach: 60)
            captures.views.append(try #require(view))
        }
        let grid = try LensGrid(
            name: "zoom", [LensGrid.Node(zoom: 0, focus: 0.5, captures: captures)], of: geometry,
            sensorWidthMillimeters: 24.89)
        #expect(grid.verdicts.worst == .fail)
        #expect(grid.verdicts.first?.advice == "capture from two distances")
    }
}
