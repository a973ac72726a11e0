import Color
import FrameModel

/// What a wall is to a camera, by its exposure on the tree.
public enum ExposureField: String, CaseIterable, Sendable {
    /// Nits that are its middle grey.
    case grey = "grey-nits"
    /// Nits at which it clips.
    case clip = "clip-nits"
    /// Scene-linear 1.0 on the wall, above middle grey.
    case white = "white-stops"
    /// The brightest the wall can be, above middle grey.
    case peak = "peak-stops"
    /// Neutral density to add.
    case density = "nd-advice"

    var unit: String { self == .grey || self == .clip ? "nit" : "stops" }

    var help: String {
        switch self {
        case .grey: "Light on the wall that this camera sees as middle grey."
        case .clip: "Light on the wall at which this camera clips."
        case .white:
            "Where content's white (1.0, with all/exposure) lies for this camera, from middle grey."
        case .peak: "Where the brightest light the walls may make lies, from middle grey."
        case .density:
            "Neutral density to put on the camera so that the walls' peak does not clip, or "
                + "instead of a dimmed wall (all/exposure below 0), which shows its steps."
        }
    }
}

extension ShowDocument {
    /// A camera's exposure as it stands or is fading to.
    func exposure(camera: Int) -> CameraExposure {
        func value(_ field: CameraField) -> Double {
            live.values[LiveLayout.camera(camera) + field.rawValue].to
        }
        return CameraExposure(
            sensitivity: value(.sensitivity), tStop: value(.tStop),
            shutterAngle: value(.shutterAngle), neutralDensity: value(.neutralDensity),
            framesPerSecond: optics.framesPerSecond, headroom: value(.headroom))
    }

    /// What the walls are to a camera.
    func read(_ field: ExposureField, camera: Int) -> Double {
        let exposure = exposure(camera: camera)
        let all = live.values[LiveLayout.grade(scope: LiveLayout.all)].to
        switch field {
        case .grey: return exposure.greyNits
        case .clip: return exposure.clipNits
        case .white: return exposure.stops(nits: optics.whiteNits) + all
        case .peak: return exposure.stops(nits: peakNits)
        case .density:
            return exposure.advisedDensity(peakNits: peakNits, dimmedStops: max(0, -all))
        }
    }

    /// The brightest light any wall may make.
    private var peakNits: Double {
        optics.walls.indices.map { wall in
            let place = LiveLayout.wall(wall) + WallField.peakLimit.rawValue
            return min(optics.walls[wall].peakNits, live.values[place].to)
        }.max() ?? 0
    }
}
