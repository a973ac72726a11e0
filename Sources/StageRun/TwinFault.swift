import Color
import FrameModel
import Geometry
public import StageModel
import StageTwin
import Tracking

/// A mistake planted between the stage as it is built and what the frame path believes of it: the
/// judge must find each one.
public enum TwinFault: String, CaseIterable, Sendable {
    /// The tracker's pan is taken with the wrong sign.
    case panSign
    /// The tracker's tilt is taken with the wrong sign.
    case tiltSign
    /// The entrance pupil is taken to be at the sensor.
    case noPupilOffset
    /// The lens is taken to be a pinhole.
    case noLensModel
    /// The wall hangs 10 mm further to the right than believed.
    case wallShifted
    /// One panel shows its picture one pixel off.
    case panelOff
    /// One panel hangs upside down.
    case panelTurned
    /// Two panels are fed each other's canvas rectangle.
    case rectanglesSwapped
    /// The path sends narrow-range codes, the processor reads full range.
    case narrowAsFull
    /// The path sends PQ, the processor reads gamma 2.4.
    case pqAsGamma
    /// Red and blue are swapped.
    case redBlueSwapped
    /// The picture is of the frame before.
    case frameLate
    /// Every mesh of the scene stands 30 mm further to the right than it should.
    case meshesShifted

    /// Seconds by which the picture is old, for a stage of such a frame period.
    func latency(period: Double) -> Double { self == .frameLate ? period : 0 }

    /// Changes the stage file's lens and the measured ones.
    private static func changeLenses(of camera: inout Camera, _ change: (inout Lens) -> Void) {
        change(&camera.lens)
        for table in camera.lenses.indices {
            for node in camera.lenses[table].lenses.indices {
                change(&camera.lenses[table].lenses[node])
            }
        }
    }

    /// Plants the mistake: changes what is believed, or how the stage is really built.
    ///
    /// - Parameter panel: the panel that mistakes of one panel are made on.
    public func plant(believed: inout Stage, built: inout Stage, panel: Int) {
        switch self {
        case .panSign: turnSigns(SIMD3(-1, 1, 1), in: &believed)
        case .tiltSign: turnSigns(SIMD3(1, -1, 1), in: &believed)
        case .noPupilOffset:
            Self.changeLenses(of: &believed.cameras[0]) { $0.entrancePupilOffset = 0 }
        case .noLensModel:
            Self.changeLenses(of: &believed.cameras[0]) {
                $0 = Lens(
                    focalLengthMillimeters: $0.focalLengthMillimeters,
                    entrancePupilOffset: $0.entrancePupilOffset)
            }
        case .wallShifted:
            for index in believed.panels.indices {
                believed.panels[index].stageFromPanel.translation.x -= 0.01
            }
        case .panelOff:
            let product = believed.products[believed.panels[panel].product]
            let pose = believed.panels[panel].stageFromPanel
            believed.panels[panel].stageFromPanel.translation +=
                pose.rotation.x * (product.width / Double(product.columns))
        case .panelTurned: believed.panels[panel].quarterTurns ^= 2
        case .rectanglesSwapped:
            let other = neighbor(of: panel, in: believed)
            let canvas = believed.panels[panel].canvas
            believed.panels[panel].canvas = believed.panels[other].canvas
            believed.panels[other].canvas = canvas
        case .narrowAsFull:
            for index in believed.processors.indices {
                believed.processors[index].range = .narrow
                built.processors[index].range = .full
            }
        case .pqAsGamma:
            for index in believed.processors.indices {
                believed.processors[index].transfer = .pq
                built.processors[index].transfer = .gamma(2.4)
            }
        case .redBlueSwapped:
            for index in believed.walls.indices {
                let red = believed.walls[index].primaries.red
                believed.walls[index].primaries.red = believed.walls[index].primaries.blue
                believed.walls[index].primaries.blue = red
            }
        case .frameLate, .meshesShifted: break
        }
        believed.facets = Facet.merging(believed.panels, products: believed.products)
    }

    /// The scene as it is believed to stand.
    func misplaced(_ scene: Scene) -> Scene {
        guard self == .meshesShifted else { return scene }
        var scene = scene
        for mesh in scene.meshes.indices {
            for object in scene.meshes[mesh].objects.indices {
                let right = scene.meshes[mesh].objects[object].positions.map {
                    $0 + SIMD3(0.03, 0, 0)
                }
                scene.meshes[mesh].objects[object].positions = right
            }
        }
        return scene
    }

    private func turnSigns(_ signs: SIMD3<Double>, in stage: inout Stage) {
        for index in stage.sources.indices {
            guard case .freeD(var options) = stage.sources[index].transport else { continue }
            options.angleSigns *= signs
            stage.sources[index].transport = .freeD(options)
        }
    }

    /// The nearest panel that takes a rectangle of the same shape from the same canvas.
    private func neighbor(of panel: Int, in stage: Stage) -> Int {
        let one = stage.panels[panel]
        let others = stage.panels.indices.filter { index in
            let other = stage.panels[index]
            return index != panel && other.processor == one.processor
                && other.canvas.width == one.canvas.width
                && other.canvas.height == one.canvas.height
                && other.quarterTurns == one.quarterTurns
        }
        func distance(_ index: Int) -> Double {
            (stage.panels[index].stageFromPanel.translation - one.stageFromPanel.translation).length
        }
        return others.min { distance($0) < distance($1) } ?? panel
    }
}
