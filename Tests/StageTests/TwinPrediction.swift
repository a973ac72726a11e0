import Color
import Foundation
import FrameModel
import Geometry
import StageModel
import StageRun
import StageTwin

/// What a planted mistake must do, worked out without a frame path.
enum TwinPrediction {
    /// Middle displacement in picture pixels over all moments.
    ///
    /// A picture point looks at an LED. The LED shows what the believed eye sees through the LED's
    /// believed place; the displacement is from where the truth shows that, to the picture point.
    static func displacement(
        _ run: TwinRun, believed: (CameraMoment) -> CameraMoment = { $0 }
    ) -> Double {
        let chart = run.shotDefaults.gratings().template
        var sizes: [Double] = []
        for (moment, told) in zip(run.moments, run.momentsTold) {
            let eye = SimulatedCamera(run.builtStage.cameras[0], at: moment)
            let other = SimulatedCamera(run.believedStage.cameras[0], at: believed(told))
            for y in stride(from: 20.0, to: 1080, by: 40) {
                for x in stride(from: 20.0, to: 1920, by: 40) {
                    guard let thought = seen(eye.direction(x: x, y: y), eye, run) else { continue }
                    let content = shown(
                        chart, other.pupil.origin, thought - other.pupil.origin)
                    guard let belongs = eye.picturePoint(of: content) else { continue }
                    sizes.append((SIMD2(x, y) - belongs).length)
                }
            }
        }
        sizes.sort()
        return sizes.isEmpty ? 0 : sizes[sizes.count / 2]
    }

    /// Middle displacement of meshes believed to stand elsewhere, picture pixels over all moments:
    /// from where the truth has a place of a triangle, to where the picture has it.
    static func meshDisplacement(_ run: TwinRun) -> Double {
        let (truth, shown) = (triangles(run.template), triangles(run.believedTemplate))
        var sizes: [Double] = []
        for moment in run.moments {
            let eye = SimulatedCamera(run.builtStage.cameras[0], at: moment)
            for y in stride(from: 30.0, to: 1080, by: 60) {
                for x in stride(from: 30.0, to: 1920, by: 60) {
                    let ray = eye.direction(x: x, y: y)
                    guard seen(ray, eye, run) != nil,
                        let (index, weights) = nearest(shown, eye.pupil.origin, ray)
                    else { continue }
                    let face = truth[index]
                    let belongs =
                        face[0] * weights.x + face[1] * weights.y + face[2] * weights.z
                    guard let at = eye.picturePoint(of: belongs) else { continue }
                    sizes.append((SIMD2(x, y) - at).length)
                }
            }
        }
        sizes.sort()
        return sizes.isEmpty ? 0 : sizes[sizes.count / 2]
    }

    /// Corners of every triangle of a scene.
    private static func triangles(_ scene: Scene) -> [[SIMD3<Double>]] {
        scene.meshes.flatMap(\.objects).flatMap { object in
            stride(from: 0, to: object.indices.count, by: 3).map { first in
                (0..<3).map { SIMD3<Double>(object.positions[Int(object.indices[first + $0])]) }
            }
        }
    }

    /// The nearest triangle on a ray, and the weights of its corners there (Cramer's rule).
    private static func nearest(
        _ triangles: [[SIMD3<Double>]], _ eye: SIMD3<Double>, _ ray: SIMD3<Double>
    ) -> (index: Int, weights: SIMD3<Double>)? {
        var best = Double.infinity
        var found: (Int, SIMD3<Double>)?
        for (index, face) in triangles.enumerated() {
            let (b, c, way) = (face[1] - face[0], face[2] - face[0], eye - face[0])
            let determinant = -ray.dot(b.cross(c))
            let distance = way.dot(b.cross(c)) / determinant
            guard distance > 0, distance < best else { continue }
            let second = -ray.dot(way.cross(c)) / determinant
            let third = -ray.dot(b.cross(way)) / determinant
            guard second >= 0, third >= 0, second + third <= 1 else { continue }
            best = distance
            found = (index, SIMD3(1 - second - third, second, third))
        }
        return found
    }

    /// Where the place of the wall that a ray meets is believed to be.
    private static func seen(
        _ ray: SIMD3<Double>, _ eye: SimulatedCamera, _ run: TwinRun
    ) -> SIMD3<Double>? {
        var nearest = Double.infinity
        var place: SIMD3<Double>?
        for (panel, thought) in zip(run.builtStage.panels, run.believedStage.panels) {
            let product = run.builtStage.products[panel.product]
            let pose = panel.stageFromPanel
            guard let (distance, at) = meeting(eye.pupil.origin, ray, pose), distance < nearest,
                abs(at.x) <= product.width / 2, abs(at.y) <= product.height / 2
            else { continue }
            nearest = distance
            place = point(thought.stageFromPanel, at)
        }
        return place
    }

    /// The point of the scene a ray shows: on the nearest card, else at infinity.
    private static func shown(
        _ scene: Scene, _ eye: SIMD3<Double>, _ ray: SIMD3<Double>
    ) -> SIMD3<Double> {
        var nearest = 1e6
        for card in scene.cards {
            guard let (distance, at) = meeting(eye, ray, card.sceneFromCard), distance < nearest,
                abs(at.x) <= card.width / 2, abs(at.y) <= card.height / 2
            else { continue }
            nearest = distance
        }
        return eye + ray * nearest
    }

    /// How far along a ray a plane is met, and where on it.
    private static func meeting(
        _ eye: SIMD3<Double>, _ ray: SIMD3<Double>, _ pose: Pose
    ) -> (distance: Double, at: SIMD2<Double>)? {
        let distance = (pose.translation - eye).dot(pose.rotation.y) / ray.dot(pose.rotation.y)
        guard distance.isFinite, distance > 0 else { return nil }
        let at = eye + ray * distance - pose.translation
        return (distance, SIMD2(at.dot(pose.rotation.x), at.dot(pose.rotation.z)))
    }

    /// One LED of a panel in picture pixels, the largest over its corners and the moments.
    static func pixel(_ run: TwinRun, panel index: Int) -> Double {
        let panel = run.builtStage.panels[index]
        let product = run.builtStage.products[panel.product]
        let step = panel.stageFromPanel.rotation.x * (product.width / Double(product.columns))
        var largest = 0.0
        for moment in run.moments {
            let eye = SimulatedCamera(run.builtStage.cameras[0], at: moment)
            for x in [-0.5, 0.5] {
                for y in [-0.5, 0.5] {
                    let corner = point(
                        panel.stageFromPanel, SIMD2(x * product.width, y * product.height))
                    guard let a = inside(eye, corner), let b = eye.picturePoint(of: corner + step)
                    else { continue }
                    largest = max(largest, (a - b).length)
                }
            }
        }
        return largest
    }

    /// Mean ΔE_ITP over the chart of what the wall makes of codes meant for another reading.
    static func colorDifference(_ run: TwinRun) -> Double {
        let (built, believed) = (run.builtStage, run.believedStage)
        let (wall, thought) = (built.walls[0], believed.walls[0])
        let wanted = ColorMatrix.rgb(from: .acesCG, to: wall.primaries)
        let sent = ColorMatrix.rgb(from: .acesCG, to: thought.primaries)
        let wide = ColorMatrix.rgb(from: wall.primaries, to: .rec2020)
        var sum = 0.0
        var count = 0.0
        for patch in run.colors.patches {
            let scene = ColorTriple(patch.x, patch.y, patch.z)
            let right = wanted * scene * wall.nitsPerUnit
            guard reachable(right, wall.peakNits) else { continue }
            let light = sent * scene * thought.nitsPerUnit
            sum += deltaEITP(
                wide * right, wide * shown(light, believed.processors[0], built, thought.peakNits))
            count += 1
        }
        return sum / count
    }

    /// Light of codes sent for a light by one belief and read by the built processor.
    private static func shown(
        _ light: ColorTriple, _ believed: Processor, _ built: Stage, _ peak: Double
    ) -> ColorTriple {
        let full = believed.transfer.fullScaleNits(peakNits: peak)
        func one(_ nits: Double) -> Double {
            let signal = believed.transfer.signal(light: min(peak, max(0, nits)) / full)
            let code = believed.range.code(signal: signal, bitDepth: believed.bitDepth)
            return ProcessorLight.nits(
                code: Int(code.rounded()), depth: believed.bitDepth,
                range: built.processors[0].range, transfer: built.processors[0].transfer,
                peakNits: built.walls[0].peakNits)
        }
        return ColorTriple(one(light.x), one(light.y), one(light.z))
    }

    private static func reachable(_ light: ColorTriple, _ peak: Double) -> Bool {
        let (low, high) = (min(light.x, light.y, light.z), max(light.x, light.y, light.z))
        return high <= peak * 1.0005 && low >= -0.002 * high
    }

    private static func point(_ pose: Pose, _ place: SIMD2<Double>) -> SIMD3<Double> {
        pose.rotation.x * place.x + pose.rotation.z * place.y + pose.translation
    }

    private static func inside(
        _ camera: SimulatedCamera, _ point: SIMD3<Double>
    ) -> SIMD2<Double>? {
        guard let at = camera.picturePoint(of: point), at.x > 0, at.y > 0,
            at.x < Double(camera.width), at.y < Double(camera.height)
        else { return nil }
        return at
    }
}

extension SIMD2<Double> {
    fileprivate var length: Double { (x * x + y * y).squareRoot() }
}
