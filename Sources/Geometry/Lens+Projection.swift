extension Lens {
    /// Entrance pupil in the sensor's axes: the sensor centre moved forward by z_epd.
    /// - Frame path: yes
    @inlinable public var sensorFromPupil: Pose {
        Pose(rotation: .identity, translation: Vector3(0, entrancePupilOffset, 0))
    }

    /// Straight-ray place of a point on the sensor: ε'_u = U(ε_d − ΔP − ΔC) + ΔC.
    ///
    /// In mm on the sensor image, x right, y down, field-of-view form (OpenLensIO 1.0.1, eq. 4).
    /// Exact inside the radius to which the distortion grows; nil beyond, where it would fold.
    /// - Frame path: yes
    public func undistorted(_ sensorPoint: Vector2) -> Vector2? {
        let map = DistortionMap(distortion, within: searchRadius(sensorPoint))
        let (point, isInside) = undistorted(sensorPoint, map)
        return isInside ? point : nil
    }

    /// Where on the sensor, mm, the straight-ray place ε'_u is imaged; the inverse of
    /// `undistorted`.
    ///
    /// Newton with the analytic Jacobian for the direction that has no closed form; nil where the
    /// distortion has folded and no such point exists.
    /// - Frame path: yes
    public func distorted(_ straight: Vector2) -> Vector2? {
        let p = straight - distortionOffsetMillimeters
        let map = DistortionMap(distortion, within: searchRadius(straight))
        let (q, isInside) = distortion.direction == .undistorts ? map.backward(p) : map.forward(p)
        guard isInside else { return nil }
        return q + distortionOffsetMillimeters + projectionOffsetMillimeters
    }

    /// Where a point is imaged on the sensor, mm, x right, y down from its centre.
    ///
    /// The point is in the pupil's axes (X right, Y forward, Z up, metres, origin at the entrance
    /// pupil). Nil behind the camera or where the lens does not image. The sensor's edges are not
    /// looked at.
    /// - Frame path: yes
    public func project(_ point: Vector3) -> Vector2? {
        guard point.y > 0 else { return nil }
        return distorted(focalLengthMillimeters * Vector2(point.x / point.y, -point.z / point.y))
    }

    /// The ray a sensor point (mm) sees, from the entrance pupil in its axes (X right, Y forward,
    /// Z up), scaled to y = 1; nil where the distortion has folded.
    /// - Frame path: yes
    public func ray(_ sensorPoint: Vector2) -> Vector3? {
        guard let u = undistorted(sensorPoint) else { return nil }
        return Vector3(u.x / focalLengthMillimeters, 1, -u.y / focalLengthMillimeters)
    }

    /// The lens model holds over a whole sensor: no corner folds, none lies ten times as far out in
    /// straight rays.
    /// - Frame path: yes
    public func images(_ sensor: Sensor) -> Bool {
        let half = 0.5 * Vector2(sensor.widthMillimeters, sensor.heightMillimeters)
        for corner in 0..<4 {
            let sign = Vector2(corner & 1 == 0 ? -1 : 1, corner & 2 == 0 ? -1 : 1)
            guard let p = undistorted(half * sign) else { return false }
            guard abs(p.x) < 10 * half.x, abs(p.y) < 10 * half.y else { return false }
        }
        return true
    }

    /// `undistorted` with a map searched before, continued where the distortion would fold.
    func undistorted(_ sensorPoint: Vector2, _ map: DistortionMap) -> (Vector2, isInside: Bool) {
        let p = sensorPoint - projectionOffsetMillimeters - distortionOffsetMillimeters
        let (q, isInside) = distortion.direction == .undistorts ? map.forward(p) : map.backward(p)
        return (q + distortionOffsetMillimeters, isInside)
    }

    /// How far from the distortion centre the polynomial is searched for folds, mm: the inverse of
    /// a point lies within four times its own radius for any lens that images it usefully.
    func searchRadius(_ point: Vector2) -> Double {
        let p = point - distortionOffsetMillimeters
        let q = p - projectionOffsetMillimeters
        return 4 * max(p.x * p.x + p.y * p.y, q.x * q.x + q.y * q.y).squareRoot() + 1e-3
    }
}
