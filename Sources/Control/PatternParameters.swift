import FrameModel
import StageModel

/// The parameters of the test pattern.
extension ParameterTree {
    static func pattern(panels: Int) -> [Parameter] {
        func place(_ field: PatternField) -> Int { LiveLayout.pattern + field.rawValue }
        return [
            choice(
                "pattern/show", place(.pattern), TestPattern.allCases.map(\.name),
                help: "A test pattern on every wall instead of the picture, past every grade "
                    + "and before a frozen picture; picture brings it back. Blackout beats it; "
                    + "peak, average and flash limits do not act on it."),
            live(
                "pattern/level", [place(.level)], unit: "nits", 0...10000,
                help:
                    "Light of what is white in strip, grid, panels, identify, flat and dots, of "
                    + "the strips beside patches, and middle gray of stops; never above a wall's "
                    + "peak."
            ),
            live(
                "pattern/color", [.red, .green, .blue].map(place), 0...1,
                ["red", "green", "blue"],
                help: "Color of flat, shares of the level in the wall's own primaries; of patches "
                    + "from \(PatchSet.own) on, shares of its peak."),
            Parameter(
                path: "pattern/panel", kind: .integer, range: 1...Double(max(1, panels)),
                defaults: [1],
                help:
                    "The panel that identify lets blink, and the middle of patches, by the number "
                    + "that panels shows.",
                place: .live([place(.panel)])),
            Parameter(
                path: "pattern/cell", kind: .integer, unit: "px",
                range: 1...Double(FrameStripGrid.cellMax),
                defaults: [Double(FrameStripGrid.cellUsual)],
                help:
                    "Height of a bar of strip, wall pixels: larger for a camera far away, smaller "
                    + "where it sees little of the wall. At most a 46th of the height of what lies "
                    + "in one plane; what is lower than 46 pixels has no strip.",
                place: .live([place(.cell)])),
            Parameter(
                path: "pattern/step", kind: .integer, range: 0...Double(PatchSet.last),
                defaults: [0],
                help:
                    "Which of patches (0 gray, 1 black, 2 peak, 3 beyond, 4 … 51 ramps of red, "
                    + "green, blue, 52 … 63 checks, from \(PatchSet.own) pattern/color) or of the "
                    + "pictures of dots (0 none, 1 all, 2 … 4 red, green, blue, then each bit of "
                    + "their numbers and its contrary).",
                place: .live([place(.step)])),
            live(
                "pattern/size", [place(.size)], unit: "m", 0.1...50,
                help: "How wide patches are: every panel whose middle is within half of it."),
        ]
    }
}
