import Color
import Glibc
import StageModel
import StageRun
import StageTwin
import TestSupport
import Testing

/// The twin with walls that make other light than their stage file says: found without a
/// correction, gone with it. (A black that is not quite dark is beyond correcting at black itself.)
@Suite(.serialized)
struct `A wall with faults` {
    /// Primaries a little beyond the demo's, another white.
    private static let primaries = Primaries(
        red: Chromaticity(0.695, 0.303), green: Chromaticity(0.225, 0.730),
        blue: Chromaticity(0.145, 0.048), white: Chromaticity(0.308, 0.331))
    /// The wall is brighter than stated, so that it can make its stated white in D65.
    private static let brightness = 1.12
    private static let gamma = SIMD3(1.06, 1, 0.95)

    /// The faults of every panel of a stage.
    private static func fault(_ stage: Stage) -> WallFault {
        var random = SeededRandom(seed: 0xFA17)
        var fault = WallFault()
        fault.primaries = primaries
        fault.gamma = gamma
        fault.gains = stage.panels.map { _ in
            brightness
                * SIMD3(
                    0.96 + 0.08 * random.unit(), 0.96 + 0.08 * random.unit(),
                    0.96 + 0.08 * random.unit())
        }
        return fault
    }

    /// What undoes them, from the definitions.
    private static func correction(_ fault: WallFault, of wall: Wall) throws -> WallCorrection {
        var made = WallCorrection()
        made.matrix =
            ColorMatrix.rgbFromXYZ(primaries) * ColorMatrix.xyzFromRGB(wall.primaries)
            * (1 / brightness)
        let pq = TransferFunction.pq
        let top = pq.signal(light: wall.peakNits / 10_000)
        let drives = (1...16).map {
            pq.light(signal: top * Double($0) / 16) * 10_000 / wall.peakNits
        }
        made.curves = try (0..<3).map { i in
            try #require(DriveCurve(drives: drives, lights: drives.map { pow($0, gamma[i]) }))
        }
        made.gains = wall.panels.map { brightness / fault.gains[$0] }
        return made
    }

    private func report(
        _ stage: Stage, _ fault: WallFault?, _ corrections: [Int: WallCorrection]
    ) throws -> TwinReport {
        try TwinFaultTests.run {
            $0.moments = 2
            $0.wallFault = fault
            $0.corrections = corrections
        }.judge()
    }

    @Test func `shows its own colors uncorrected, and the scene's corrected`() throws {
        let stage = try TwinFaultTests.stage("demo")
        let fault = Self.fault(stage)
        let before = try report(stage, fault, [:])
        #expect(before.color.meanDeltaEITP > 3, "\(before)")
        var corrections: [Int: WallCorrection] = [:]
        for (index, wall) in stage.walls.enumerated() {
            corrections[index] = try Self.correction(fault, of: wall)
        }
        let after = try report(stage, fault, corrections)
        #expect(after.color.meanDeltaEITP < 1, "\(after)")
        // Below a curve's first step, 0.06 nits, light is taken to be a line to black: the darkest
        // patches alone are off by more than is seen.
        #expect(after.color.p99DeltaEITP < 6, "\(after)")
        #expect(after.registration.p99Pixels < 0.5 && after.seam.maxPixels < 0.25)
        // Without one part of it the colors are wrong again.
        for (index, wall) in stage.walls.enumerated() {
            corrections[index] = try Self.correction(fault, of: wall)
            corrections[index]?.gains = []
        }
        let ungained = try report(stage, fault, corrections)
        #expect(ungained.color.meanDeltaEITP > after.color.meanDeltaEITP + 0.3, "\(ungained)")
    }

    @Test func `that falls off to the side is level in the camera's picture`() throws {
        let stage = try TwinFaultTests.stage("demo")
        var fault = WallFault()
        fault.angle = [
            SIMD3(0.03, 0, -0.04), SIMD3(-0.9, -0.6, -0.75), SIMD3(0.1, 0.05, 0),
            SIMD3(-0.3, -0.2, -0.25),
        ]
        var correction = WallCorrection()
        correction.viewAngle = ViewAngle(
            terms: [fault.angle[0], fault.angle[1], fault.angle[2], fault.angle[3]],
            widest: 70 * .pi / 180)
        let corrections = Dictionary(
            uniqueKeysWithValues: stage.walls.indices.map { ($0, correction) })
        let before = try report(stage, fault, [:])
        let after = try report(stage, fault, corrections)
        #expect(
            after.color.meanDeltaEITP < 0.6 * before.color.meanDeltaEITP
                && after.color.meanDeltaEITP < 1, "\(before) \(after)")
    }
}
