import FrameModel
import StageModel

/// The parameters of what a wall may show, of the camera's exposure and of the probe.
extension ParameterTree {
    /// What keeps a wall's picture within what it can and may make.
    static func protection(_ path: String, _ wall: Int) -> [Parameter] {
        func place(_ field: WallField) -> Int { LiveLayout.wall(wall) + field.rawValue }
        return [
            live(
                "\(path)/peak-limit", [place(.peakLimit)], unit: "nit", 1...10_000,
                help: "The brightest light this wall may make, of each channel; its own peak where "
                    + "that is lower."),
            choice(
                "\(path)/roll-off", place(.rollOff), ["none", "hard", "medium", "soft"],
                help:
                    "How light ends at the peak: none cuts each channel, which turns colors; "
                    + "hard, medium and soft bend all three together from 90, 80 or 70 % of it."),
            choice(
                "\(path)/gamut", place(.compressesGamut), ["cut", "compress"],
                help: "What becomes of colors this wall cannot make: cut channel by channel, or "
                    + "brought in (ACES reference gamut compression in the wall's own channels)."),
            live(
                "\(path)/average-limit", [place(.averageLimit)], unit: "%", 1...100,
                help: "The most this wall may draw in the mean, of full white: above it the whole "
                    + "wall is dimmed, with the next frame; 100 is off."),
            toggle(
                "\(path)/flash-limit", place(.limitsFlashes),
                help:
                    "After three flashes in a second (20 nits up and down, the dark below 160) the "
                    + "wall is held so low that it flashes no more, until a second is quiet."),
        ]
    }

    /// How a wall's correction is used; `correction load` puts one on.
    static func correction(_ path: String, _ wall: Int) -> [Parameter] {
        func place(_ field: WallField) -> Int { LiveLayout.wall(wall) + field.rawValue }
        return [
            toggle(
                "\(path)/bypass", place(.isUncorrected),
                help: "The wall's correction is passed by, to see what it does; `correction load` "
                    + "puts one on, `correction list` tells which."),
            toggle(
                "\(path)/view-angle", place(.levelsAngle),
                help: "Inner frusta make up for how the panels' light falls off to the side, "
                    + "where the wall's correction knows that: by 15 % at most."),
        ]
    }

    /// What a camera is exposed with.
    static func exposure(_ path: String, _ base: Int) -> [Parameter] {
        func place(_ field: CameraField) -> [Int] { [base + field.rawValue] }
        return [
            live(
                "\(path)/exposure/iso", place(.sensitivity), 25...204_800,
                help:
                    "What the camera is set to; status/camera/NAME/exposure tells the wall in its "
                    + "terms."),
            live(
                "\(path)/exposure/t-stop", place(.tStop), 0.5...64,
                help: "T-stop of the lens."),
            live(
                "\(path)/exposure/shutter", place(.shutterAngle), unit: "deg", 1...360,
                help: "Shutter angle, at the stage's frame rate."),
            live(
                "\(path)/exposure/nd", place(.neutralDensity), unit: "stops", 0...20,
                help: "Neutral density before the sensor; 0.3 on the filter is a stop."),
            live(
                "\(path)/exposure/headroom", place(.headroom), unit: "stops", 1...12,
                help: "Stops above middle grey at which the camera clips, by its data sheet."),
        ]
    }

    /// What the walls are to a camera.
    static func exposureStatus(_ name: String, camera: Int) -> [Parameter] {
        ExposureField.allCases.map { field in
            Parameter(
                path: "status/camera/\(name)/exposure/\(field.rawValue)", unit: field.unit,
                range: -Double.infinity...Double.infinity, defaults: [0], help: field.help,
                place: .exposure(field, camera: camera))
        }
    }

    /// The pixel the probe looks at.
    static func probe(walls: [String]) -> [Parameter] {
        func place(_ field: StageField) -> Int { LiveLayout.stage + field.rawValue }
        return [
            choice(
                "probe/wall", place(.probeWall), ["none"] + walls,
                help: "The wall of which one pixel is looked at; the request `probe` tells every "
                    + "step of its color."),
            live(
                "probe/x", [place(.probeX)], kind: .integer, 0...65535,
                help: "Column of that pixel, on the canvas of the processor that feeds the wall."),
            live(
                "probe/y", [place(.probeY)], kind: .integer, 0...65535,
                help: "Row of that pixel, from the top of the canvas."),
        ]
    }

    static func status(_ field: WallStatusField, _ name: String, wall: Int) -> Parameter {
        Parameter(
            path: "status/wall/\(name)/\(field.name)", unit: field.unit,
            range: -Double.infinity...Double.infinity, defaults: [0], help: field.help,
            place: .wallStatus(field, wall: wall))
    }
}
