import Foundation
import Geometry
import StageModel
import StageTwin

/// How far a fault must displace the picture, by pencil and paper: an LED shows what the believed
/// camera sees through the believed place of the LED; at infinity that content belongs elsewhere.
enum Prediction {
    /// Displacements in picture pixels over the LEDs the true camera sees.
    static func displacements(
        stage: Stage, camera: Camera, moment: CameraMoment, believedStage: Stage,
        believedCamera: Camera, believedMoment: CameraMoment
    ) -> [SIMD2<Double>] {
        let eye = SimulatedCamera(camera, at: moment)
        let believed = SimulatedCamera(believedCamera, at: believedMoment)
        var list: [SIMD2<Double>] = []
        for (panel, other) in zip(stage.panels, believedStage.panels) {
            let product = stage.products[panel.product]
            for row in stride(from: 2, to: product.rows, by: 5) {
                for column in stride(from: 2, to: product.columns, by: 5) {
                    let led = place(panel.stageFromPanel, product, column, row)
                    let thought = place(other.stageFromPanel, product, column, row)
                    let content = eye.pupil.origin + (thought - believed.pupil.origin) * 1e6
                    guard let stands = eye.picturePoint(of: led),
                        let belongs = eye.picturePoint(of: content),
                        stands.x > 0, stands.x < 1920, stands.y > 0, stands.y < 1080
                    else { continue }
                    list.append(stands - belongs)
                }
            }
        }
        return list
    }

    /// The middle one of their lengths.
    static func median(_ list: [SIMD2<Double>]) -> Double {
        let sorted = list.map { ($0 * $0).sum().squareRoot() }.sorted()
        return sorted[sorted.count / 2]
    }

    private static func place(
        _ pose: Pose, _ product: PanelProduct, _ column: Int, _ row: Int
    ) -> SIMD3<Double> {
        let x = ((Double(column) + 0.5) / Double(product.columns) - 0.5) * product.width
        let z = (0.5 - (Double(row) + 0.5) / Double(product.rows)) * product.height
        return pose.rotation.x * x + pose.rotation.z * z + pose.translation
    }
}
