import Geometry

extension Facet {
    /// Two affine maps are one when they agree to this, metres: far below what a camera can see.
    static let tolerance = 1e-6

    /// The facets of panels: planar neighbors on wall and canvas become one.
    ///
    /// Panels join when the same affine map holds on both, so they have the same pitch and
    /// rotation, and their canvas rectangles share a whole edge. The rectangles of the facets are
    /// disjoint where those of the panels are, and cover exactly the same pixels.
    public static func merging(_ panels: some Sequence<Panel>, products: [PanelProduct]) -> [Facet]
    {
        let facets = panels.map { Facet($0, of: products[$0.product]) }
        let rows = joined(facets.sorted { $0.rowOrder < $1.rowOrder }) { left, right in
            left.canvas.endX == right.canvas.x && left.canvas.y == right.canvas.y
                && left.canvas.height == right.canvas.height
        }
        return joined(rows.sorted { $0.columnOrder < $1.columnOrder }) { upper, lower in
            upper.canvas.endY == lower.canvas.y && upper.canvas.x == lower.canvas.x
                && upper.canvas.width == lower.canvas.width
        }
    }

    /// Joins runs of neighbors; `touches` says which rectangles share a whole edge.
    private static func joined(
        _ facets: [Facet], _ touches: (Facet, Facet) -> Bool
    ) -> [Facet] {
        var result: [Facet] = []
        for facet in facets {
            guard let last = result.last, touches(last, facet), last.continues(into: facet) else {
                result.append(facet)
                continue
            }
            result[result.count - 1].canvas = CanvasRect(
                x: last.canvas.x, y: last.canvas.y, width: facet.canvas.endX - last.canvas.x,
                height: facet.canvas.endY - last.canvas.y)
        }
        return result
    }

    /// The other's pixels stand where this one's map says, corner by corner.
    private func continues(into other: Facet) -> Bool {
        guard processor == other.processor, wall == other.wall else { return false }
        let r = other.canvas
        return [r.x, r.endX - 1].allSatisfy { x in
            [r.y, r.endY - 1].allSatisfy { y in
                let (x, y) = (Double(x), Double(y))
                return (stagePoint(x, y) - other.stagePoint(x, y)).length < Self.tolerance
            }
        }
    }

    private var rowOrder: (Int, Int, Int, Int) { (processor, wall, canvas.y, canvas.x) }
    private var columnOrder: (Int, Int, Int, Int) { (processor, wall, canvas.x, canvas.y) }
}
