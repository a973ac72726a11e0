import FrameModel
import Media

/// From a scene file to a description, collecting every complaint.
struct SceneReader {
    private let file: String
    private var complaints: [(line: Int, text: String)] = []

    /// Meters a scene may reach: beyond, use a dome at infinity.
    private static let reach = -100_000.0...100_000.0
    /// Stops a picture may be raised or lowered.
    private static let stops = -20.0...20.0
    private static let degrees = -360.0...360.0
    /// Wall pixels a layer may be blurred: 64 of a 2.5 mm pitch are 16 cm.
    private static let pixels = 0.0...64.0

    init(file: String) { self.file = file }

    /// What is wrong, in the order of the file.
    var lines: [String] {
        complaints.enumerated().sorted {
            ($0.element.line, $0.offset) < ($1.element.line, $1.offset)
        }.map { "\(file):\($0.element.line): \($0.element.text)" }
    }

    mutating func read(_ node: SceneNode) -> SceneDescription? {
        var keys = KeyReader(
            node, place: "",
            keys: [
                "name", "origin", "scale", "horizonDegrees", "dome", "cards", "meshes",
                "viewpoints",
            ])
        let name = keys.required("name", keys.text("name"), "the scene's name")
        let dome = keys.node("dome").flatMap { readDome($0) }
        let cards = keys.items("cards", most: SceneLimits.cards, "cards").enumerated().compactMap {
            readCard($0.element, place: "cards[\($0.offset)]")
        }
        let meshes = keys.items("meshes", most: SceneLimits.meshes, "meshes").enumerated()
            .compactMap { readMesh($0.element, place: "meshes[\($0.offset)]") }
        let viewpoints = keys.items("viewpoints", most: SceneLimits.viewpoints, "viewpoints")
            .enumerated().compactMap {
                readViewpoint($0.element, place: "viewpoints[\($0.offset)]")
            }
        if keys.node("dome") == nil, keys.node("cards") == nil, keys.node("meshes") == nil {
            keys.complain("dome", "is missing", "a scene has a dome, cards or meshes")
        }
        let sources = [dome?.source].compactMap(\.self) + cards.map(\.source)
        let movies = sources.compactMap(\.movie)
        if movies.count > SceneLimits.movies {
            keys.complain(
                "cards", "\(movies.count) movies", "at most \(SceneLimits.movies) of a scene")
        }
        lookForDoubles("cards", "cue", movies.flatMap(\.cues).map(\.name), &keys)
        lookForDoubles("cards", "card", cards.map(\.name), &keys)
        lookForDoubles("meshes", "mesh", meshes.map(\.name), &keys)
        lookForDoubles("viewpoints", "viewpoint", viewpoints.map(\.name), &keys)
        let origin = keys.point("origin", in: SceneReader.reach) ?? .zero
        let scale = keys.number("scale", in: 0.0001...10_000) ?? 1
        let horizon = keys.number("horizonDegrees", in: -90...90) ?? 0
        note(keys)
        guard complaints.isEmpty, let name else { return nil }
        return SceneDescription(
            name: name, origin: origin, scale: scale, horizonDegrees: horizon,
            viewpoints: viewpoints, dome: dome, cards: cards, meshes: meshes)
    }

    private func lookForDoubles(
        _ key: String, _ what: String, _ names: [String], _ keys: inout KeyReader
    ) {
        for (index, name) in names.enumerated() where names[..<index].contains(name) {
            keys.complain(key, "\"\(name)\" is there twice", "another name for this \(what)")
        }
    }

    private mutating func readViewpoint(_ node: SceneNode, place: String) -> Viewpoint? {
        var keys = KeyReader(node, place: place, keys: ["name", "position", "pan"])
        let name = keys.required("name", keys.text("name", limit: 60), "the viewpoint's name")
        let position = keys.required(
            "position", keys.point("position", in: SceneReader.reach), "[x, y, z] in meters")
        let pan = keys.number("pan", in: SceneReader.degrees) ?? 0
        note(keys)
        guard let name, let position else { return nil }
        return Viewpoint(name: name, position: position, pan: pan)
    }

    private mutating func readMesh(
        _ node: SceneNode, place: String
    ) -> SceneDescription.MeshEntry? {
        var keys = KeyReader(
            node, place: place,
            keys: [
                "name", "file", "position", "pan", "tilt", "roll", "scale", "exposure", "expand",
            ])
        let name = keys.required("name", keys.text("name"), "the mesh's name")
        let file = readFile("file", "a .glb or .gltf file", &keys)
        let angles = ["pan", "tilt", "roll"].map { keys.number($0, in: SceneReader.degrees) ?? 0 }
        let entry = SceneDescription.MeshEntry(
            name: name ?? "", file: file ?? "",
            position: keys.point("position", in: SceneReader.reach) ?? .zero,
            panTiltRollDegrees: SIMD3(angles[0], angles[1], angles[2]),
            scale: keys.number("scale", in: 0.0001...10_000) ?? 1,
            exposure: keys.number("exposure", in: SceneReader.stops) ?? 0,
            expand: keys.number("expand", in: LightExpansion.stops) ?? 0)
        note(keys)
        guard name != nil, file != nil else { return nil }
        return entry
    }

    /// The keys by which a card moves.
    private static let movements = [
        "spin", "scroll", "scrollRepeatMeters", "sway", "drift", "periodSeconds", "phase", "pivot",
    ]
    /// Degrees a second: ten turns.
    private static let turning = -3600.0...3600.0
    /// Meters a second: a plane's.
    private static let speed = -300.0...300.0

    private func readMotion(_ keys: inout KeyReader) -> LayerMotion {
        var motion = LayerMotion()
        let angles = "[pan, tilt, roll] in degrees"
        func triple(_ numbers: [Double]?) -> SIMD3<Double> {
            numbers.map { SIMD3($0[0], $0[1], $0[2]) } ?? .zero
        }
        motion.spin = triple(
            keys.numbers("spin", 3, in: SceneReader.turning, "\(angles) a second"))
        motion.scroll = triple(
            keys.numbers("scroll", 3, in: SceneReader.speed, "[x, y, z] in meters a second"))
        motion.scrollRepeat = keys.number("scrollRepeatMeters", in: 0.1...100_000) ?? 0
        motion.sway = triple(keys.numbers("sway", 3, in: SceneReader.degrees, angles))
        motion.drift = keys.point("drift", in: -1000...1000) ?? .zero
        motion.period = keys.number("periodSeconds", in: 0.1...3600) ?? motion.period
        motion.phase = keys.number("phase", in: 0...1) ?? 0
        if let pivot = keys.numbers("pivot", 2, in: -1000...1000, "[right, up] in meters") {
            motion.pivot = SIMD2(pivot[0], pivot[1])
        }
        return motion
    }

    private mutating func note(_ keys: KeyReader) {
        complaints += keys.complaints
    }

    private mutating func readDome(_ node: SceneNode) -> SceneDescription.DomeEntry? {
        var keys = KeyReader(
            node, place: "dome",
            keys: [
                "picture", "colorSpace", "radiusMeters", "center", "exposure", "expand",
                "rotationDegrees", "defocus", "spin",
            ] + SceneReader.movieKeys)
        var motion = LayerMotion()
        motion.spin.x = keys.number("spin", in: SceneReader.turning) ?? 0
        let (picture, movie) = readPicture(&keys)
        let entry = SceneDescription.DomeEntry(
            picture: picture ?? "", movie: movie,
            colorSpace: readColorSpace(&keys),
            radius: keys.number("radiusMeters", in: 0.5...100_000),
            center: keys.point("center", in: SceneReader.reach) ?? .zero,
            exposure: keys.number("exposure", in: SceneReader.stops) ?? 0,
            expand: keys.number("expand", in: LightExpansion.stops) ?? 0,
            rotationDegrees: keys.number("rotationDegrees", in: SceneReader.degrees) ?? 0,
            defocus: keys.number("defocus", in: SceneReader.pixels) ?? 0, motion: motion)
        note(keys)
        return picture == nil ? nil : entry
    }

    private mutating func readCard(
        _ node: SceneNode, place: String
    ) -> SceneDescription.CardEntry? {
        var keys = KeyReader(
            node, place: place,
            keys: [
                "name", "picture", "colorSpace", "center", "pan", "tilt", "roll", "widthMeters",
                "heightMeters", "exposure", "expand", "defocus", "opacity",
            ] + SceneReader.movements + SceneReader.movieKeys)
        let name = keys.required("name", keys.text("name"), "the card's name")
        let (picture, movie) = readPicture(&keys)
        let center = keys.required(
            "center", keys.point("center", in: SceneReader.reach), "[x, y, z] in meters")
        let width = keys.required(
            "widthMeters", keys.number("widthMeters", in: 0.01...10_000), "the card's width")
        let angles = ["pan", "tilt", "roll"].map { keys.number($0, in: SceneReader.degrees) ?? 0 }
        let entry = SceneDescription.CardEntry(
            name: name ?? "", picture: picture ?? "", movie: movie,
            colorSpace: readColorSpace(&keys),
            center: center ?? .zero,
            panTiltRollDegrees: SIMD3(angles[0], angles[1], angles[2]), width: width ?? 1,
            height: keys.number("heightMeters", in: 0.01...10_000),
            exposure: keys.number("exposure", in: SceneReader.stops) ?? 0,
            expand: keys.number("expand", in: LightExpansion.stops) ?? 0,
            defocus: keys.number("defocus", in: SceneReader.pixels) ?? 0,
            opacity: keys.number("opacity", in: 0...1) ?? 1, motion: readMotion(&keys))
        note(keys)
        guard name != nil, picture != nil, center != nil, width != nil else { return nil }
        return entry
    }

    /// The keys of a layer that is a movie.
    private static let movieKeys = ["movie", "speed", "loop", "rate", "cues"]

    /// A layer's picture or movie.
    private mutating func readPicture(
        _ keys: inout KeyReader
    ) -> (file: String?, movie: SceneDescription.MovieEntry?) {
        guard keys.node("movie") != nil else {
            for key in SceneReader.movieKeys where keys.node(key) != nil {
                keys.complain(key, "is there", "only a layer with `movie:` has it")
            }
            return (readFile("picture", "a picture file, or `movie:`,", &keys), nil)
        }
        if keys.node("picture") != nil {
            keys.complain("picture", "is there beside movie", "a layer has one of them")
        }
        let cues = keys.items("cues", most: SceneLimits.cues, "cues").enumerated().compactMap {
            readCue($0.element, place: keys.at("cues[\($0.offset)]"))
        }
        let movie = SceneDescription.MovieEntry(
            speed: keys.number("speed", in: -8...8) ?? 1, isLooping: keys.truth("loop") ?? true,
            rate: keys.number("rate", in: MovieLimits.rates), cues: cues)
        return (readFile("movie", "a movie file", &keys), movie)
    }

    private mutating func readCue(_ node: SceneNode, place: String) -> MovieCue? {
        var keys = KeyReader(node, place: place, keys: ["name", "seconds"])
        let name = keys.required("name", keys.text("name", limit: 60), "the cue's name")
        let seconds = keys.required(
            "seconds", keys.number("seconds", in: 0...36_000), "seconds from the movie's start")
        note(keys)
        guard let name, let seconds else { return nil }
        return MovieCue(movie: 0, name: name, seconds: seconds)
    }

    private func readFile(_ key: String, _ what: String, _ keys: inout KeyReader) -> String? {
        guard let name = keys.required(key, keys.text(key), what) else { return nil }
        guard SceneFolder.stays(name) else {
            keys.complain(
                key, "\"\(name.prefix(60))\"", "a file inside the scene's folder is expected")
            return nil
        }
        return name
    }

    private func readColorSpace(_ keys: inout KeyReader) -> String {
        guard let name = keys.text("colorSpace") else { return PictureColorSpace.auto.rawValue }
        guard PictureColorSpace(rawValue: name) != nil else {
            let known = PictureColorSpace.allCases.map(\.rawValue).joined(separator: ", ")
            keys.complain("colorSpace", "\"\(name.prefix(40))\"", "known are \(known)")
            return PictureColorSpace.auto.rawValue
        }
        return name
    }
}
