public import Color
import Glibc

/// CIE L*a*b* of XYZ under a white (ISO/CIE 11664-4).
func lab(xyz: ColorTriple, white: ColorTriple) -> ColorTriple {
    let ratio = xyz / white
    func f(_ t: Double) -> Double {
        t > 216.0 / 24389 ? cbrt(t) : (24389.0 / 27 * t + 16) / 116
    }
    let (x, y, z) = (f(ratio.x), f(ratio.y), f(ratio.z))
    return ColorTriple(116 * y - 16, 500 * (x - y), 200 * (y - z))
}

/// CIEDE2000 of two L*a*b* colours (ISO/CIE 11664-6, all weights 1).
public func deltaE2000(_ a: ColorTriple, _ b: ColorTriple) -> Double {
    let chroma = 0.5 * (hypot(a.y, a.z) + hypot(b.y, b.z))
    let c7 = pow(chroma, 7)
    let g = 0.5 * (1 - (c7 / (c7 + pow(25, 7))).squareRoot())
    let (a1, a2) = (a.y * (1 + g), b.y * (1 + g))
    let (c1, c2) = (hypot(a1, a.z), hypot(a2, b.z))
    let (h1, h2) = (hueDegrees(a1, a.z), hueDegrees(a2, b.z))
    let hasNoHue = c1 * c2 == 0
    var step = hasNoHue ? 0 : h2 - h1
    if step > 180 { step -= 360 } else if step < -180 { step += 360 }
    let dL = b.x - a.x
    let dC = c2 - c1
    let dH = 2 * (c1 * c2).squareRoot() * sin(radians(step / 2))
    let meanL = 0.5 * (a.x + b.x)
    let meanC = 0.5 * (c1 + c2)
    var meanH = hasNoHue ? h1 + h2 : 0.5 * (h1 + h2)
    if !hasNoHue && abs(h1 - h2) > 180 { meanH += meanH < 180 ? 180 : -180 }
    let t =
        1 - 0.17 * cos(radians(meanH - 30)) + 0.24 * cos(radians(2 * meanH))
        + 0.32 * cos(radians(3 * meanH + 6)) - 0.20 * cos(radians(4 * meanH - 63))
    let square = (meanL - 50) * (meanL - 50)
    let sL = 1 + 0.015 * square / (20 + square).squareRoot()
    let sC = 1 + 0.045 * meanC
    let sH = 1 + 0.015 * meanC * t
    let turn = 30 * exp(-pow((meanH - 275) / 25, 2))
    let m7 = pow(meanC, 7)
    let rT = -2 * (m7 / (m7 + pow(25, 7))).squareRoot() * sin(radians(2 * turn))
    let (l, c, h) = (dL / sL, dC / sC, dH / sH)
    return (l * l + c * c + h * h + rT * c * h).squareRoot()
}

private func radians(_ degrees: Double) -> Double { degrees * .pi / 180 }

private func hueDegrees(_ a: Double, _ b: Double) -> Double {
    guard a != 0 || b != 0 else { return 0 }
    let h = atan2(b, a) * 180 / .pi
    return h < 0 ? h + 360 : h
}
