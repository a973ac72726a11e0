import Color

/// One channel of a wall: its colour at full drive and how its light rises, from its ramp.
///
/// Every step of a ramp is black plus some light of one colour, so all steps together tell that
/// colour: far better than the brightest alone where the camera is noisy.
struct ChannelFit {
    /// Plate of the full channel, black taken off.
    let full: ColorTriple
    /// Light of each step as a fraction of the full channel; the last is 1.
    let lights: [Double]
    /// What each light counts when lights are averaged: one over its variance.
    let weights: [Double]
    /// Greatest part of a middle step that is another colour than the full channel, as a fraction
    /// of that step.
    let crossTalk: Double

    /// A fit of a ramp with black taken off; nil where the full channel is dark.
    ///
    /// A camera's noise grows with the signal, so channels count by the inverse of their squared
    /// light; `floor` is the plate below which noise stays the same.
    init?(ramp: [ColorTriple], black: ColorTriple, floor: Double) {
        guard let top = ramp.last, top.max() > floor else { return nil }
        var color = top
        var lights: [Double] = []
        var weights: [Double] = []
        for _ in 0..<12 {
            var (upper, lower) = (ColorTriple(repeating: 0), ColorTriple(repeating: 0))
            (lights, weights) = ([], [])
            for sample in ramp {
                // Variance of what the camera read: of the patch and of the black under it.
                let read = sample + black
                let variance = read * read + black * black + floor * floor
                let w = 1 / variance
                let weight = (color * color * w).sum()
                let light = (sample * color * w).sum() / weight
                lights.append(light)
                weights.append(weight)
                upper += light * sample * w
                lower += light * light * w
            }
            color = upper / lower
        }
        guard let last = lights.last, last > 0 else { return nil }
        full = color * last
        self.lights = lights.map { $0 / last }
        self.weights = weights.map { $0 * last * last }
        crossTalk = ChannelFit.crossTalk(ramp: ramp, top: top)
    }

    private static func crossTalk(ramp: [ColorTriple], top: ColorTriple) -> Double {
        let square = (top * top).sum()
        var worst = 0.0
        for sample in ramp {
            let light = (sample * top).sum() / square
            guard light > 0.03, light < 0.7 else { continue }
            let rest = sample - light * top
            worst = max(worst, ((rest * rest).sum() / square).squareRoot() / light)
        }
        return worst
    }
}
