import Foundation
import StageModel

/// What was asked for against what was seen, as ΔE_ITP, and the figures a report tells of it.
struct ColorErrors: Sendable {
    /// ΔE_ITP of what the wall can show.
    private(set) var differences: [Double] = []
    /// All that was looked at.
    private(set) var seen = 0

    /// Takes one in; nil is what the wall cannot show.
    mutating func add(_ difference: Double?) {
        seen += 1
        if let difference { differences.append(difference) }
    }

    var mean: Double {
        differences.isEmpty ? .infinity : differences.reduce(0, +) / Double(differences.count)
    }

    func percentile(_ share: Double) -> Double {
        guard !differences.isEmpty else { return .infinity }
        let sorted = differences.sorted()
        return sorted[min(sorted.count - 1, Int(share * Double(sorted.count)))]
    }

    /// Share of what was seen that the wall can show.
    var reachable: Double { seen == 0 ? 0 : Double(differences.count) / Double(seen) }
}

/// From the scene's colors to a stage's walls and on to the eye, by wall.
struct WallColors: Sendable {
    /// Scene-linear working RGB → nits of a wall's red, green and blue.
    let wallFromScene: [Rows]
    let xyzFromWall: [Rows]

    init(_ stage: Stage) {
        wallFromScene = stage.walls.map { wall in
            let m = Colorimetry.converting(Colorimetry.working, to: wall.primaries)
            return Rows(m.a * wall.nitsPerUnit, m.b * wall.nitsPerUnit, m.c * wall.nitsPerUnit)
        }
        xyzFromWall = stage.walls.map { Colorimetry.xyzFromRGB($0.primaries) }
    }

    /// ΔE_ITP of two lights of a wall, nits.
    func difference(_ a: SIMD3<Double>, _ b: SIMD3<Double>, wall: Int) -> Double {
        let xyz = xyzFromWall[wall]
        return Colorimetry.difference(xyz.applied(to: a), xyz.applied(to: b))
    }
}
