import Color
import StageModel
import Timing

/// What the control side has to know of a stage's light: made once.
struct StageOptics: Sendable {
    /// A wall.
    struct Wall: Sendable {
        var name: String
        var peakNits: Double
        /// By the first processor that feeds it; nil without one.
        var color: WallColor?
        var panels: [Panel]
    }

    var walls: [Wall]
    var cameras: [String]
    var processors: [Processor]
    /// Nits of scene-linear 1.0 on the brightest wall.
    var whiteNits: Double
    var framesPerSecond: Double

    init(_ stage: Stage) {
        walls = stage.walls.map { wall in
            let panel = wall.panels.isEmpty ? nil : stage.panels[wall.panels.lowerBound]
            let color = panel.map {
                WallColor(
                    primaries: wall.primaries, peakNits: wall.peakNits,
                    nitsPerUnit: wall.nitsPerUnit,
                    transfer: stage.processors[$0.processor].transfer)
            }
            return Wall(
                name: wall.name, peakNits: wall.peakNits, color: color,
                panels: Array(stage.panels[wall.panels]))
        }
        cameras = stage.cameras.map(\.name)
        processors = stage.processors
        whiteNits = stage.walls.map(\.nitsPerUnit).max() ?? 100
        framesPerSecond = stage.rate.hertz
    }
}
