import FrameModel
public import Geometry
import Glibc

/// The pictures of one camera pose, each the mean of those that show the same of the dots.
public struct DotPictures: Sendable {
    /// Pixels across and down.
    public let width: Int, height: Int
    /// Mean brightness of each picture of the dots, by its number.
    public private(set) var gray: [Int: [Float]] = [:]
    private var counts: [Int: Int] = [:]
    /// Brightness the file has no codes above.
    public private(set) var clip: Float = .infinity
    /// Both ends of the strips that were seen.
    public private(set) var strips: [(upper: Vector2, lower: Vector2)] = []

    /// Of pictures of a size.
    public init(width: Int, height: Int) { (self.width, self.height) = (width, height) }

    /// Takes a picture of the dots, and where strips stand in it.
    public mutating func take(
        _ picture: GrayPicture, step: Int, clip: Float, _ sightings: [StripSighting]
    ) {
        let count = Float(counts[step, default: 0])
        if count == 0 {
            gray[step] = picture.values
        } else {
            for at in picture.values.indices {
                gray[step]![at] += (picture.values[at] - gray[step]![at]) / (count + 1)
            }
        }
        counts[step, default: 0] += 1
        self.clip = min(self.clip, clip)
        for sighting in sightings
        where !strips.contains(where: {
            hypot($0.upper.x - sighting.upper.x, $0.upper.y - sighting.upper.y) < 4
        }) {
            strips.append((sighting.upper, sighting.lower))
        }
    }
}

/// A dot as a camera saw it.
public struct DotSighting: Sendable, Equatable {
    /// Its number.
    public var dot: Int
    /// The middle of its light; pixel centres are whole numbers.
    public var pixel: Vector2
    /// Its light in red, green and blue, each the camera's mean of its channels.
    public var light: Vector3?
}

/// Finds dots in the pictures of one pose and reads their numbers.
public struct DotReader: Sendable {
    /// The dots that are sure.
    public let sightings: [DotSighting]
    /// Blobs whose number is not sure: neither lit nor dark in some picture, or of wrong parity.
    public let unsure: Int
    /// Dots that are as light as the file can tell.
    public let clipped: Int
    /// How far dots stand apart in pictures taken one after the other, pixels, in the median.
    public let drift: Double
    /// Their greatest width over their least, in the median.
    public let roundness: Double

    /// Reads the dots of a pose.
    ///
    /// - Parameters:
    ///   - pictures: those of one pose.
    ///   - count: dots on the stage.
    /// - Throws: where a picture is missing.
    public init(_ pictures: DotPictures, of count: Int) throws(CalibrationRefusal) {
        let needed = 0..<DotPicture.count(dots: count)
        let missing = needed.filter { pictures.gray[$0] == nil }
        guard missing.isEmpty else {
            throw CalibrationRefusal(
                "\(missing.count) of \(needed.count) pictures of the dots are missing, the first "
                    + "is \(missing[0])", advice: "capture that pose again")
        }
        let field = DotField(pictures)
        let blobs = field.blobs()
        var (found, doubtful, full) = ([Int: [DotSighting]](), 0, 0)
        var (drifts, shapes) = ([Double](), [Double]())
        for blob in blobs {
            guard let number = field.number(of: blob, bits: DotPicture.bitCount(dots: count)),
                number < count
            else {
                doubtful += 1
                continue
            }
            if field.isClipped(blob) { full += 1 }
            drifts.append(field.drift(of: blob))
            shapes.append(blob.roundness)
            found[number, default: []].append(
                DotSighting(dot: number, pixel: blob.middle, light: field.light(of: blob)))
        }
        // A number that is seen twice is nobody's.
        sightings = found.values.filter { $0.count == 1 }.map { $0[0] }.sorted { $0.dot < $1.dot }
        unsure = doubtful + found.values.filter { $0.count > 1 }.reduce(0) { $0 + $1.count }
        clipped = full
        drift = Self.median(drifts)
        roundness = Self.median(shapes)
    }

    private static func median(_ values: [Double]) -> Double {
        values.isEmpty ? 0 : values.sorted()[values.count / 2]
    }

    /// What is made of the pose, and what to do.
    public var verdicts: [Verdict] {
        var list: [Verdict] = []
        if sightings.count < GeometryCaptures.dotsNeeded {
            list.append(
                Verdict(
                    "dots", .fail, "\(sightings.count) dots, \(unsure) unsure",
                    advice: "have more of the wall in the picture, in focus, and capture again"))
        } else {
            list.append(Verdict("dots", .pass, "\(sightings.count), \(unsure) unsure"))
        }
        if clipped * 10 > sightings.count {
            list.append(
                Verdict(
                    "exposure", .fail, "\(clipped) dots are clipped",
                    advice: "close the iris by a stop, or lower pattern/level"))
        }
        if drift > 0.5 {
            list.append(
                Verdict(
                    "camera", .fail, "it moved by \(text(drift)) px while the dots blinked",
                    advice: "lock the head, wait until nothing swings, and capture again"))
        }
        if roundness > 2.5 {
            list.append(
                Verdict(
                    "sharpness", .warning, "dots are \(text(roundness)) times as long as wide",
                    advice: "the camera moved in the exposure, or stands very far to the side"))
        }
        return list
    }
}
