import FrameModel
public import Geometry
public import StageModel

/// Where the dots of a stage stand, by its plan: what pictures of them are compared with.
public struct PlannedDots: Sendable {
    /// Each dot's middle, stage metres.
    public let points: [Vector3]
    /// Where its panel faces, towards the viewer.
    public let normals: [Vector3]
    /// Its radius, metres.
    public let radii: [Double]
    /// Its panel.
    public let panels: [Int]
    /// Its facet.
    public let facets: [Int]
    /// No strip stands over it.
    public let isFree: [Bool]

    /// The dots of a stage whose strips have cells of a size.
    public init(_ stage: Stage, cell: Int) {
        let grid = FrameStripGrid(facets: stage.facets, cell: cell)
        let strips = grid.facets.map { facet in
            (0..<facet.columns * facet.rows).filter { facet.standsAmongDots(facet.first + $0) }
                .map { facet.block.rect(of: facet.place(of: $0)) }
        }
        var points: [Vector3] = []
        var (normals, radii) = ([Vector3](), [Double]())
        var (panels, facets, isFree) = ([Int](), [Int](), [Bool]())
        for (index, panel) in stage.panels.enumerated() {
            let product = stage.products[panel.product]
            let dots = DotGrid(columns: product.columns, rows: product.rows)
            let facet =
                stage.facets.firstIndex {
                    $0.processor == panel.processor && $0.canvas.overlaps(panel.canvas)
                } ?? 0
            let block = CanvasBlock(
                x: panel.canvas.x, y: panel.canvas.y, width: product.columns,
                height: product.rows, quarterTurns: panel.quarterTurns)
            for dot in 0..<dots.count {
                let middle = dots.middle(dot)
                let x = (middle.x / Double(product.columns) - 0.5) * product.width
                let z = (0.5 - middle.y / Double(product.rows)) * product.height
                points.append(panel.stageFromPanel * Vector3(x, 0, z))
                normals.append(-panel.stageFromPanel.rotation.y)
                radii.append(dots.diameter / 2 * product.width / Double(product.columns))
                panels.append(index)
                facets.append(facet)
                let reach = Int((dots.diameter / 2).rounded(.up)) + 1
                let rect = block.rect(
                    of: CanvasRect(
                        x: Int(middle.x) - reach, y: Int(middle.y) - reach, width: 2 * reach,
                        height: 2 * reach))
                isFree.append(
                    !(stage.facets.isEmpty ? [] : strips[facet]).contains { $0.overlaps(rect) })
            }
        }
        (self.points, self.normals, self.radii) = (points, normals, radii)
        (self.panels, self.facets, self.isFree) = (panels, facets, isFree)
    }

    /// How far the middle of a dot's image stands beside the image of its middle, pixels: what lies
    /// nearer is seen larger.
    ///
    /// - Parameters:
    ///   - dot: which.
    ///   - camera: the lens, as well as is known.
    ///   - cameraFromStage: where the camera stands, as well as is known.
    public func bias(
        of dot: Int, _ camera: CameraModel, _ cameraFromStage: Pose
    ) -> Vector2 {
        let normal = normals[dot]
        let level = Vector3(0, 0, 1).cross(normal)
        let across = level.length > 0.1 ? level.normalized : Vector3(1, 0, 0)
        let up = normal.cross(across)
        guard let middle = camera.pixel(cameraFromStage * points[dot]) else { return .zero }
        var rim: [Vector2] = []
        for step in 0..<24 {
            let turn = (across * DotRim.cosine[step] + up * DotRim.sine[step]) * radii[dot]
            guard let at = camera.pixel(cameraFromStage * (points[dot] + turn)) else {
                return .zero
            }
            rim.append(at - middle)
        }
        // The centroid of the area within.
        var (area, moment) = (0.0, Vector2.zero)
        for (a, b) in zip(rim, rim.dropFirst() + [rim[0]]) {
            let piece = a.x * b.y - a.y * b.x
            area += piece
            moment += (a + b) * piece
        }
        return abs(area) > 1e-9 ? moment / (3 * area) : .zero
    }
}

/// Places round a circle.
private enum DotRim {
    static let cosine = (0..<24).map { Matrix3(pan: Double($0) * .pi / 12, tilt: 0, roll: 0).x.x }
    static let sine = (0..<24).map { Matrix3(pan: Double($0) * .pi / 12, tilt: 0, roll: 0).x.y }
}
