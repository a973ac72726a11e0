import FrameModel
import Glibc

/// The main deck of a pirate ship at sunset: guns at red bulwarks, a mast with a torn course that
/// the sun shines through, shrouds, lanterns, another ship and an island.
///
/// The deck's middle is the floor; it is 8.6 m wide at the mast amidships and ends at the stem 25 m
/// ahead. The sea is 3.2 m below.
struct PirateShip {
    /// Height of the sea.
    static let sea: Float = -3.2
    static let eye = SIMD3<Float>(0, 0, 1.6)
    static let stem: Float = 25
    static let stern: Float = -9
    static let noise = Noise(seed: 81)

    var plan = SetPlan()
    let deck, red, oak, spar, hemp, tar, iron, brass, cloth, hatch, lamp, pane, water, rock,
        night: Int

    static let sky = SetSky(
        zenith: light(0.075, 0.12, 0.30), middle: light(0.30, 0.27, 0.44),
        horizon: light(1.25, 0.58, 0.26), ground: light(0.03, 0.04, 0.05),
        sun: unit(SIMD3(-0.20, 1, 0.135)), disc: light(420, 250, 110),
        glow: light(3.0, 1.6, 0.65), lit: light(1.9, 0.80, 0.42), shaded: light(0.15, 0.13, 0.19),
        cover: 0.56, seed: 82)

    /// - Parameter width: of the dome; the sea's picture goes with it.
    init(width: Int) {
        deck = plan.material(
            "deck",
            Pattern.planks(light(0.15, 0.10, 0.065), light(0.40, 0.29, 0.19), count: 10, seed: 83))
        red = plan.material(
            "red paint",
            Pattern.planks(light(0.10, 0.022, 0.014), light(0.27, 0.06, 0.035), count: 5, seed: 84))
        oak = plan.material(
            "oak",
            Pattern.planks(light(0.05, 0.028, 0.016), light(0.20, 0.115, 0.06), count: 7, seed: 85))
        spar = plan.material(
            "spars",
            Pattern.mottled(
                light(0.13, 0.07, 0.03), light(0.34, 0.20, 0.09), scale: SIMD2(40, 5), seed: 86))
        hemp = plan.material("hemp", PirateShip.strands())
        tar = plan.material("tarred rope", base: SIMD4(light(0.022, 0.019, 0.017), 1))
        iron = plan.material("iron", base: SIMD4(light(0.035, 0.035, 0.038), 1))
        brass = plan.material("brass", base: SIMD4(light(0.66, 0.43, 0.13), 1))
        cloth = plan.material(
            "sailcloth", PirateShip.sailcloth(), alpha: .mask(cutoff: 0.5), wrap: .clamp)
        hatch = plan.material("below", base: SIMD4(light(0.008, 0.006, 0.005), 1))
        lamp = plan.material("lantern", base: SIMD4(0, 0, 0, 1), emission: light(34, 18, 6.5))
        pane = plan.material(
            "windows", base: SIMD4(light(0.02, 0.012, 0.006), 1), emission: light(9, 5.2, 2),
            glow: PirateShip.panes())
        water = plan.material(
            "sea", base: SIMD4(0, 0, 0, 1), emission: Light(1, 1, 1),
            glow: PirateShip.seaPicture(width: width))
        rock = plan.material(
            "rock",
            Pattern.mottled(
                light(0.5, 0.5, 0.5), light(1.3, 1.3, 1.3), scale: SIMD2(18, 18), seed: 87))
        night = plan.material("hull", base: SIMD4(light(0.045, 0.03, 0.022), 1))
    }

    static func mesh(width: Int, rays: Int) -> Mesh {
        var set = PirateShip(width: width)
        set.planking()
        set.bulwarks()
        set.quarterdeck()
        set.hatchway()
        set.mast(13)
        set.mast(-3.4)
        set.bow()
        set.guns()
        set.cargo()
        set.lanterns()
        set.ocean()
        set.island()
        set.chaser()
        return set.plan.mesh(
            "pirate-ship", sky.sunlight(light(6.5, 3.4, 1.4), softness: 0.012), rays: rays)
    }

    /// 0 amidships and abaft of it, 1 at the stem.
    private static func fore(_ y: Float) -> Float { limited((y - 2) / (stem - 2)) }

    /// Half of the deck's width.
    static func half(_ y: Float) -> Float {
        let aft = min(0, y)
        return 4.3 * (1 - powf(fore(y), 2.6)).squareRoot() - 0.006 * aft * aft
    }

    /// Height of the deck: camber across, sheer along.
    static func floor(_ x: Float, _ y: Float) -> Float {
        0.55 * fore(y) * fore(y) - 0.006 * x * x
    }

    /// A place on the ship's side, 0 at the stern to 1 at the stem, `up` over the deck's edge.
    static func edge(_ w: Float, _ side: Float, up: Float, out: Float = 0) -> SIMD3<Float> {
        let y =
            w < 0.35
            ? mix(stern, 2, w / 0.35) : 2 + (stem - 2) * sinf((w - 0.35) / 0.65 * .pi / 2)
        let x = half(y)
        let ahead = out * step(0.9, 1, w)
        return SIMD3(side * max(0, x + out - ahead), y + ahead, floor(x, y) + up)
    }

    /// Where on the side, 0 … 1, a distance ahead is.
    static func along(_ y: Float) -> Float {
        y < 2
            ? 0.35 * (y - stern) / (2 - stern)
            : 0.35 + 0.65 * asinf(limited((y - 2) / (stem - 2))) / (.pi / 2)
    }

    /// A circle of knots about an axis.
    static func ring(
        _ middle: SIMD3<Float>, _ one: SIMD3<Float>, _ other: SIMD3<Float>, thick: Float,
        knots: Int = 20
    ) -> [(point: SIMD3<Float>, radius: Float)] {
        (0...knots).map { knot in
            let a = Float(knot) / Float(knots) * 2 * .pi
            return (middle + one * cosf(a) + other * sinf(a), thick)
        }
    }

    /// A rope between two places that hangs through by `sag`.
    static func rope(
        _ from: SIMD3<Float>, _ to: SIMD3<Float>, sag: Float, thick: Float, knots: Int = 10
    ) -> [(point: SIMD3<Float>, radius: Float)] {
        (0...knots).map { knot in
            let t = Float(knot) / Float(knots)
            return (from + (to - from) * t - SIMD3(0, 0, sag * 4 * t * (1 - t)), thick)
        }
    }

    /// A turned body about an upright axis: heights and radii.
    static func turned(
        _ foot: SIMD3<Float>, _ profile: [(z: Float, radius: Float)]
    ) -> [(point: SIMD3<Float>, radius: Float)] {
        profile.map { (foot + SIMD3(0, 0, $0.z), $0.radius) }
    }
}
