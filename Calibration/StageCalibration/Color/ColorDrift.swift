public import Color
import FrameModel
import Glibc

/// How far a wall's light has moved since it was calibrated, by a few of the same patches seen by
/// the same camera (§6: a re-check before a day's work).
public struct ColorDrift: Sendable, Equatable {
    /// The patches that are looked at: gray, black, white, every fourth step of each ramp, the
    /// twelve colors.
    public static let patches: [Int] =
        [PatchSet.gray, PatchSet.black, PatchSet.peak]
        + (0..<3).flatMap { channel in
            stride(from: 3, to: PatchSet.rampSteps, by: 4).map {
                PatchSet.ramps + channel * PatchSet.rampSteps + $0
            }
        } + Array(PatchSet.checks..<PatchSet.own)

    /// ΔE_ITP of gray and white, whichever is more, the exposure being made equal.
    public let white: Double
    /// Mean ΔE_ITP of all patches.
    public let mean: Double
    /// The light of all patches against that of the record: exposure, iris and aging together.
    public let level: Double
    /// Patches that are in both.
    public let count: Int

    /// Compares what a camera reads now with the samples a wall was solved from.
    ///
    /// - Parameters:
    ///   - record: the samples.
    ///   - plates: what it reads now, by patch.
    public init(
        _ record: ColorSamples, now plates: [Int: ColorTriple]
    ) throws(CalibrationRefusal) {
        let before = Self.plates(of: record)
        let both = Self.patches.filter { before[$0] != nil && plates[$0] != nil }
        guard both.count >= 8, let white = before[PatchSet.peak], let seen = plates[PatchSet.peak],
            white.y > 0, seen.y > 0
        else {
            throw CalibrationRefusal(
                "\(both.count) of \(Self.patches.count) patches can be compared, white must be one",
                advice: "record them again, strips beside the patch in the picture")
        }
        let judge = ColorJudge(try ColorSolution(record))
        level = seen.y / white.y
        let gain = 1 / level
        let errors = both.map {
            judge.difference(before[$0] ?? .zero, (plates[$0] ?? .zero) * gain)
        }
        count = both.count
        mean = errors.reduce(0, +) / Double(errors.count)
        self.white =
            zip(both, errors).filter { [PatchSet.gray, PatchSet.peak].contains($0.0) }
            .map(\.1).max() ?? 0
    }

    /// The record's plates by their patches.
    private static func plates(of record: ColorSamples) -> [Int: ColorTriple] {
        var plates = [PatchSet.black: record.black, PatchSet.peak: record.white]
        plates[PatchSet.gray] = record.grey
        for (channel, ramp) in record.ramps.enumerated() where ramp.count == PatchSet.rampSteps {
            for (step, plate) in ramp.enumerated() {
                plates[PatchSet.ramps + channel * PatchSet.rampSteps + step] = plate
            }
        }
        if record.checks.count == PatchSet.checkCount {
            for (index, check) in record.checks.enumerated() {
                plates[PatchSet.checks + index] = check.plate
            }
        }
        return plates
    }

    /// What is made of it: white by two, or all by three, is seen.
    public var verdict: Verdict {
        let found =
            "white moved by ΔE_ITP \(text(white)), \(count) patches by \(text(mean)) on average; "
            + "light \(percent(level - 1))"
        if white <= 2, mean <= 2 { return Verdict("color", .pass, found) }
        return Verdict(
            "color", white <= 4 && mean <= 4 ? .warning : .fail, found,
            advice: "is the wall warm, other light off, the camera's white balance as it was? Then "
                + "calibrate the color again: `cyclorama calibrate STAGE --step color`")
    }
}
