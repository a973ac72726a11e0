import Media

/// What a person says of a picture that becomes a set; what is nil is guessed, and the guess told.
public struct ImportOptions: Sendable, Equatable {
    /// What is made of the picture.
    public enum Form: String, CaseIterable, Sendable {
        /// By what there is: `card` without depth, `mesh` with it, `panorama` when it is 2:1.
        case auto
        /// One large card: a backdrop.
        case card
        /// Flat cards at several distances, soft at their edges.
        case plates
        /// The depth itself as triangles, cut at its jumps, with what stands behind filled in.
        case mesh
        /// A panorama: a dome, or with depth a mesh all round.
        case panorama
    }

    /// What a depth map's numbers mean.
    public enum DepthKind: String, CaseIterable, Sendable {
        /// By the file's kind and by whether its foot or its head is brighter.
        case auto
        /// Bright is near; the number is linear in 1 / distance, as most depth models give it.
        case inverse
        /// Dark is near; the number is linear in the distance.
        case linear
        /// Bright is near; the number is linear in the distance.
        case linearBrightNear = "linear-bright-near"
        /// The distance itself, meters.
        case meters
    }

    /// What is made of the picture.
    public var form = Form.auto
    /// What the depth map's numbers mean.
    public var depthKind = DepthKind.auto
    /// Distance of the nearest thing, meters.
    public var near: Double?
    /// Distance of the farthest thing, meters.
    public var far: Double?
    /// Angle the picture's longer side is seen at, degrees.
    public var fieldOfView: Double?
    /// Height of the eye over the floor, meters.
    public var eyeHeight = 1.6
    /// Where the horizon lies: 0 = the picture's upper edge, 1 = its lower.
    public var horizon: Double?
    /// Distance of a picture without depth, meters.
    public var distance = 12.0
    /// Cards of `plates`.
    public var layers = 6
    /// Triangles of `mesh`, at most.
    public var triangles = 200_000
    /// How far the camera goes from the viewpoint, meters: what lies behind is filled in for that,
    /// and what moves by less than a quarter of a pixel on the way is made flat.
    public var reach = 0.5
    /// Stops a display's white is raised by; of no effect on EXR and HDR pictures.
    public var expand: Double?
    /// Pictures a second of numbered pictures that become a movie; nil = 24.
    public var rate: Double?
    /// The scene's name; nil = the picture's.
    public var name: String?

    /// Everything guessed.
    public init() {}

    /// Names an option that is outside its range, or nil.
    public var complaint: String? {
        func outside(_ name: String, _ value: Double?, _ range: ClosedRange<Double>) -> String? {
            guard let value, !(range.contains(value)) else { return nil }
            return "--\(name) \(value): \(range.lowerBound) … \(range.upperBound) is expected"
        }
        if let near, let far, near >= far {
            return "--near \(near), --far \(far): the near distance is the smaller one"
        }
        let all = [
            outside("near", near, 0.1...10_000), outside("far", far, 0.2...100_000),
            outside("fov", fieldOfView, 10...150), outside("eye-height", eyeHeight, 0.1...100),
            outside("horizon", horizon, -1...2), outside("distance", distance, 0.5...10_000),
            outside("layers", Double(layers), 2...Double(ImportLimits.layers)),
            outside("triangles", Double(triangles), 2_000...Double(ImportLimits.triangles)),
            outside("rate", rate, MovieLimits.rates), outside("reach", reach, 0.05...5),
            outside("expand", expand, LightExpansion.stops),
        ]
        return all.compactMap(\.self).first
    }
}

/// The most an import makes, and why.
enum ImportLimits {
    /// Plates of a picture: the scene's cards.
    static let layers = 16
    /// Triangles of one import: half of what a scene may have.
    static let triangles = 1 << 19
    /// Pixels across of the grid depth is cut on; finer ones make more triangles than they show.
    static let gridSide = 1920
    /// Pixels of a picture: a dozen floats a pixel are held while plates are filled.
    static let pixels = 1 << 25
}
