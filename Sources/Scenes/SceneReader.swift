import FrameModel
import Media

/// From a scene file's JSON to a description, collecting every complaint.
struct SceneReader {
    private let file: String
    private(set) var complaints: [String] = []

    /// Meters a scene may reach: beyond, use a dome at infinity.
    private static let reach = -100_000.0...100_000.0
    /// Stops a picture may be raised or lowered.
    private static let stops = -20.0...20.0
    private static let degrees = -360.0...360.0
    /// Wall pixels a layer may be blurred: 64 of a 2.5 mm pitch are 16 cm.
    private static let pixels = 0.0...64.0

    init(file: String) { self.file = file }

    mutating func read(_ tree: JSONTree) -> SceneDescription? {
        var keys = KeyReader(tree, place: "", keys: ["name", "dome", "cards", "meshes"])
        let name = keys.required("name", keys.text("name"), "the scene's name")
        let dome = keys.tree("dome").flatMap { readDome($0) }
        var cards: [SceneDescription.CardEntry] = []
        if let tree = keys.tree("cards") {
            if case .list(let items) = tree, items.count <= SceneLimits.cards {
                for (index, item) in items.enumerated() {
                    if let card = readCard(item, place: "cards[\(index)]") { cards.append(card) }
                }
            } else {
                let expected = "a list of at most \(SceneLimits.cards) cards is expected"
                keys.complain("cards", tree.found, expected)
            }
        }
        let meshes = readMeshes(&keys)
        if keys.tree("dome") == nil, keys.tree("cards") == nil, keys.tree("meshes") == nil {
            keys.complain("dome", "is missing", "a scene has a dome, cards or meshes")
        }
        for (index, card) in cards.enumerated()
        where cards[..<index].contains(where: { $0.name == card.name }) {
            keys.complain("cards[\(index)].name", "\"\(card.name)\"", "another card has this name")
        }
        note(keys)
        guard complaints.isEmpty, let name else { return nil }
        return SceneDescription(name: name, dome: dome, cards: cards, meshes: meshes)
    }

    private mutating func readMeshes(_ keys: inout KeyReader) -> [SceneDescription.MeshEntry] {
        guard let tree = keys.tree("meshes") else { return [] }
        guard case .list(let items) = tree, items.count <= SceneLimits.meshes else {
            let expected = "a list of at most \(SceneLimits.meshes) meshes is expected"
            keys.complain("meshes", tree.found, expected)
            return []
        }
        let meshes = items.enumerated().compactMap {
            readMesh($0.element, place: "meshes[\($0.offset)]")
        }
        for (index, mesh) in meshes.enumerated()
        where meshes[..<index].contains(where: { $0.name == mesh.name }) {
            keys.complain(
                "meshes[\(index)].name", "\"\(mesh.name)\"", "another mesh has this name")
        }
        return meshes
    }

    private mutating func readMesh(
        _ tree: JSONTree, place: String
    ) -> SceneDescription.MeshEntry? {
        var keys = KeyReader(
            tree, place: place,
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

    private mutating func note(_ keys: KeyReader) {
        complaints += keys.complaints.map { "\(file): \($0)" }
    }

    private mutating func readDome(_ tree: JSONTree) -> SceneDescription.DomeEntry? {
        var keys = KeyReader(
            tree, place: "dome",
            keys: [
                "picture", "colorSpace", "radiusMeters", "center", "exposure", "expand",
                "rotationDegrees", "defocus",
            ])
        let picture = readPicture(&keys)
        let entry = SceneDescription.DomeEntry(
            picture: picture ?? "",
            colorSpace: readColorSpace(&keys),
            radius: keys.number("radiusMeters", in: 0.5...100_000),
            center: keys.point("center", in: SceneReader.reach) ?? .zero,
            exposure: keys.number("exposure", in: SceneReader.stops) ?? 0,
            expand: keys.number("expand", in: LightExpansion.stops) ?? 0,
            rotationDegrees: keys.number("rotationDegrees", in: SceneReader.degrees) ?? 0,
            defocus: keys.number("defocus", in: SceneReader.pixels) ?? 0)
        note(keys)
        return picture == nil ? nil : entry
    }

    private mutating func readCard(
        _ tree: JSONTree, place: String
    ) -> SceneDescription.CardEntry? {
        var keys = KeyReader(
            tree, place: place,
            keys: [
                "name", "picture", "colorSpace", "center", "pan", "tilt", "roll", "widthMeters",
                "heightMeters", "exposure", "expand", "defocus",
            ])
        let name = keys.required("name", keys.text("name"), "the card's name")
        let picture = readPicture(&keys)
        let center = keys.required(
            "center", keys.point("center", in: SceneReader.reach), "[x, y, z] in meters")
        let width = keys.required(
            "widthMeters", keys.number("widthMeters", in: 0.01...10_000), "the card's width")
        let angles = ["pan", "tilt", "roll"].map { keys.number($0, in: SceneReader.degrees) ?? 0 }
        let entry = SceneDescription.CardEntry(
            name: name ?? "", picture: picture ?? "", colorSpace: readColorSpace(&keys),
            center: center ?? .zero,
            panTiltRollDegrees: SIMD3(angles[0], angles[1], angles[2]), width: width ?? 1,
            height: keys.number("heightMeters", in: 0.01...10_000),
            exposure: keys.number("exposure", in: SceneReader.stops) ?? 0,
            expand: keys.number("expand", in: LightExpansion.stops) ?? 0,
            defocus: keys.number("defocus", in: SceneReader.pixels) ?? 0)
        note(keys)
        guard name != nil, picture != nil, center != nil, width != nil else { return nil }
        return entry
    }

    private func readPicture(_ keys: inout KeyReader) -> String? {
        readFile("picture", "a picture file", &keys)
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
