public import Color
import FrameModel
public import Geometry
import Glibc
public import StageModel

/// A wall's colour samples, read from a camera's pictures of the numbered patches.
///
/// Which patch a picture shows is told by the strips in it; in which order and how often they come
/// is free, and pictures of no patch, or of two, are left out.
public struct PatchCaptures: Sendable {
    /// What the solver takes.
    public let samples: ColorSamples
    /// What is made of the pictures themselves.
    public let verdicts: [Verdict]
    /// Pictures used, of how many.
    public let used: Int, pictures: Int

    /// Reads footage of a wall's patches.
    ///
    /// - Parameters:
    ///   - footage: the camera's pictures.
    ///   - stage: the stage whose wall it is.
    ///   - wall: index into its walls.
    ///   - cell: the strips' cells, as `pattern/cell` had them.
    ///   - plate: the camera's primaries.
    /// - Throws: where there is nothing to solve.
    public init(
        _ footage: CameraFootage, stage: Stage, wall: Int, cell: Int, plate: PlateSpace
    ) throws(CalibrationRefusal) {
        let all = try Self.pictures(of: footage, stage, cell)
        let work = try PatchWork(all, path: footage.path)
        let light = SentLight(stage, wall: wall)
        samples = try work.samples(of: stage.walls[wall], light, plate)
        verdicts = work.verdicts
        used = work.used
        pictures = all.count
    }

    /// The plates of patches whose colour was the control tree's, by their numbers.
    ///
    /// Black and peak are shown with them: by these the patch is found, and the exposure brought to
    /// that of the samples.
    /// - Parameter white: the peak's plate in the samples.
    public static func own(
        _ footage: CameraFootage, stage: Stage, cell: Int, white: ColorTriple
    ) throws(CalibrationRefusal) -> [Int: ColorTriple] {
        let work = try PatchWork(try pictures(of: footage, stage, cell), path: footage.path)
        let peak = (work.plates[PatchSet.peak] ?? white).sum()
        let scale = peak > 0 ? white.sum() / peak : 1
        return work.plates.filter { $0.key >= PatchSet.own }.mapValues { $0 * scale }
    }

    /// The plates of whatever patches a camera recorded, black and white among them, by their
    /// numbers.
    public static func plates(
        _ footage: CameraFootage, stage: Stage, cell: Int
    ) throws(CalibrationRefusal) -> [Int: ColorTriple] {
        try PatchWork(try pictures(of: footage, stage, cell), path: footage.path).plates
    }

    /// What each picture shows; refused where one cannot be read: it may have been any.
    private static func pictures(
        of footage: CameraFootage, _ stage: Stage, _ cell: Int
    ) throws(CalibrationRefusal) -> [PatchPicture] {
        let grid = FrameStripGrid(facets: stage.facets, cell: cell)
        var all: [PatchPicture] = []
        try footage.read({ PatchPicture($0, of: grid) }) { result throws(CalibrationRefusal) in
            all.append(try result.get())
        }
        return all
    }
}

/// Pictures of patches on their way to samples.
private struct PatchWork {
    /// Mean light of each patch, by its number.
    private(set) var plates: [Int: ColorTriple] = [:]
    private(set) var verdicts: [Verdict] = []
    private(set) var used = 0
    private let path: String

    /// Pictures of a patch that are enough.
    private static let enough = 3

    init(_ all: [PatchPicture], path: String) throws(CalibrationRefusal) {
        self.path = path
        let told = all.filter { $0.step != nil }
        guard let first = told.first else {
            throw CalibrationRefusal(
                "\(path): no strip can be read in any of \(all.count) pictures",
                advice: "keep the strips beside the patch in the picture, less defocus, or a "
                    + "larger pattern/cell")
        }
        guard told.allSatisfy({ $0.blocks.count == first.blocks.count }) else {
            throw CalibrationRefusal(
                "\(path): pictures of several sizes", advice: "give those of one recording")
        }
        let groups = Dictionary(grouping: told) { $0.step ?? 0 }
        guard let lit = groups[PatchSet.peak], let dark = groups[PatchSet.black] else {
            throw CalibrationRefusal(
                "\(path): there is no picture of patch \(PatchSet.black), black, or of patch "
                    + "\(PatchSet.peak), white",
                advice: "record every patch, for half a second each; \(told.count) of \(all.count) "
                    + "pictures tell their patch")
        }
        let region = PatchRegion(
            light: Self.mean(lit), dark: Self.mean(dark), columns: first.columns)
        guard region.blocks.count >= 16 else {
            throw CalibrationRefusal(
                "\(path): the patch cannot be found, or is smaller than a tenth of the picture",
                advice: "go nearer, or make pattern/size larger: it should fill two thirds of the "
                    + "picture's height")
        }
        verdicts = [clipping(groups, region), standing(told), reading(all)]
        for (step, pictures) in groups { take(step, pictures, region) }
        verdicts.append(noise)
    }

    /// Scatter of a patch from picture to picture, of its light, worst of the lighter ones.
    private var scatter: [Int: Double] = [:]

    /// Each block's light in the mean of pictures.
    private static func mean(_ pictures: [PatchPicture]) -> [SIMD3<Float>] {
        pictures[0].blocks.indices.map { at in
            pictures.reduce(SIMD3<Float>(repeating: 0)) { $0 + $1.blocks[at] }
                / Float(pictures.count)
        }
    }

    /// One patch: what each picture reads, those that are off left out, in the mean.
    private mutating func take(_ step: Int, _ pictures: [PatchPicture], _ region: PatchRegion) {
        let all = pictures.map { Self.clippedMean($0, region) }
        let readings = all.map(\.mean)
        let middle = ColorTriple(
            Self.median(readings.map(\.x)), Self.median(readings.map(\.y)),
            Self.median(readings.map(\.z)))
        let most = max(abs(middle.x), max(abs(middle.y), abs(middle.z)))
        // In the dark nothing but the noise is left, and it may not cost a patch its pictures.
        let near = all.filter { reading in
            (0..<3).allSatisfy {
                abs(reading.mean[$0] - middle[$0])
                    <= 0.02 * most + 0.05 * abs(middle[$0]) + 5 * reading.error[$0]
            }
        }.map(\.mean)
        guard !near.isEmpty else { return }
        let sum = near.reduce(ColorTriple(0, 0, 0)) { $0 + $1 }
        plates[step] = sum / Double(near.count)
        used += near.count
        let off = near.reduce(0) { $0 + (($1 - middle) * ($1 - middle)).sum() }
        scatter[step] = (off / Double(near.count)).squareRoot() / max(most, 1e-9)
    }

    /// The mean of the region's blocks, those beyond three standard deviations left out, and its
    /// standard error.
    private static func clippedMean(
        _ picture: PatchPicture, _ region: PatchRegion
    ) -> (mean: ColorTriple, error: ColorTriple) {
        var (mean, error) = (ColorTriple(0, 0, 0), ColorTriple(0, 0, 0))
        for channel in 0..<3 {
            var values = region.blocks.map { Double(picture.blocks[$0][channel]) }
            for _ in 0..<2 {
                let middle = values.reduce(0, +) / Double(values.count)
                let squares = values.reduce(0) { $0 + ($1 - middle) * ($1 - middle) }
                let reach = 3 * (squares / Double(values.count)).squareRoot()
                values = values.filter { abs($0 - middle) <= reach + 1e-12 }
            }
            let middle = values.reduce(0, +) / Double(values.count)
            let squares = values.reduce(0) { $0 + ($1 - middle) * ($1 - middle) }
            mean[channel] = middle
            error[channel] = squares.squareRoot() / Double(values.count)
        }
        return (mean, error)
    }

    private static func median(_ values: [Double]) -> Double {
        let sorted = values.sorted()
        return 0.5 * (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2])
    }

    /// The camera's file is full somewhere in the patch.
    private func clipping(_ groups: [Int: [PatchPicture]], _ region: PatchRegion) -> Verdict {
        let full = groups.filter { step, pictures in
            step != PatchSet.beyond
                && pictures.contains { picture in
                    region.blocks.filter { picture.clipped[$0] }.count * 50 > region.blocks.count
                }
        }.keys.sorted()
        guard let first = full.first else {
            return Verdict("exposure", .pass, "no patch is clipped")
        }
        return Verdict(
            "exposure", .fail,
            "the camera is clipped in \(full.count) patches, the first is patch \(first)",
            advice: "close the iris by a stop and record all patches again")
    }

    /// The strips stay where they are.
    private func standing(_ pictures: [PatchPicture]) -> Verdict {
        let worst = PatchCaptures.movement(of: pictures.map(\.marks))
        guard worst > 0.01 else {
            return Verdict("camera", .pass, "it stood still to \(percent(worst)) of the picture")
        }
        return Verdict(
            "camera", .fail, "it moved by \(percent(worst)) of the picture between patches",
            advice: "put it on a tripod and record all patches again")
    }

    /// Strips could be read, and each picture shows one patch.
    private func reading(_ all: [PatchPicture]) -> Verdict {
        let mixed = all.filter(\.isMixed).count
        let untold = all.filter { $0.step == nil && !$0.isMixed }.count
        let found = "\(all.count) pictures, \(mixed) of two patches, \(untold) of none"
        guard untold * 2 > all.count else { return Verdict("pictures", .pass, found) }
        return Verdict(
            "pictures", .warning, found,
            advice: "less defocus, the strips beside the patch in the picture, or a larger "
                + "pattern/cell")
    }

    /// What one picture differs from the next.
    private var noise: Verdict {
        let lit = scatter.filter { $0.key != PatchSet.black && $0.key < PatchSet.ramps }
        let worst = lit.map(\.value).max() ?? 0
        guard worst > 0.02 else {
            return Verdict("noise", .pass, "pictures of a patch differ by \(percent(worst))")
        }
        return Verdict(
            "noise", .warning, "pictures of a patch differ by \(percent(worst))",
            advice:
                "the wall flickers in this shutter: set its angle or the wall's refresh rate so "
                + "that no bars are seen")
    }

    /// The solver's input, levels as the processor really was asked for them.
    func samples(
        of wall: Wall, _ light: SentLight, _ plate: PlateSpace
    ) throws(CalibrationRefusal) -> ColorSamples {
        let needed = [PatchSet.black, PatchSet.peak] + Array(PatchSet.ramps..<PatchSet.checks)
        let missing = needed.filter { plates[$0] == nil }
        guard missing.isEmpty else {
            throw CalibrationRefusal(
                "\(path): no picture of patch "
                    + missing.prefix(8).map { "\($0)" }.joined(separator: ", ")
                    + (missing.count > 8 ? " and \(missing.count - 8) more" : ""),
                advice: "record those again")
        }
        func asked(_ step: Int) -> ColorTriple {
            let drive = PatchSet.drive(step, peakNits: wall.peakNits) ?? .zero
            return ColorTriple(light.share(drive.x), light.share(drive.y), light.share(drive.z))
        }
        func ramp(_ channel: Int) -> [ColorTriple] {
            (0..<PatchSet.rampSteps).compactMap {
                plates[PatchSet.ramps + channel * PatchSet.rampSteps + $0]
            }
        }
        return ColorSamples(
            wall: wall.name, peakNits: light.peakNits, plate: plate, target: wall.primaries,
            native: wall.primaries, black: plates[PatchSet.black] ?? .zero,
            levels: (0..<PatchSet.rampSteps).map { asked(PatchSet.ramps + $0).x },
            red: ramp(0), green: ramp(1), blue: ramp(2), white: plates[PatchSet.peak] ?? .zero,
            brightestWhite: plates[PatchSet.beyond], grey: plates[PatchSet.gray],
            checks: (PatchSet.checks..<PatchSet.own).compactMap { step in
                plates[step].map { ColorSamples.Check(content: asked(step), plate: $0) }
            })
    }
}

extension PatchCaptures {
    /// How far a camera moved between pictures, in parts of a picture's width, by where strips are.
    ///
    /// A picture is off by what half of its strips are off from where they usually are: a strip
    /// that was taken for another one is no move, nor are two such pictures of a hundred.
    public static func movement(of marks: [[Int: Vector2]]) -> Double {
        var seen: [Int: [Vector2]] = [:]
        for picture in marks {
            for (strip, place) in picture { seen[strip, default: []].append(place) }
        }
        // The lower median: of two readings a measured one, never their mean, at which nothing was.
        func middle(_ values: [Double]) -> Double { values.sorted()[(values.count - 1) / 2] }
        let usual = seen.mapValues { Vector2(middle($0.map(\.x)), middle($0.map(\.y))) }
        let moves = marks.compactMap { picture -> Double? in
            let off = picture.compactMap { strip, place in
                usual[strip].map { hypot(place.x - $0.x, place.y - $0.y) }
            }
            return off.isEmpty ? nil : middle(off)
        }.sorted()
        return moves.dropLast(moves.count / 50).last ?? 0
    }
}
