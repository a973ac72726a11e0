public import FrameModel
import Geometry
import StageModel

/// Where the inner frustum's picture ends in a photograph, found from its light alone.
///
/// The camera looks a margin beyond its picture. Inside the frustum everything is equally bright,
/// outside it is dark: the light summed along a row across an edge says where the edge is, whatever
/// LEDs make of it. A line through many rows is an edge, two lines meet at a corner.
struct FrustumCorners {
    /// Picture pixels looked at beyond each side.
    static let margin = 64
    /// Every how many-th pixel is looked at, both ways.
    private static let step = 2
    /// An edge is looked for this near to where it should be, picture pixels.
    private static let near = 48.0

    /// The camera with the margin round its picture.
    static func widened(_ camera: Camera) -> Camera {
        var wide = camera
        let pixel = camera.sensor.widthMillimeters / Double(camera.imageWidth)
        wide.imageWidth += 2 * margin
        wide.imageHeight += 2 * margin
        wide.sensor.widthMillimeters += 2 * Double(margin) * pixel
        wide.sensor.heightMillimeters += 2 * Double(margin) * pixel
        return wide
    }

    /// The points of the widened picture that are looked at.
    static func grid(_ camera: Camera) -> SampleGrid {
        SampleGrid(
            width: camera.imageWidth + 2 * margin, height: camera.imageHeight + 2 * margin,
            step: step)
    }

    /// Everything equally bright.
    static var scene: Scene {
        let bright = Picture(
            width: 4, height: 2, pixels: [Float](repeating: 1, count: 4 * 2 * 4))
        return Scene(name: "bright", dome: Dome(picture: bright), cards: [])
    }

    private let grid: SampleGrid
    private let size: SIMD2<Double>
    private let light: [Double]
    private let isWall: [Bool]

    /// A photograph by the widened camera: luminance of each point, and whether it is of the wall.
    init(_ camera: Camera, light: [Double], isWall: [Bool]) {
        grid = FrustumCorners.grid(camera)
        size = SIMD2(Double(camera.imageWidth), Double(camera.imageHeight))
        self.light = light
        self.isWall = isWall
    }

    /// How far the corners stand from the picture's own, picture pixels (x right, y down): top
    /// left, top right, bottom right, bottom left; nil where an edge is not on the wall.
    func shifts() -> [SIMD2<Double>]? {
        guard let left = edge(isUpright: true, at: 0),
            let right = edge(isUpright: true, at: size.x),
            let top = edge(isUpright: false, at: 0), let bottom = edge(isUpright: false, at: size.y)
        else { return nil }
        func meeting(_ upright: Line, _ level: Line, _ corner: SIMD2<Double>) -> SIMD2<Double> {
            // x = a + b y and y = c + d x.
            let x =
                (upright.place + upright.slope * level.place) / (1 - upright.slope * level.slope)
            return SIMD2(x, level.place + level.slope * x) - corner
        }
        return [
            meeting(left, top, .zero), meeting(right, top, SIMD2(size.x, 0)),
            meeting(right, bottom, size), meeting(left, bottom, SIMD2(0, size.y)),
        ]
    }

    /// place + slope × the other coordinate.
    private struct Line {
        var place: Double
        var slope: Double
    }

    /// The edge near a place across, a line fitted to its place in many rows (or columns).
    private func edge(isUpright: Bool, at expected: Double) -> Line? {
        let length = isUpright ? size.y : size.x
        let rows = isUpright ? grid.rows : grid.columns
        var (count, sumT, sumX, sumTT, sumTX) = (0.0, 0.0, 0.0, 0.0, 0.0)
        for row in 0..<rows {
            let t = (isUpright ? grid.y(row) : grid.x(row)) - Double(Self.margin)
            guard t > 0.05 * length, t < 0.95 * length,
                let x = crossing(row, isUpright: isUpright, near: expected)
            else { continue }
            count += 1
            sumT += t
            sumX += x
            sumTT += t * t
            sumTX += t * x
        }
        guard count > Double(rows) / 2 else { return nil }
        let slope = (sumTX - sumT * sumX / count) / (sumTT - sumT * sumT / count)
        return Line(place: (sumX - slope * sumT) / count, slope: slope)
    }

    /// Where a row (or column) goes from dark to bright or back, picture pixels.
    private func crossing(_ row: Int, isUpright: Bool, near expected: Double) -> Double? {
        let places = isUpright ? grid.columns : grid.rows
        func place(_ i: Int) -> Double {
            (isUpright ? grid.x(i) : grid.y(i)) - Double(Self.margin)
        }
        var window: [Double] = []
        var start = 0.0
        for i in 0..<places where abs(place(i) - expected) <= Self.near {
            let at = isUpright ? row * grid.columns + i : i * grid.columns + row
            guard isWall[at] else { return nil }
            if window.isEmpty { start = place(i) - Double(grid.step) / 2 }
            window.append(light[at])
        }
        let ends = window.count / 6
        let (first, last) = (mean(window.prefix(ends)), mean(window.suffix(ends)))
        guard abs(last - first) > 0.5 * max(first, last) else { return nil }
        let share = window.reduce(0) { $0 + ($1 - last) / (first - last) }
        return start + share * Double(grid.step)
    }

    private func mean(_ values: ArraySlice<Double>) -> Double {
        values.reduce(0, +) / Double(max(1, values.count))
    }
}

extension Twin {
    /// What shows a wall under test where its inner frustum ends.
    public static var brightScene: Scene { FrustumCorners.scene }

    /// How far the corners of the inner frustum stand from the corners of the camera's picture, at
    /// each moment of the shot: top left, top right, bottom right, bottom left, picture pixels
    /// (x right, y down); nil where an edge does not lie on the wall.
    ///
    /// What is under test shows `brightScene` without overscan, the outer frustum dark. Of a soft
    /// edge it is the middle that is found.
    public mutating func cornerShifts<Wall: WallUnderTest>(
        _ underTest: inout Wall
    ) throws -> [[SIMD2<Double>]?] {
        try underTest.show(FrustumCorners.scene)
        let wide = FrustumCorners.widened(camera)
        let grid = FrustumCorners.grid(camera)
        return try moments.indices.map { moment in
            try underTest.emit(moment, to: &receivers)
            let view = WallView(
                stage: stage, camera: SimulatedCamera(wide, at: moments[moment]), grid: grid)
            let light = photograph(view, grid).map { $0.y }
            return FrustumCorners(
                camera, light: light, isWall: view.points.map { $0.panel >= 0 }
            ).shifts()
        }
    }
}
