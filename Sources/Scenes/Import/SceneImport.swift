import FrameModel
import Foundation
import Geometry
import Media

/// One picture, with or without depth, or one glTF file becomes a scene folder.
///
/// The folder has `scene.yaml` and plain files: everything guessed stands in it and can be edited.
public struct SceneImport {
    /// What was made and what was guessed, a line each.
    public private(set) var notes: [String] = []

    private let options: ImportOptions
    private let folder: String
    private var text: SceneText

    /// Makes a scene of files.
    ///
    /// - Parameters:
    ///   - path: a picture, or a .glb file.
    ///   - depth: its depth map: PNG, EXR, TIFF, PFM.
    ///   - folder: made when it is not there; files of the same names are replaced.
    public init(
        _ path: String, depth: String?, to folder: String, options: ImportOptions = ImportOptions()
    ) throws(SceneComplaints) {
        if let complaint = options.complaint { throw SceneComplaints([complaint]) }
        (self.options, self.folder) = (options, folder)
        let url = URL(fileURLWithPath: path)
        text = SceneText(name: options.name ?? url.deletingPathExtension().lastPathComponent)
        do {
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true)
        } catch {
            throw SceneComplaints(["\(folder): cannot be made – check the name and permissions"])
        }
        if ["glb", "gltf"].contains(url.pathExtension.lowercased()) {
            try importMesh(path, depth)
        } else if Movie.isName(path) {
            try importMovie(path, depth)
        } else {
            try importPicture(path, depth)
        }
        try put(Data(text.text.utf8), "scene.yaml")
    }

    private func put(_ data: Data, _ name: String) throws(SceneComplaints) {
        let file = folder + "/" + name
        guard FileManager.default.createFile(atPath: file, contents: data) else {
            throw SceneComplaints(["\(file): cannot be written – check permissions and space"])
        }
    }

    /// A file's bytes under another name in the folder.
    private func copy(_ path: String, as name: String) throws(SceneComplaints) {
        let target = folder + "/" + name
        let isSame =
            URL(fileURLWithPath: target).standardizedFileURL.path
            == URL(fileURLWithPath: path).standardizedFileURL.path
        if isSame { return }
        guard let data = FileManager.default.contents(atPath: path) else {
            throw SceneComplaints(["\(path): cannot be read – check permissions"])
        }
        try put(data, name)
    }

    /// A picture as PNG where it came from one, as EXR where it is light; returns the file's name.
    private func write(
        _ picture: Picture, as name: String, isLight: Bool
    ) throws(SceneComplaints) -> String {
        let file = name + (isLight ? ".exr" : ".png")
        if isLight {
            try SceneFile.write(picture, to: folder, as: file)
        } else if let bytes = GLBFile.png(picture) {
            try put(Data(bytes), file)
        } else {
            throw SceneComplaints(["\(folder)/\(file): cannot be written – FFmpeg has no PNG"])
        }
        return file
    }

    private mutating func importMesh(_ path: String, _ depth: String?) throws(SceneComplaints) {
        guard depth == nil, path.lowercased().hasSuffix(".glb") else {
            throw SceneComplaints([
                depth == nil
                    ? "\(path): is glTF in several files – save it as one .glb"
                    : "--depth: a mesh has its own depth – leave it out"
            ])
        }
        try copy(path, as: "mesh.glb")
        text.add(
            "meshes",
            [
                [
                    ("name", .text("mesh")), ("file", .text("mesh.glb")),
                    ("position", .list([0, 0, 0])), ("pan", .number(0)), ("scale", .number(1)),
                    ("exposure", .number(0)),
                ]
            ])
        notes.append("a mesh, stood on the floor in the middle of the stage, its −Z ahead")
    }

    /// A movie becomes a card, or a dome where it is twice as wide as high.
    private mutating func importMovie(_ path: String, _ depth: String?) throws(SceneComplaints) {
        guard depth == nil, [.auto, .card, .panorama].contains(options.form) else {
            throw SceneComplaints([
                "\(path): a movie becomes a card or a panorama – leave --depth out, and --as "
                    + options.form.rawValue
            ])
        }
        let facts: MovieFacts
        do throws(PictureError) {
            facts = try Movie.open(path, rate: options.rate).facts
        } catch {
            throw SceneComplaints([error.description])
        }
        notes.append(
            "\(facts.pictureCount) pictures of \(facts.width)×\(facts.height), "
                + "\(SceneImport.rounded(Float(facts.hertz))) a second, \(facts.codec)")
        let isPanorama =
            options.form == .panorama
            || options.form == .auto && facts.width == 2 * facts.height
        let file = try copyMovie(path)
        var group: SceneText.Group = [("movie", .text(file))]
        if Movie.isSequence(path) { group.append(("rate", .number(options.rate ?? 24))) }
        group += [("speed", .number(1)), ("exposure", .number(0))]
        group.append(("expand", .number(options.expand ?? 0)))
        if isPanorama {
            text.add("dome", group + [("rotationDegrees", .number(0))])
            notes.append("a dome at infinity (--as card)")
            return
        }
        let (distance, angle) = (options.distance, (options.fieldOfView ?? 60) * .pi / 180)
        let longer = 2 * distance * tan(angle / 2)
        let width =
            facts.width >= facts.height
            ? longer : longer * Double(facts.width) / Double(facts.height)
        text.add(
            "cards",
            [
                [("name", .text("movie"))] + group + [
                    ("center", .list([0, distance, options.eyeHeight])),
                    ("widthMeters", .number(SceneImport.rounded(Float(width)))),
                ]
            ])
        notes.append("one card \(distance) m ahead, seen at 60° or --fov (--distance)")
    }

    /// A movie's file, or a sequence's, in the folder; returns what the scene file calls it.
    private func copyMovie(_ path: String) throws(SceneComplaints) -> String {
        let home = (path as NSString).deletingLastPathComponent
        let name = (path as NSString).lastPathComponent
        let target = Movie.isSequence(path) ? name : "movie." + (name as NSString).pathExtension
        let names = Movie.isSequence(path) ? Movie.sequence(path) : [name]
        let manager = FileManager.default
        for one in names {
            let from = home.isEmpty ? one : home + "/" + one
            let to = folder + "/" + (Movie.isSequence(path) ? one : target)
            if URL(fileURLWithPath: from).resolvingSymlinksInPath()
                == URL(fileURLWithPath: to).resolvingSymlinksInPath()
            {
                continue
            }
            do {
                if manager.fileExists(atPath: to) { try manager.removeItem(atPath: to) }
                try manager.copyItem(atPath: from, toPath: to)
            } catch {
                throw SceneComplaints(["\(to): cannot be written – check permissions and space"])
            }
        }
        return target
    }

    private mutating func importPicture(_ path: String, _ depth: String?) throws(SceneComplaints) {
        let picture = try SceneImport.picture(path)
        let isPanorama =
            options.form == .panorama
            || options.form == .auto && picture.width == 2 * picture.height
        if isPanorama, options.form == .auto { notes.append("2:1, so a panorama (--as)") }
        let form =
            options.form != .auto
            ? options.form : isPanorama ? .panorama : depth == nil ? .card : .mesh
        if depth == nil, form == .plates || form == .mesh {
            throw SceneComplaints(["--as \(form.rawValue): needs a depth map – give one by --depth"]
            )
        }
        let map = try depth.map { path throws(SceneComplaints) in
            try SceneImport.depthMap(path, of: picture, options)
        }
        notes += map?.guesses ?? []
        let file = "picture." + URL(fileURLWithPath: path).pathExtension.lowercased()
        try copy(path, as: file)
        let source = ImportedPicture(
            picture: picture, file: file, lens: lens(of: picture, isPanorama: isPanorama, map),
            depth: map, isLight: SceneImport.isLight(path), expand: expansion(of: path))
        switch form {
        case .panorama, .auto:
            if let map {
                try addRelief(source, map)
            } else {
                notes.append("a dome at infinity; radiusMeters gives it parallax")
            }
            text.add(
                "dome",
                [
                    ("picture", .text(file)), ("expand", .number(source.expand)),
                    ("exposure", .number(0)), ("rotationDegrees", .number(0)),
                ])
        case .card: try addCard(source)
        case .plates: if let map { try addPlates(source, map) }
        case .mesh: if let map { try addRelief(source, map) }
        }
        if !isPanorama { try addSurround(source) }
    }

    private static func picture(_ path: String) throws(SceneComplaints) -> Picture {
        let picture: Picture
        do throws(PictureError) {
            picture = Picture(try PictureFile.read(path))
        } catch {
            throw SceneComplaints([error.description])
        }
        let size = "\(path): is \(picture.width)×\(picture.height)"
        guard picture.width >= 16, picture.height >= 16 else {
            throw SceneComplaints(["\(size) – at least 16×16 pixels are expected"])
        }
        guard picture.width * picture.height <= ImportLimits.pixels else {
            throw SceneComplaints([
                "\(size) – at most \(ImportLimits.pixels) pixels are taken: save it smaller"
            ])
        }
        return picture
    }

    private mutating func lens(
        of picture: Picture, isPanorama: Bool, _ map: DepthShares?
    ) -> PictureLens {
        if isPanorama {
            return PictureLens(
                panoramaWidth: picture.width, height: picture.height, eyeHeight: options.eyeHeight)
        }
        if options.fieldOfView == nil {
            notes.append("field of view 60°, as of a 31 mm lens on 36 mm film (--fov)")
        }
        let angle = (options.fieldOfView ?? 60) * .pi / 180
        var horizon = options.horizon ?? 0.5
        if options.horizon == nil {
            let plain = map.map {
                PictureLens(
                    width: $0.shares.width, height: $0.shares.height, fieldOfView: angle,
                    horizon: 0.5, eyeHeight: options.eyeHeight)
            }
            let floor = plain.flatMap { map?.horizon($0) }
            horizon = floor ?? HorizonGuess.row(of: picture)
            let why = floor == nil ? "by the picture's light" : "by the floor in the depth map"
            notes.append("horizon at \(horizon) of the height, \(why) (--horizon)")
        }
        return PictureLens(
            width: picture.width, height: picture.height,
            fieldOfView: angle, horizon: horizon, eyeHeight: options.eyeHeight)
    }

    private static func isLight(_ path: String) -> Bool {
        ["exr", "hdr", "pic"].contains(URL(fileURLWithPath: path).pathExtension.lowercased())
    }

    /// Stops a display picture is raised by; floats are light already.
    private mutating func expansion(of path: String) -> Double {
        if SceneImport.isLight(path) {
            notes.append("light as it is in the file: not expanded")
            return 0
        }
        let stops = options.expand ?? 2
        notes.append(
            "white raised by \(stops) stops to \(Int((100 * exp2(stops)).rounded())) nits, from "
                + "half of it on (--expand)")
        return stops
    }
}

/// A picture on its way into a scene.
struct ImportedPicture {
    var picture: Picture
    /// Its copy in the folder.
    var file: String
    var lens: PictureLens
    /// Its depth, if there is some.
    var depth: DepthShares?
    /// Its numbers are light, not made for a display.
    var isLight: Bool
    /// Stops its white is raised by.
    var expand: Double
}

extension SceneImport {
    private mutating func addCard(_ source: ImportedPicture) throws(SceneComplaints) {
        let (lens, distance) = (source.lens, options.distance)
        let scale = distance / Double(lens.focal)
        let center = lens.point(
            Float(lens.width) / 2, Float(lens.height) / 2, Float(1 / distance))
        text.add(
            "cards",
            [
                [
                    ("name", .text("backdrop")), ("picture", .text(source.file)),
                    ("expand", .number(source.expand)),
                    ("center", .list([0, distance, SceneImport.rounded(center.z)])),
                    (
                        "widthMeters",
                        .number(SceneImport.rounded(Float(Double(lens.width) * scale)))
                    ),
                ]
            ])
        notes.append("one card \(distance) m ahead (--distance)")
    }

    private mutating func addPlates(
        _ source: ImportedPicture, _ depth: DepthShares
    ) throws(SceneComplaints) {
        let (picture, lens) = (source.picture, source.lens)
        let (disparity, jump) = self.disparity(
            depth, source, width: picture.width, height: picture.height)
        let plates = Plates(picture, disparity, lens, layers: options.layers, jump: jump)
        var cards: [SceneText.Group] = []
        for index in 0..<plates.count {
            guard let card = plates.card(index) else { continue }
            let file = "plate\(index + 1).exr"
            try SceneFile.write(card.picture, to: folder, as: file)
            cards.append([
                ("name", .text("\(index + 1) \(card.name)")), ("picture", .text(file)),
                ("colorSpace", .text("acescg")), ("expand", .number(source.expand)),
                ("center", SceneFile.list(card.sceneFromCard.translation)),
                ("widthMeters", .number(card.width)), ("heightMeters", .number(card.height)),
                ("defocus", .number(0)),
            ])
            notes.append(
                "\(card.name), \(card.picture.width)×\(card.picture.height) pixels")
        }
        text.add("cards", cards)
    }

    private mutating func addRelief(
        _ source: ImportedPicture, _ depth: DepthShares
    ) throws(SceneComplaints) {
        let picture = source.picture
        let width = min(picture.width, ImportLimits.gridSide)
        let height = max(2, picture.height * width / picture.width)
        let (disparity, jump) = self.disparity(depth, source, width: width, height: height)
        let lens = gridLens(source.lens, width, height)
        let relief = Relief(
            picture, disparity, lens, jump: jump, reach: options.reach,
            triangles: options.triangles)
        guard let relief else {
            throw SceneComplaints([
                "--depth: cannot be shown with \(options.triangles) triangles – smooth the map, "
                    + "or raise --triangles"
            ])
        }
        let front = HiddenLayer.unmixed(picture, disparity, jump: jump)
        var files: [String] = []
        for (index, picture) in ([front] + relief.hidden).enumerated() {
            files.append(
                try write(
                    picture, as: index == 0 ? "front" : "behind\(index)", isLight: source.isLight))
        }
        guard let bytes = GLBFile.bytes(relief.mesh, pictures: files) else {
            throw SceneComplaints(["\(folder)/relief.glb: cannot be written – check space"])
        }
        try put(Data(bytes), "relief.glb")
        text.add(
            "meshes",
            [
                [
                    ("name", .text("relief")), ("file", .text("relief.glb")),
                    ("position", .list([0, 0, 0])), ("pan", .number(0)), ("scale", .number(1)),
                    ("expand", .number(source.expand)), ("exposure", .number(0)),
                ]
            ])
        notes.append(
            "\(relief.mesh.triangleCount) triangles, \(relief.hidden.count) sheets behind them, "
                + "for ± \(options.reach) m round the viewpoint (--triangles, --reach)")
        let side = max(picture.width, picture.height)
        if side > SceneLimits.meshTextureSide {
            notes.append("the picture's \(side) pixels are drawn at \(SceneLimits.meshTextureSide)")
        }
    }

    /// The picture's lens for a grid of another size.
    private func gridLens(_ lens: PictureLens, _ width: Int, _ height: Int) -> PictureLens {
        if lens.isPanorama {
            return PictureLens(
                panoramaWidth: width, height: height, eyeHeight: options.eyeHeight)
        }
        return PictureLens(
            width: width, height: height,
            fieldOfView: (options.fieldOfView ?? 60) * .pi / 180,
            horizon: Double(lens.horizon) / Double(lens.height), eyeHeight: options.eyeHeight)
    }

    /// 1 / distance at a size of the picture, and what two surfaces differ by at least.
    private mutating func disparity(
        _ map: DepthShares, _ source: ImportedPicture, width: Int, height: Int
    ) -> (Plane, jump: Float) {
        let scale = DepthScale(
            map, options, lens: gridLens(source.lens, map.shares.width, map.shares.height))
        notes += scale.guesses
        // Two surfaces: apart by two pixels of the picture at the end of the camera's way, and by
        // 4 % of the nearest: less is a fold of one.
        let jump = max(
            2 / (source.lens.focal * Float(options.reach)), 0.04 / Float(scale.near))
        let sharp = DepthSmoothing.sharpened(scale.disparity, jump: jump)
        return (
            DepthSmoothing.fitted(
                sharp, to: source.picture, width: width, height: height, jump: jump), jump
        )
    }

    fileprivate static func depthMap(
        _ path: String, of picture: Picture, _ options: ImportOptions
    ) throws(SceneComplaints) -> DepthShares {
        let map: NumberPlane
        do throws(PictureError) {
            map = try NumberPlane.read(path)
        } catch {
            throw SceneComplaints([error.description])
        }
        let shape = Double(map.width) / Double(map.height)
        let wanted = Double(picture.width) / Double(picture.height)
        guard map.width >= 16, map.height >= 16, abs(shape / wanted - 1) < 0.03 else {
            throw SceneComplaints([
                "\(path): is \(map.width)×\(map.height), the picture "
                    + "\(picture.width)×\(picture.height) – a depth map of the same shape is "
                    + "expected"
            ])
        }
        guard let low = map.values.min(), let high = map.values.max(), low < high else {
            throw SceneComplaints(["\(path): is the same depth everywhere – give a depth map"])
        }
        return DepthShares(map, options)
    }

    private mutating func addSurround(_ source: ImportedPicture) throws(SceneComplaints) {
        let panorama = Surround(source.picture, source.lens).panorama(width: 2048)
        try SceneFile.write(panorama, to: folder, as: "surround.exr")
        text.add(
            "dome",
            [
                ("picture", .text("surround.exr")), ("colorSpace", .text("acescg")),
                ("expand", .number(source.expand)), ("exposure", .number(0)),
                ("defocus", .number(0)),
            ])
        notes.append("a dome that goes on beyond the picture's edges, softer with distance")
    }

    private static func rounded(_ meters: Float) -> Double {
        (Double(meters) * 1000).rounded() / 1000
    }
}
