import Foundation
public import FrameModel
public import Geometry
public import StageModel

/// What a stage is judged with when nothing else is asked for: lens, move and scene.
public struct DefaultShot: Sendable {
    /// Where the camera stands at rest, stage metres.
    public let center: SIMD3<Double>
    /// Pan at rest, radians, towards the middle of the wall.
    public let pan: Double
    /// From there to the wall along the view, metres.
    public let distance: Double
    /// From there to the nearest panel, metres.
    private let room: Double
    /// Coarsest pixel pitch on the stage, metres.
    private let pitch: Double
    /// Scene-linear peak of the dimmest wall.
    private let level: Double

    /// A shot that looks at the middle of the stage's upright panels from the outer eye point.
    public init(stage: Stage) {
        var middle = SIMD3<Double>(repeating: 0)
        var count = 0.0
        for panel in stage.panels where abs(panel.stageFromPanel.rotation.y.z) < 0.5 {
            middle += panel.stageFromPanel.translation
            count += 1
        }
        middle /= max(1, count)
        let eye = SIMD3(stage.outerEye.x, stage.outerEye.y, 1.6)
        center = eye
        let aim = atan2(-(middle.x - eye.x), middle.y - eye.y)
        pan = aim
        var nearest = Double.infinity
        var ahead = Double.infinity
        let forward = SIMD3(-sin(aim), cos(aim), 0)
        for panel in stage.panels {
            let to = panel.stageFromPanel.translation - eye
            let flat = SIMD3(to.x, to.y, 0)
            nearest = min(nearest, norm(flat) < 0.5 ? norm(to) : norm(flat))
            let axis = Placement(panel.stageFromPanel).forward
            guard inner(unit(flat), forward) > 0.95, inner(axis, forward) > 0.3 else { continue }
            ahead = min(ahead, inner(axis, to) / inner(axis, forward))
        }
        room = nearest
        pitch = stage.products.map { $0.width / Double($0.columns) }.max() ?? 0.01
        level = stage.walls.map { $0.peakNits / $0.nitsPerUnit }.min() ?? 1
        distance = ahead.isFinite ? ahead : nearest
    }

    /// A lens of the simulated camera in place of the stage's own: 5 % barrel at the picture's
    /// side, entrance pupil 0.15 m in front of the sensor, off-center in both ways.
    public static func lens(_ camera: Camera) -> Lens {
        let half = camera.sensor.widthMillimeters / 2
        var radial = InlineArray<6, Double>(repeating: 0)
        radial[0] = 0.045 / (half * half)
        radial[2] = 0.005 / (half * half * half * half)
        return Lens(
            focalLengthMillimeters: camera.lens.focalLengthMillimeters,
            distortion: LensDistortion(
                direction: .undistorts, radial: radial, tangential: SIMD2(6e-5, -3e-5)),
            distortionOffsetMillimeters: SIMD2(0.12, -0.07),
            projectionOffsetMillimeters: SIMD2(0.35, 0.2), entrancePupilOffset: 0.15)
    }

    /// That lens as it might be measured: it straightens and its pupil moves as it zooms in; where
    /// the focus ring is far it would be another, which nobody may see in this shot.
    static func table(_ camera: Camera) -> LensTable {
        let wide = lens(camera)
        let zooms = [0, 0.3, 1.0]
        let lenses = zooms.flatMap { zoom in
            var near = wide
            near.focalLengthMillimeters *= 1 + 0.6 * zoom
            near.entrancePupilOffset += 0.05 * zoom
            for i in 0..<6 { near.distortion.radial[i] *= 1 - 0.7 * zoom * zoom }
            var far = near
            far.focalLengthMillimeters *= 1.04
            return [near, far]
        }
        return LensTable(name: "shot", zooms: zooms, focuses: [0, 1], lenses: lenses)
    }

    /// The stage with its first camera fit for the shot: that lens, a zoom of 1 : 1.6, 1920 × 1080.
    public static func equipped(_ stage: Stage) -> Stage {
        var stage = stage
        guard !stage.cameras.isEmpty else { return stage }
        var camera = stage.cameras[0]
        camera.lens = lens(camera)
        let focal = camera.lens.focalLengthMillimeters
        if camera.zoomRange == nil { camera.zoomRange = SIMD2(focal, focal * 1.6) }
        // A stage with measured lenses is judged with one.
        camera.lenses = camera.lenses.isEmpty ? [] : [table(camera)]
        camera.imageWidth = 1920
        camera.imageHeight = 1080
        stage.cameras[0] = camera
        return stage
    }

    /// Seconds the default move takes.
    public static let moveSeconds = 8.0

    /// The default move: ± 2 m, pan ± 40°, tilt ± 15°, roll 15°, zoom; kept clear of the panels.
    ///
    /// - Parameter seconds: since its start; it closes on itself after `moveSeconds`.
    public func moment(at seconds: Double) -> CameraMoment {
        let reach = min(2, 0.45 * room)
        let phase = 2 * Double.pi * seconds / DefaultShot.moveSeconds
        let degree = Double.pi / 180
        let right = SIMD3(cos(pan), sin(pan), 0)
        let forward = SIMD3(-sin(pan), cos(pan), 0)
        let away = 0.5 * reach * (0.5 - 0.5 * cos(2 * phase + 0.8))
        // Aside to the right it looks to the left, so that it keeps the wall in view.
        return CameraMoment(
            pan: pan + 40 * degree * sin(phase), tilt: 15 * degree * sin(2 * phase + 0.3),
            roll: 15 * degree * sin(3 * phase),
            position: center + right * (reach * sin(phase)) - forward * away
                + SIMD3(0, 0, 0.3 * sin(phase + 1)),
            zoom: 0.5 - 0.5 * cos(2 * phase))
    }

    /// The default scene: cards at 2 m, on the wall and 10 m behind it, before a dome.
    ///
    /// - Parameter picture: what the dome and the cards show; a grating chart replaces it.
    public func scene(picture: Picture) -> Scene {
        func card(
            _ name: String, _ away: Double, _ aside: Double, _ height: Double, _ width: Double
        ) -> Card {
            let at = Placement(pan: pan, tilt: 0, roll: 0, origin: center)
                .point(SIMD3(aside, away, height))
            let pose = Placement(pan: pan, tilt: 0, roll: 0, origin: at)
            return Card(
                name: name,
                // Stores columns, computes nothing.
                sceneFromCard: .init(
                    rotation: .init(columns: pose.right, pose.forward, pose.up),
                    translation: pose.origin),
                width: width, height: width * 0.75, picture: picture)
        }
        return Scene(
            name: "default shot", dome: Dome(picture: picture),
            cards: [
                card("near", 2, -0.35, -0.1, 0.4), card("wall", distance, 0.8, 0.2, 1),
                card("far", distance + 10, -0.6, 1.4, 3.2),
            ])
    }

    /// The gratings of the default scene: between 5 % and 60 % of the dimmest wall's peak, at most
    /// 5 % and 60 % of 300 nits where the codes are finer.
    public func gratings(on content: TwinContent = .cards) -> GratingChart {
        let blank = Picture(width: 1, height: 1, pixels: [1, 1, 1, 1])
        let scene = content == .cards ? scene(picture: blank) : meshScene(picture: blank)
        let reach = min(level, 3)
        return GratingChart(
            template: scene, lower: 0.05 * reach, upper: 0.6 * reach,
            finest: content == .cards ? finest(scene.cards) : finestOnMeshes(pitch: pitch))
    }

    /// A picture with depth taken from the middle of the shot, between the same levels.
    public var depthSet: DepthSet {
        let reach = min(level, 3)
        return DepthSet(
            eye: Placement(pan: pan, tilt: 0, roll: 0, origin: center), lower: 0.05 * reach,
            upper: 0.6 * reach, ledsPerTangent: distance / pitch)
    }

    /// Half a metre from the middle of the shot on every side, looking ahead: as far as pictures
    /// with depth are made to be seen from.
    ///
    /// - Parameter seconds: since its start; it closes on itself after `moveSeconds`.
    public func momentAround(at seconds: Double) -> CameraMoment {
        let phase = 2 * Double.pi * seconds / DefaultShot.moveSeconds
        let rise = 0.9 * sin(2 * phase + 0.4)
        let offset = 0.5 * SIMD3(sin(phase) * cos(rise), cos(phase) * cos(rise), sin(rise))
        // The lens of the shot sees from 0.15 m in front of the sensor.
        let stand = Placement(pan: pan, tilt: 0, roll: 0, origin: center)
        return CameraMoment(
            pan: pan + 0.05 * sin(phase), tilt: 0.02 * cos(2 * phase), roll: 0.05 * sin(2 * phase),
            position: stand.point(offset - SIMD3(0, 0.15, 0)))
    }

    private func finest(_ cards: [Card]) -> [Double] {
        cards.map { card in
            let away = norm(card.sceneFromCard.translation - center)
            return card.width * distance / max(0.1, away) / pitch / 24
        }
    }
}
