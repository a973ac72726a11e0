import Foundation
public import FrameModel
import Geometry
import Media

/// Reading of scenes: a folder with `scene.json`, that file itself, or one picture.
///
///     { "name": "lake",
///       "dome": { "picture": "dome.hdr", "exposure": 0, "rotationDegrees": 0 },
///       "cards": [ { "name": "pines", "picture": "pines.png", "center": [0, 8, 2],
///                    "pan": 0, "tilt": 0, "roll": 0, "widthMeters": 6 } ],
///       "meshes": [ { "name": "columns", "file": "columns.glb", "position": [0, 5, 0],
///                     "pan": 30, "scale": 1, "exposure": 0 } ] }
///
/// A dome has `radiusMeters` and `center` when it is not at infinity; a card without
/// `heightMeters` has square pixels; `exposure` is in stops, angles are in degrees; `expand` is the
/// stops by which a display's white is raised (`LightExpansion`), 0 … 6; `defocus` of the dome or a
/// card is its blur in wall pixels, 0 … 64; `colorSpace` is one of `auto`, `srgb`,
/// `display-p3`, `linear-rec709`, `linear-p3`, `linear-rec2020`, `acescg`, `aces2065-1`. A mesh is
/// a glTF 2.0 file; its Y is up, its −Z our forward. Everything lies inside the folder.
public enum SceneFile {
    /// Bytes of a scene file; sixteen cards take less than 8 KiB.
    private static let sizeMax = 1 << 20
    private static let generated = "generated:"
    /// How a scene file's name ends.
    static let suffix = ".json"

    /// A scene ready to be prepared, or everything that is wrong with it.
    /// - Parameter path: a scene folder, its `scene.json`, a picture (a dome at infinity), or
    ///   `generated:` and the name of one of our own scenes.
    public static func load(_ path: String) throws(SceneComplaints) -> Scene {
        if path.hasPrefix(generated) {
            let name = String(path.dropFirst(generated.count))
            if let scene = GeneratedScene.named(name) { return scene }
            let known = GeneratedScene.names.joined(separator: ", ")
            throw SceneComplaints(["\(path): there is no such generated scene – known are \(known)"]
            )
        }
        guard let file = try sceneFile(path) else { return try sceneOfPicture(path) }
        let folder = (file as NSString).deletingLastPathComponent
        return try SceneLoader(folder: folder).load(try describe(path))
    }

    /// A scene file's checked description, without reading its pictures.
    public static func describe(_ path: String) throws(SceneComplaints) -> SceneDescription {
        guard let file = try sceneFile(path) else {
            throw SceneComplaints(["\(path): is a picture, not a scene – name a scene folder"])
        }
        let tree = try parse(file)
        var reader = SceneReader(file: file)
        guard let description = reader.read(tree), reader.complaints.isEmpty else {
            throw SceneComplaints(reader.complaints)
        }
        return description
    }

    /// Names inside the folder of every file a scene is made of, its own first; none for what has
    /// no scene file.
    ///
    /// Beside a .gltf lie its buffers and pictures: all of that folder counts.
    static func sources(of path: String) -> [String] {
        guard let file = try? sceneFile(path), let scene = try? describe(path) else { return [] }
        let folder = (file as NSString).deletingLastPathComponent
        var names = [(file as NSString).lastPathComponent]
        names += [scene.dome?.picture].compactMap(\.self) + scene.cards.map(\.picture)
        for mesh in scene.meshes {
            names.append(mesh.file)
            guard mesh.file.lowercased().hasSuffix(".gltf") else { continue }
            let home = (mesh.file as NSString).deletingLastPathComponent
            let beside = try? FileManager.default.contentsOfDirectory(atPath: folder + "/" + home)
            names += (beside ?? []).filter { !$0.contains(".baked") }.sorted().map {
                home.isEmpty ? $0 : home + "/" + $0
            }
        }
        return names
    }

    /// The scene file that `path` is or has, nil when it is another file.
    private static func sceneFile(_ path: String) throws(SceneComplaints) -> String? {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
            throw SceneComplaints(["\(path): there is no such file or folder – check the name"])
        }
        if isFolder.boolValue { return path + "/scene.json" }
        return URL(fileURLWithPath: path).pathExtension == "json" ? path : nil
    }

    private static func parse(_ file: String) throws(SceneComplaints) -> JSONTree {
        let size = try? FileManager.default.attributesOfItem(atPath: file)[.size] as? Int
        guard let size else {
            throw SceneComplaints(["\(file): there is no such file – a scene folder has one"])
        }
        guard size <= sizeMax, let data = FileManager.default.contents(atPath: file) else {
            throw SceneComplaints(["\(file): has \(size) bytes – at most \(sizeMax) are taken"])
        }
        do {
            return try JSONDecoder().decode(JSONTree.self, from: data)
        } catch {
            throw SceneComplaints(["\(file): \(reason(error)) – correct the JSON"])
        }
    }

    /// The parser's own words about a syntax error, with its line when it says so.
    private static func reason(_ error: any Error) -> String {
        guard case DecodingError.dataCorrupted(let context) = error,
            let cause = context.underlyingError as NSError?
        else { return "is no JSON" }
        let text = cause.userInfo[NSDebugDescriptionErrorKey] as? String
        return text.map { "is no JSON: \($0)" } ?? "is no JSON"
    }

    private static func sceneOfPicture(_ path: String) throws(SceneComplaints) -> Scene {
        let name = URL(fileURLWithPath: path).deletingPathExtension().lastPathComponent
        do throws(PictureError) {
            let picture = try PictureFile.read(path)
            return Scene(name: name, dome: Dome(picture: Picture(picture)))
        } catch {
            throw SceneComplaints([error.description])
        }
    }
}

extension Picture {
    /// A picture read by Media, without a copy.
    init(_ linear: LinearPicture) {
        self.init(width: linear.width, height: linear.height, pixels: linear.pixels)
    }
}
