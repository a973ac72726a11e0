import Color
import Glibc

extension OpenVPCalSolve {
    /// Light below the roll-off is lifted by a hyperbolic tangent.
    func softened(_ top: Double) -> Double {
        let soft = settings.shadowRolloff
        return top > soft ? top : soft * (1 - tanh((soft - top) / soft))
    }

    /// ΔE_ITP / 3 as OpenVPCal computes it: white, red, green, blue; the greys; the chart.
    var differences: (primaries: [Double], ramp: [Double], chart: [Double]) {
        let toCamera = target.to(camera, nil)
        func errors(_ seen: [ColorTriple], _ asked: [ColorTriple]) -> [Double] {
            zip(seen, asked).map { OpenVPCalSolve.difference($0 * 100, toCamera * $1 * 100) }
        }
        let asked = reference.desaturated + [reference.grey]
        let primaries = errors(desaturated + [grey], asked)
        return (
            [primaries[3]] + primaries[..<3],
            errors(ramp.map { ColorTriple(repeating: $0.y) }, rampReference),
            errors(chart, reference.chart)
        )
    }

    private static func difference(_ a: ColorTriple, _ b: ColorTriple) -> Double {
        let d = ictcp(a) - ictcp(b)
        return 720 * (d.x * d.x + 0.25 * d.y * d.y + d.z * d.z).squareRoot() / 3
    }

    /// ICtCp of BT.2100, table 7, with powers that keep the sign, as negative light is fed to it.
    private static func ictcp(_ c: ColorTriple) -> ColorTriple {
        let lms = ColorTriple(
            (1688 * c.x + 2146 * c.y + 262 * c.z) / 4096,
            (683 * c.x + 2951 * c.y + 462 * c.z) / 4096,
            (99 * c.x + 309 * c.y + 3688 * c.z) / 4096)
        let (l, m, s) = (signedPQ(lms.x), signedPQ(lms.y), signedPQ(lms.z))
        return ColorTriple(
            (2048 * l + 2048 * m) / 4096, (6610 * l - 13613 * m + 7003 * s) / 4096,
            (17933 * l - 17390 * m - 543 * s) / 4096)
    }

    private static func signedPQ(_ nits: Double) -> Double {
        func power(_ x: Double, _ p: Double) -> Double { x < 0 ? -pow(-x, p) : pow(x, p) }
        let y = power(nits / 10_000, 2610.0 / 16384)
        let top = 3424.0 / 4096 + 2413.0 / 128 * y
        return power(top / (1 + 2392.0 / 128 * y), 2523.0 / 32)
    }
}
