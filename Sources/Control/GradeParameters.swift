import FrameModel

/// The parameters of a grade's scope.
extension ParameterTree {
    private static let rgb = ["red", "green", "blue"]

    /// Everything of one scope: `path` is its place in the tree, `what` it in words.
    static func grade(_ path: String, _ scope: Int, _ what: String) -> [Parameter] {
        lightOf(path, scope, what) + cdlOf(path, scope, what) + wheelsOf(path, scope, what)
            + lookOf(path, scope, what)
    }

    private static func places(_ scope: Int, _ field: GradeField, _ count: Int = 1) -> [Int] {
        (0..<count).map { LiveLayout.grade(scope: scope) + field.rawValue + $0 }
    }

    private static func lightOf(_ path: String, _ scope: Int, _ what: String) -> [Parameter] {
        [
            live(
                "\(path)/exposure", places(scope, .exposure), unit: "stops", -10...10,
                help: "Brightness of \(what); +1 doubles the light."),
            live(
                "\(path)/white-balance/temperature", places(scope, .temperature), unit: "K",
                2000...15000,
                help: "White \(what) is made to look like: 3200 is tungsten, warm; with "
                    + "white-balance/as white-balance the inverse."),
            live(
                "\(path)/white-balance/tint", places(scope, .tint), -1...1,
                help: "Tint of \(what): -1 green to +1 magenta, 0.02 Duv either way; inverse too."),
            choice(
                "\(path)/white-balance/as", places(scope, .isCameraBalance)[0],
                ["color-temperature", "white-balance"],
                help: "color-temperature: 3200 K makes the wall look like tungsten, warm; "
                    + "white-balance: it takes tungsten's warmth away, as a camera does, cold."),
        ]
    }

    private static func cdlOf(_ path: String, _ scope: Int, _ what: String) -> [Parameter] {
        [
            live(
                "\(path)/cdl/slope", places(scope, .slopeRed, 3), 0...16, rgb,
                help: "ASC CDL slope of \(what), on what cdl/space says."),
            live(
                "\(path)/cdl/offset", places(scope, .offsetRed, 3), -4...4, rgb,
                help: "ASC CDL offset of \(what)."),
            live(
                "\(path)/cdl/power", places(scope, .powerRed, 3), 0.05...16, rgb,
                help: "ASC CDL power of \(what); what is below zero is left as it is."),
            live(
                "\(path)/cdl/saturation", places(scope, .saturation), 0...4,
                help: "ASC CDL saturation of \(what); 0 is grey."),
            choice(
                "\(path)/cdl/space", places(scope, .isInCodes)[0], ["linear", "acescct"],
                help: "What CDL, lift, gamma, gain and contrast work on: scene-linear ACEScg, or "
                    + "its ACEScct codes, as most grading desks do."),
            toggle(
                "\(path)/cdl/clamp", places(scope, .isClamped)[0],
                help: "on: the CDL clamps to 0 to 1 before its power and at its end, as ASC CDL "
                    + "v1.2 says (on light: \(what) ends at 1.0); off: nothing is cut. A neutral "
                    + "CDL does nothing either way."),
            toggle(
                "\(path)/cdl/inverse", places(scope, .isInverted)[0],
                help: "on: CDL, lift, gamma, gain and contrast are undone on \(what) instead of "
                    + "done. With the same correction in the camera's LUT box (cdl export) only "
                    + "what stands before the wall is graded. One with a slope or saturation of 0 "
                    + "has no way back and is left out."),
        ]
    }

    private static func wheelsOf(_ path: String, _ scope: Int, _ what: String) -> [Parameter] {
        [
            live(
                "\(path)/lift", places(scope, .liftRed, 3), -1...1, rgb,
                help: "What black of \(what) becomes; part of the CDL that is exported."),
            live(
                "\(path)/gamma", places(scope, .gammaRed, 3), 0.1...10, rgb,
                help: "Middle of \(what), > 1 is brighter; part of the CDL that is exported."),
            live(
                "\(path)/gain", places(scope, .gainRed, 3), 0...16, rgb,
                help: "What 1.0 of \(what) becomes; part of the CDL that is exported."),
            live(
                "\(path)/contrast", places(scope, .contrast), 0.1...4,
                help: "Contrast of \(what) about the pivot; part of the CDL that is exported."),
            live(
                "\(path)/pivot", places(scope, .pivot), 0.001...16,
                help: "Scene-linear light that contrast leaves alone; 0.18 is middle grey."),
        ]
    }

    private static func lookOf(_ path: String, _ scope: Int, _ what: String) -> [Parameter] {
        [
            live(
                "\(path)/lut/slot", places(scope, .lookSlot), kind: .integer,
                0...Double(LiveLayout.lookSlots),
                help: "Look table of \(what), on ACEScct codes after the CDL: a slot that `lut "
                    + "load` has filled, 0 for none."),
            live(
                "\(path)/lut/strength", places(scope, .lookStrength), 0...1,
                help: "How much of the look there is, mixed in ACEScct codes."),
            toggle(
                "\(path)/bypass", places(scope, .isBypassed)[0],
                help: "Before and after: on shows \(what) without this grade."),
        ]
    }
}
