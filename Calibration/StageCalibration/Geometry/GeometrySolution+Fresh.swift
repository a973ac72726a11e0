import Geometry

extension GeometrySolution {
    /// How far the dots of a view that was not used are from where the solution, taking the tracker
    /// at its word, sees them: the sum of the squares, pixels, and how many dots.
    ///
    /// - Parameter captures: what the view is of; its dots and groups are the solved ones.
    public func reprojection(
        of view: GeometryCaptures.View, _ captures: GeometryCaptures
    ) -> (sum: Double, count: Int) {
        guard let tracker = Pose(rows: view.trackerFromBody) else { return (0, 0) }
        let cameraFromStage = stageFromCamera(tracker: tracker).inverse
        var (sum, count) = (0.0, 0)
        for (dot, seen) in zip(view.seen, view.pixels) {
            let point = captures.dots[dot] + shifts[captures.groups[dot]]
            guard let pixel = camera.pixel(cameraFromStage * point) else { continue }
            sum += ((pixel - seen) * (pixel - seen)).sum()
            count += 1
        }
        return (sum, count)
    }
}
