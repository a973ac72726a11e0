import Color
import Foundation
import Geometry
import StageModel
import StageRun
import StageTwin

/// What a planted mistake must do, worked out without a frame path.
enum TwinPrediction {
    /// Middle displacement in picture pixels of what stands at infinity, over all moments.
    ///
    /// An LED shows what the believed eye sees through the LED's believed place; the true camera
    /// sees the LED where it is, and that content belongs where the truth would show it.
    static func displacement(
        _ run: TwinRun, believed: (CameraMoment) -> CameraMoment = { $0 }
    ) -> Double {
        var sizes: [Double] = []
        for (moment, told) in zip(run.moments, run.momentsTold) {
            let eye = SimulatedCamera(run.builtStage.cameras[0], at: moment)
            let other = SimulatedCamera(run.believedStage.cameras[0], at: believed(told))
            for (panel, thought) in zip(run.builtStage.panels, run.believedStage.panels) {
                let product = run.builtStage.products[panel.product]
                for place in places(product) {
                    let content =
                        point(thought.stageFromPanel, place) - other.pupil.origin
                    guard let stands = inside(eye, point(panel.stageFromPanel, place)),
                        let belongs = eye.picturePoint(of: eye.pupil.origin + content * 1e6)
                    else { continue }
                    sizes.append((stands - belongs).length)
                }
            }
        }
        sizes.sort()
        return sizes.isEmpty ? 0 : sizes[sizes.count / 2]
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

    private static func places(_ product: PanelProduct) -> [SIMD2<Double>] {
        (0..<8).flatMap { row in
            (0..<8).map { column in
                SIMD2(
                    (Double(column) / 8 - 0.4375) * product.width,
                    (Double(row) / 8 - 0.4375) * product.height)
            }
        }
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
