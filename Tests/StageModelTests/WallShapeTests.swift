import Foundation
import Geometry
import StageModel
import Testing

@Suite struct WallShapeTests {
    private let width = 0.5
    private let height = 0.4

    private func panel(
        _ shape: WallShape, _ column: Int, _ row: Int, of columns: Int, _ rows: Int
    ) -> Pose {
        shape.stageFromPanel(
            column: column, row: row, columns: columns, rows: rows, width: width, height: height)
    }

    @Test func `a flat wall hangs from the middle of its lower edge`() {
        let shape = WallShape.flat(
            stageFromWall: Pose(pan: 0, tilt: 0, roll: 0, translation: Vector3(1, 4, 0.2)))
        let topLeft = panel(shape, 0, 0, of: 4, 3).translation
        #expect((topLeft - Vector3(1 - 0.75, 4, 0.2 + 1.0)).length < 1e-12)
        let bottomRight = panel(shape, 3, 2, of: 4, 3).translation
        #expect((bottomRight - Vector3(1 + 0.75, 4, 0.2 + 0.2)).length < 1e-12)
    }

    @Test func `a negative tilt leans a wall away from the stage`() {
        let shape = WallShape.flat(
            stageFromWall: Pose(pan: 0, tilt: -0.2, roll: 0, translation: .zero))
        let top = panel(shape, 0, 0, of: 1, 3)
        // Tilt turns the axis into the wall: down (−) takes the upper edge further forward.
        #expect(abs(top.translation.y - 1.0 * sin(0.2)) < 1e-12)
        #expect(abs(top.translation.z - 1.0 * cos(0.2)) < 1e-12)
    }

    @Test(arguments: [5, 6])
    func `an arc's panels are at its radius, face its axis and run from the left`(columns: Int) {
        let center = Vector3(0.5, -1, 0.1)
        let (radius, step, middle) = (3.0, 0.2, 0.3)
        let shape = WallShape.arc(center: center, radius: radius, step: step, middle: middle)
        for column in 0..<columns {
            let pose = panel(shape, column, 1, of: columns, 2)
            let fromAxis = pose.translation - center
            let pan = middle - (Double(column) - Double(columns - 1) / 2) * step
            let closed = Vector3(-radius * sin(pan), radius * cos(pan), 0.2)
            #expect((fromAxis - closed).length < 1e-12)
            let outward = Vector3(closed.x, closed.y, 0).normalized
            #expect((pose.rotation.y - outward).length < 1e-12)
            #expect((pose.rotation.z - Vector3(0, 0, 1)).length < 1e-12)
        }
        #expect(panel(shape, 0, 0, of: columns, 1).translation.x < center.x)
    }

    @Test func `columns at the touching step share their edges`() {
        let radius = 4.0
        let step = WallShape.touchingStep(radius: radius, width: width)
        let shape = WallShape.arc(center: .zero, radius: radius, step: step, middle: 0)
        for column in 0..<9 {
            let right = panel(shape, column, 0, of: 10, 1) * Vector3(width / 2, 0, 0)
            let left = panel(shape, column + 1, 0, of: 10, 1) * Vector3(-width / 2, 0, 0)
            #expect((right - left).length < 1e-12)
        }
        #expect(abs(step - 0.1248374) < 1e-6)
    }

    @Test func `a ceiling looks down, its last row furthest forward, its first column on the left`()
    {
        let shape = WallShape.ceiling(center: Vector3(1, 2, 4.5), pan: 0)
        let first = panel(shape, 0, 0, of: 3, 2)
        #expect((first.rotation.y - Vector3(0, 0, 1)).length < 1e-12)
        #expect((first.translation - Vector3(1 - 0.5, 2 - 0.2, 4.5)).length < 1e-12)
        let last = panel(shape, 2, 1, of: 3, 2)
        #expect((last.translation - Vector3(1 + 0.5, 2 + 0.2, 4.5)).length < 1e-12)
        let turned = panel(
            .ceiling(center: .zero, pan: .pi / 2), 0, 0, of: 3, 1)
        #expect((turned.translation - Vector3(0, -0.5, 0)).length < 1e-12)
    }
}
