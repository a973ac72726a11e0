public import Geometry
public import StageModel

/// The walls of a stage as stage.yaml plans them: out as meshes and maps, and compared with those
/// of others.
public struct PlannedWall {
    /// How far points of a file are from the plan.
    public struct Difference: Sendable, Equatable {
        /// Panel or section.
        public var name: String
        /// Points compared.
        public var points: Int
        /// Root mean square distance, metres; nil where no point could be compared.
        public var rms: Double?

        init(_ name: String, squares: Double, points: Int) {
            self.name = name
            self.points = points
            rms = points > 0 ? (squares / Double(points)).squareRoot() : nil
        }
    }

    private let stage: Stage
    private let processor: Int

    /// The walls on one processor's canvas.
    public init(_ stage: Stage, processor: Int) {
        self.stage = stage
        self.processor = processor
    }

    private var panels: [Panel] { stage.panels.filter { $0.processor == processor } }

    private func facet(_ panel: Panel) -> Facet { Facet(panel, of: stage.products[panel.product]) }

    private var size: Vector2 {
        let p = stage.processors[processor]
        return Vector2(Double(p.width), Double(p.height))
    }

    /// A section a panel: its four corners and two triangles; UV is the canvas, v upwards.
    public var mesh: WallMesh {
        WallMesh(
            sections: panels.map { panel in
                let facet = facet(panel)
                let c = panel.canvas
                // Corners lie half a pixel outside the centres of the outermost pixels.
                let (left, top) = (Double(c.x), Double(c.y))
                let (right, bottom) = (left + Double(c.width), top + Double(c.height))
                let corners = [
                    Vector2(left, bottom), Vector2(right, bottom), Vector2(right, top),
                    Vector2(left, top),
                ]
                return WallMesh.Section(
                    name: panel.name,
                    points: corners.map { facet.stagePoint($0.x - 0.5, $0.y - 0.5) },
                    places: corners.map { Vector2($0.x / size.x, 1 - $0.y / size.y) },
                    triangles: [SIMD3(0, 1, 2), SIMD3(0, 2, 3)])
            })
    }

    /// A point a pixel of the canvas.
    public var map: FloatMap {
        let (width, height) = (Int(size.x), Int(size.y))
        var points = [Vector3?](repeating: nil, count: width * height)
        for panel in panels {
            let (facet, c) = (facet(panel), panel.canvas)
            for y in c.y..<(c.y + c.height) {
                for x in c.x..<(c.x + c.width) {
                    points[y * width + x] = facet.stagePoint(Double(x), Double(y))
                }
            }
        }
        return FloatMap(width: width, height: height, points: points)
    }

    /// Another's map of the same canvas against the plan, panel by panel.
    public func differences(_ map: FloatMap) throws(CalibrationRefusal) -> [Difference] {
        guard map.width == Int(size.x), map.height == Int(size.y) else {
            throw CalibrationRefusal(
                "a map of \(map.width) × \(map.height) points",
                advice: "this canvas has \(Int(size.x)) × \(Int(size.y)) pixels")
        }
        return panels.map { panel in
            let (facet, c) = (facet(panel), panel.canvas)
            var (sum, count) = (0.0, 0)
            for y in c.y..<(c.y + c.height) {
                for x in c.x..<(c.x + c.width) {
                    guard let point = map.points[y * map.width + x] else { continue }
                    let d = point - facet.stagePoint(Double(x), Double(y))
                    sum += d.dot(d)
                    count += 1
                }
            }
            return Difference(panel.name, squares: sum, points: count)
        }
    }

    /// Another's mesh against the plan, section by section: each corner against the plan's point
    /// of its UV.
    public func differences(_ mesh: WallMesh) -> [Difference] {
        mesh.sections.map { section in
            var (sum, count) = (0.0, 0)
            for (point, place) in zip(section.points, section.places) {
                let pixel = Vector2(place.x, 1 - place.y) * size - 0.5
                guard let d = nearest(pixel, point) else { continue }
                sum += d * d
                count += 1
            }
            return Difference(section.name, squares: sum, points: count)
        }
    }

    /// What is made of differences: fail where nothing could be compared.
    public static func verdicts(_ differences: [Difference]) -> [Verdict] {
        differences.map { difference in
            guard let rms = difference.rms else {
                return Verdict(
                    difference.name, .fail, "no point of it can be compared",
                    advice: "it lies on another processor's canvas, or its UVs are not the canvas")
            }
            return Verdict(
                difference.name, .pass,
                "\(difference.points) points, \(text(rms * 1000)) mm from the plan")
        }
    }

    /// Distance to the plan's point of a canvas place; where panels meet, of the nearer one.
    private func nearest(_ pixel: Vector2, _ point: Vector3) -> Double? {
        panels.filter { panel in
            let c = panel.canvas
            return pixel.x > Double(c.x) - 1 && pixel.x < Double(c.x + c.width)
                && pixel.y > Double(c.y) - 1 && pixel.y < Double(c.y + c.height)
        }.map { (facet($0).stagePoint(pixel.x, pixel.y) - point).length }.min()
    }

    /// Where a surveyed point of a panel is planned: corners are "top left", "top right",
    /// "bottom left", "bottom right" and "center", as the panel hangs.
    public static func point(_ point: Survey.Point, of stage: Stage) -> Vector3? {
        guard let panel = stage.panels.first(where: { $0.name == point.panel }) else { return nil }
        let product = stage.products[panel.product]
        let sides: [String: Vector2] = [
            "top left": Vector2(-0.5, 0.5), "top right": Vector2(0.5, 0.5),
            "bottom left": Vector2(-0.5, -0.5), "bottom right": Vector2(0.5, -0.5),
            "center": .zero,
        ]
        guard let side = sides[point.corner] else { return nil }
        return panel.stageFromPanel
            * Vector3(side.x * product.width, 0, side.y * product.height)
    }
}
