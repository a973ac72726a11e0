extension Outline {
    /// Points at which each edge of the sensor is looked at.
    static let edgePoints = 41
    /// How far each edge is followed beyond its corners, as a fraction of its half: opposite edges
    /// of an off-centre lens end at different places, and both must be known over the whole range.
    static let edgeReach = 1.05

    /// The outline of what a camera sees, enlarged.
    ///
    /// The sensor's rectangle, enlarged by `overscan` (fraction of its width and of its height,
    /// half of it on each side), is taken through the lens to straight rays, a = ε'_u.x / F and
    /// b = ε'_u.y / F, and its four edges are fitted by quartics. They are never inside a point
    /// that was fitted. `softEdge` (fraction of the picture's width) lies outside the overscan, so
    /// the weight is 1 on everything the enlarged sensor sees. Where the lens model would fold
    /// beyond the sensor, it goes on by its last ratio: too much is drawn, never too little.
    /// - Frame path: yes
    public init(lens: Lens, sensor: Sensor, overscan: Double, softEdge: Double) {
        let half = Vector2(
            0.5 * sensor.widthMillimeters * (1 + overscan),
            0.5 * sensor.heightMillimeters * (1 + overscan))
        let map = DistortionMap(
            lens.distortion, within: lens.searchRadius(half + abs(lens.offsetsMillimeters)))
        let soft = max(softEdge * sensor.widthMillimeters / lens.focalLengthMillimeters, 1e-6)
        let left = Edge(lens, map, side: -1, half: half, isVertical: true)
        let right = Edge(lens, map, side: 1, half: half, isVertical: true)
        let top = Edge(lens, map, side: -1, half: half, isVertical: false)
        let bottom = Edge(lens, map, side: 1, half: half, isVertical: false)
        self.init(
            left: left.moved(by: soft), right: right.moved(by: soft), top: top.moved(by: soft),
            bottom: bottom.moved(by: soft),
            aRange: SIMD2(min(top.range.x, bottom.range.x), max(top.range.y, bottom.range.y)),
            bRange: SIMD2(min(left.range.x, right.range.x), max(left.range.y, right.range.y)),
            softEdge: soft)
    }

    /// Depth of a point inside the outline, in units of a and b; negative outside.
    /// - Frame path: yes
    public func depth(_ a: Double, _ b: Double) -> Double {
        let x = max(aRange.x, min(aRange.y, a))
        let y = max(bRange.x, min(bRange.y, b))
        return min(
            min(value(of: right, at: y) - a, a - value(of: left, at: y)),
            min(value(of: bottom, at: x) - b, b - value(of: top, at: x)))
    }

    /// How much of the inner frustum shows at a point: 1 well inside, 0 outside.
    /// - Frame path: yes
    public func weight(_ a: Double, _ b: Double) -> Double {
        let t = max(0, min(1, depth(a, b) / softEdge))
        return t * t * (3 - 2 * t)
    }

    /// The least rectangle of a and b, upright, outside which the weight is 0.
    ///
    /// Edges are looked at in 64 steps; what a quartic can do between them is added.
    /// - Frame path: yes
    public var boundingBox: (least: Vector2, greatest: Vector2) {
        (
            Vector2(-extreme(left, bRange, -1), -extreme(top, aRange, -1)),
            Vector2(extreme(right, bRange, 1), extreme(bottom, aRange, 1))
        )
    }

    /// Greatest value of `sign · edge` over a range.
    private func extreme(_ edge: Quartic, _ range: SIMD2<Double>, _ sign: Double) -> Double {
        let step = (range.y - range.x) / 64
        var greatest = -Double.infinity
        var bend = 0.0
        var (last, lastButOne) = (0.0, 0.0)
        for i in 0...64 {
            let v = sign * value(of: edge, at: range.x + Double(i) * step)
            greatest = max(greatest, v)
            if i > 1 { bend = max(bend, abs(v - 2 * last + lastButOne)) }
            (lastButOne, last) = (last, v)
        }
        return greatest + bend / 4
    }
}

extension Lens {
    /// Both offsets together: how far the distortion centre is from the sensor's, mm.
    var offsetsMillimeters: Vector2 { distortionOffsetMillimeters + projectionOffsetMillimeters }
}

private func abs(_ v: Vector2) -> Vector2 { Vector2(Swift.abs(v.x), Swift.abs(v.y)) }

/// One edge of the enlarged sensor, seen by straight rays and fitted.
private struct Edge {
    /// The edge's place as a function of the place along it.
    var quartic: Quartic
    /// Where it ends: least and greatest place along it.
    var range: SIMD2<Double>
    /// −1 for left and top, 1 for right and bottom.
    var side: Double

    init(_ lens: Lens, _ map: DistortionMap, side: Double, half: Vector2, isVertical: Bool) {
        self.side = side
        /// Straight-ray place along (x) and across (y) the edge at −1 … 1 of its length.
        func point(_ t: Double) -> Vector2 {
            let onSensor = isVertical ? Vector2(side, t) : Vector2(t, side)
            let u = lens.undistorted(onSensor * half, map).0 / lens.focalLengthMillimeters
            return isVertical ? Vector2(u.y, u.x) : u
        }
        let (first, last) = (point(-Outline.edgeReach).x, point(Outline.edgeReach).x)
        range = SIMD2(point(-1).x, point(1).x)
        var fit = QuarticFit(over: SIMD2(first, last))
        var points = InlineArray<41, Vector2>(repeating: .zero)
        for i in 0..<Outline.edgePoints {
            let t = Double(2 * i - Outline.edgePoints + 1) / Double(Outline.edgePoints - 1)
            points[i] = point(t * Outline.edgeReach)
            fit.add(points[i].x, points[i].y)
        }
        quartic = fit.quartic
        var cut = 0.0
        for i in 0..<Outline.edgePoints {
            cut = max(cut, side * (points[i].y - value(of: quartic, at: points[i].x)))
        }
        quartic[0] += side * cut
    }

    /// The edge moved outwards.
    func moved(by distance: Double) -> Quartic {
        var q = quartic
        q[0] += side * distance
        return q
    }
}
