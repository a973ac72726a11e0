import Glibc
import Media

/// A depth map's numbers as shares: 1 = near, whatever the file has.
struct DepthShares {
    /// Linear in 1 / distance, but for `linear` kinds: linear in the distance.
    private(set) var shares: Plane
    /// What the file's numbers were taken for.
    let kind: ImportOptions.DepthKind
    /// Of meters: the distances of share 1 and of the farthest; of the others nil.
    let measured: (near: Double, far: Double)?
    /// Of meters: 1 / distance of share 1.
    let scale: Float
    /// What was guessed, a line each.
    let guesses: [String]

    init(_ map: NumberPlane, _ options: ImportOptions) {
        let sorted = DepthShares.sample(map.values)
        let (low, high) = (
            sorted[sorted.count / 500], sorted[sorted.count - 1 - sorted.count / 500]
        )
        var notes: [String] = []
        kind = DepthShares.kind(map, options, high: high, &notes)
        guesses = notes
        if kind == .meters {
            let most = max(0.2, min(10_000, Float(options.far ?? 10_000)))
            let least = min(most / 2, max(0.1, Float(options.near ?? 0.1)))
            let values = map.values.map { 1 / ($0 > 0 ? max(least, min(most, $0)) : most) }
            scale = values.max() ?? 1
            let top = scale
            shares = Plane(width: map.width, height: map.height, values: values.map { $0 / top })
            measured = (Double(1 / top), Double(1 / (values.min() ?? top)))
            return
        }
        (measured, scale) = (nil, 1)
        let span = max(high - low, 1e-9)
        let isBright = kind != .linear
        shares = Plane(
            width: map.width, height: map.height,
            values: map.values.map { value -> Float in
                let t = max(0, min(1, (value - low) / span))
                return isBright ? t : 1 - t
            })
        if map.isInteger { DepthSmoothing.dequantize(&shares) }
    }

    /// Where the floor of the map becomes infinitely far, 0 … 1 of the height: the horizon.
    ///
    /// Nil where there is no floor, or no sky to say what infinity is.
    func horizon(_ lens: PictureLens) -> Double? {
        let sky = shares.values.reduce(0) { $0 + ($1 < 0.02 ? 1 : 0) }
        let knowsInfinity = kind == .meters || kind == .inverse && sky * 20 > shares.values.count
        return knowsInfinity ? FloorFit(shares, lens)?.horizon : nil
    }

    /// Every so many-th number, sorted: for shares of a map.
    private static func sample(_ values: [Float]) -> [Float] {
        let every = max(1, values.count / 100_000)
        return stride(from: 0, to: values.count, by: every).map { values[$0] }.sorted()
    }

    /// Depth models give near as bright; renderers give meters, or dark as near.
    private static func kind(
        _ map: NumberPlane, _ options: ImportOptions, high: Float, _ notes: inout [String]
    ) -> ImportOptions.DepthKind {
        guard options.depthKind == .auto else { return options.depthKind }
        let band = max(1, map.height / 6) * map.width
        let head = map.values[..<band].reduce(0, +) / Float(band)
        let foot = map.values[(map.values.count - band)...].reduce(0, +) / Float(band)
        let isBrightNear = foot >= head
        let kind: ImportOptions.DepthKind =
            isBrightNear ? .inverse : map.isInteger || high <= 1.001 ? .linear : .meters
        let why = isBrightNear ? "its foot is brighter than its head" : "its foot is darker"
        notes.append("depth kind: \(kind.rawValue), for \(why) (--depth-kind)")
        return kind
    }
}

/// What a depth map was taken to mean: 1 / distance of each pixel.
struct DepthScale {
    /// 1 / meters at the map's own size.
    let disparity: Plane
    /// Distance of the nearest thing, meters.
    let near: Double
    /// What was guessed, a line each.
    let guesses: [String]

    /// - Parameters:
    ///   - lens: of the picture, at the depth map's size.
    init(_ map: DepthShares, _ options: ImportOptions, lens: PictureLens) {
        var notes: [String] = []
        var plane = map.shares
        if let measured = map.measured {
            for index in plane.values.indices { plane.values[index] *= map.scale }
            near = measured.near
        } else {
            let isInverse = map.kind == .inverse
            let range = DepthScale.range(
                plane, options, isInverse: isInverse, lens: lens, &notes)
            let (closest, farthest) = (Float(range.near), Float(range.far))
            for index in plane.values.indices {
                let t = plane.values[index]
                plane.values[index] =
                    isInverse
                    ? 1 / farthest + t * (1 / closest - 1 / farthest)
                    : 1 / (farthest + t * (closest - farthest))
            }
            near = range.near
        }
        (disparity, guesses) = (plane, notes)
    }

    /// The distances of the brightest and the darkest number.
    private static func range(
        _ shares: Plane, _ options: ImportOptions, isInverse: Bool, lens: PictureLens,
        _ notes: inout [String]
    ) -> (near: Double, far: Double) {
        if let near = options.near, let far = options.far { return (near, far) }
        var (near, far, why) = (2.5, 50.0, "nothing in the map says more")
        if isInverse, let floor = FloorFit(shares, lens) {
            near = 1 / Double(floor.disparity(1))
            far = 1 / Double(max(1 / 1000, floor.disparity(0)))
            why = "the map's foot rises as a floor does for an eye at \(options.eyeHeight) m"
        } else if let foot = lens.floorDisparity(row: Float(lens.height)) {
            near = 1 / Double(foot)
            far = near * 20
            why = "the floor at the picture's foot for an eye at \(options.eyeHeight) m"
        }
        near = max(0.3, min(1000, near))
        far = max(near * 1.5, min(1000, far))
        if let given = options.near { (near, far) = (given, max(far, given * 1.5)) }
        if let given = options.far { (near, far) = (min(near, given / 1.5), given) }
        notes.append(
            "near \(rounded(near)) m, far \(rounded(far)) m: \(why) (--near, --far)")
        return (near, far)
    }

    private static func rounded(_ meters: Double) -> Double { (meters * 100).rounded() / 100 }
}

/// A floor in a map of shares (1 = near) that are linear in 1 / distance: the rows at its foot rise
/// in a straight line, and how steeply says what a share is worth.
struct FloorFit {
    private var atFoot: Float
    private var shareAtFoot: Float
    private var perShare: Float
    private var slope: Float
    private var rows: Int

    /// Nil when the foot of the map is not straight.
    init?(_ shares: Plane, _ lens: PictureLens) {
        let first = shares.height - max(8, shares.height / 4)
        guard !lens.isPanorama, first > 0, shares.width >= 8,
            let disparity = lens.floorDisparity(row: Float(shares.height))
        else { return nil }
        // Things stand on the floor: the farther third of a row is floor.
        let lines = (first..<shares.height).map { row -> Float in
            let line = shares.values[row * shares.width..<(row + 1) * shares.width].sorted()
            return line[line.count / 3]
        }
        let count = Float(lines.count)
        let meanX = (count - 1) / 2
        let meanY = lines.reduce(0, +) / count
        var (xx, xy, yy): (Float, Float, Float) = (0, 0, 0)
        for (index, value) in lines.enumerated() {
            let (dx, dy) = (Float(index) - meanX, value - meanY)
            (xx, xy, yy) = (xx + dx * dx, xy + dx * dy, yy + dy * dy)
        }
        slope = xy / xx
        self.rows = shares.height
        guard slope > 0, yy > 0, xy * xy > 0.97 * xx * yy else { return nil }
        atFoot = disparity
        shareAtFoot = meanY + slope * (count - meanX)
        // A row further down is 1 / (focal · eye height) more.
        perShare = 1 / (lens.focal * lens.eyeHeight) / slope
    }

    /// Where share 0 would lie, of the map's height; nil when that is no horizon.
    var horizon: Double? {
        let row = 1 - Double(shareAtFoot / slope / Float(rows))
        return (0.2...0.8).contains(row) ? (row * 100).rounded() / 100 : nil
    }

    /// 1 / distance of a share.
    func disparity(_ share: Float) -> Float {
        max(1e-4, atFoot + (share - shareAtFoot) * perShare)
    }
}
