public import StageModel

/// Holds what a calibration found against a stage as it is really built.
public struct CaptureJudge: Sendable {
    private let stage: Stage
    private let wall: WallCondition

    /// A judge of a stage as it is really built, and of its walls' light.
    public init(stage: Stage, wall: WallCondition) { (self.stage, self.wall) = (stage, wall) }

    /// How far points of the wall are seen from where they should be, picture pixels.
    ///
    /// - Parameters:
    ///   - points: where they really stand, stage metres.
    ///   - moments: where the camera really is.
    ///   - told: the picture point of a point by its place in the list, at a moment, as the
    ///     calibration has it.
    public func pixels(
        _ points: [SIMD3<Double>], _ moments: [CameraMoment],
        told: (CameraMoment, Int) -> SIMD2<Double>?
    ) -> [Double] {
        let camera = stage.cameras[0]
        var errors: [Double] = []
        for moment in moments {
            let simulated = SimulatedCamera(camera, at: moment)
            for (index, point) in points.enumerated() {
                guard let truth = simulated.picturePoint(of: point), truth.x > 0, truth.y > 0,
                    truth.x < Double(camera.imageWidth), truth.y < Double(camera.imageHeight),
                    let seen = told(moment, index)
                else { continue }
                errors.append(((truth - seen) * (truth - seen)).sum().squareRoot())
            }
        }
        return errors
    }

    /// ΔE_ITP of what the first wall shows for contents, linear in its stated primaries, 1 = peak,
    /// being asked for the light that the calibration says.
    public func colors(
        _ contents: [SIMD3<Double>], asked: (SIMD3<Double>) -> SIMD3<Double>
    ) -> [Double] {
        let stated = stage.walls[0]
        let wanted = Colorimetry.xyzFromRGB(stated.primaries)
        let made = Colorimetry.xyzFromRGB(wall.primaries ?? stated.primaries)
        return contents.map { content in
            let light = wall.light(asked(content))
            return Colorimetry.difference(
                made.applied(to: light) * stated.peakNits,
                wanted.applied(to: content) * stated.peakNits)
        }
    }
}
