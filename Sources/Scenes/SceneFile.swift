import Foundation
public import FrameModel
import Geometry
import Glibc
import Media

/// Reading of scenes: a folder with `scene.yaml`, that file itself, or one picture.
///
///     name: lake
///     dome:
///       picture: dome.hdr
///       exposure: 0
///     cards:
///       - name: pines
///         picture: pines.png
///         center: [0, 8, 2]
///         widthMeters: 6
///         sway: [0, 0, 1]
///     meshes:
///       - {name: columns, file: columns.glb, position: [0, 5, 0], pan: 30}
///     viewpoints:
///       - {name: quay, position: [2, -3, 0], pan: 15}
///
/// A dome has `radiusMeters` and `center` when it is not at infinity; a card without
/// `heightMeters` has square pixels; `exposure` is in stops, angles are in degrees; `expand` is the
/// stops by which a display's white is raised (`LightExpansion`), 0 … 6; `defocus` of the dome or a
/// card is its blur in wall pixels, 0 … 64; `opacity` of a card is 0 … 1; `colorSpace` is one of
/// `PictureColorSpace`. Movement is a `LayerMotion`. `origin` is the point of the set that stands
/// in the middle of the stage, `scale` how large, `horizonDegrees` how far it is raised. A mesh is
/// a glTF 2.0 file; its Y is up, its −Z our forward. Everything lies inside the folder. The README
/// has every key.
public enum SceneFile {
    /// Bytes of a scene file; sixteen cards take less than 8 KiB.
    private static let sizeMax = 1 << 20
    private static let generated = "generated:"
    /// How a scene file's name ends.
    static let suffix = ".yaml"

    /// A scene ready to be prepared, or everything that is wrong with it.
    /// - Parameters:
    ///   - path: a scene folder, its `scene.yaml`, a picture (a dome at infinity), or `generated:`
    ///     and the name of one of our own scenes.
    ///   - goesOn: called when a layer has been read.
    public static func load(
        _ path: String, goesOn: () -> Void = {}
    ) throws(SceneComplaints) -> Scene {
        if path.hasPrefix(generated) {
            let name = String(path.dropFirst(generated.count))
            if let scene = GeneratedScene.named(name) { return scene }
            let known = GeneratedScene.names.joined(separator: ", ")
            throw SceneComplaints(["\(path): there is no such generated scene – known are \(known)"]
            )
        }
        guard let file = try sceneFile(path) else { return try sceneOfPicture(path) }
        let folder = (file as NSString).deletingLastPathComponent
        return try SceneLoader(folder: folder).load(try describe(path), goesOn: goesOn)
    }

    /// A scene file's checked description, without reading its pictures.
    public static func describe(_ path: String) throws(SceneComplaints) -> SceneDescription {
        guard let file = try sceneFile(path) else {
            throw SceneComplaints(["\(path): is a picture, not a scene – name a scene folder"])
        }
        let node = try parse(file)
        var reader = SceneReader(file: file)
        guard let description = reader.read(node) else { throw SceneComplaints(reader.lines) }
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
        for name in [scene.dome?.picture].compactMap(\.self) + scene.cards.map(\.picture) {
            names += Movie.files(of: name, in: folder)
        }
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
        if isFolder.boolValue { return path + "/scene.yaml" }
        return isSceneFile(path) ? path : nil
    }

    /// The folder of a scene that is a folder or a scene file.
    static func folder(of path: String) -> String {
        isSceneFile(path) ? (path as NSString).deletingLastPathComponent : path
    }

    /// The name is a scene file's, in capitals too.
    static func isSceneFile(_ path: String) -> Bool { path.lowercased().hasSuffix(suffix) }

    private static func parse(_ file: String) throws(SceneComplaints) -> SceneNode {
        // Not waited for: a pipe or a device of that name would keep its reader for good.
        let descriptor = open(file, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        defer { if descriptor >= 0 { close(descriptor) } }
        var facts = stat()
        guard descriptor >= 0, fstat(descriptor, &facts) == 0 else {
            guard errno == ENOENT else {
                let why = String(cString: strerror(errno))
                throw SceneComplaints(["\(file): cannot be read: \(why)"])
            }
            let old = file.dropLast(suffix.count) + ".json"
            let hint =
                FileManager.default.fileExists(atPath: String(old))
                ? "\(old) is of an older form: its lines can stand in scene.yaml as they are"
                : "a scene folder has one"
            throw SceneComplaints(["\(file): there is no such file – \(hint)"])
        }
        guard facts.st_mode & S_IFMT == S_IFREG else {
            throw SceneComplaints(["\(file): is no file – a scene folder has one of that name"])
        }
        guard let bytes = read(descriptor) else {
            throw SceneComplaints([
                "\(file): has \(facts.st_size) bytes – at most \(sizeMax) are taken"
            ])
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw SceneComplaints(["\(file): is no text of UTF-8 – save it as that"])
        }
        do throws(SceneSyntax) {
            return try SceneNode.parse(text)
        } catch {
            throw SceneComplaints(["\(file):\(error.line): \(error.reason)"])
        }
    }

    /// A file's bytes, nil when they are more than a scene file has.
    private static func read(_ descriptor: Int32) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: sizeMax + 1)
        var count = 0
        while count < bytes.count {
            let got = bytes.withUnsafeMutableBytes {
                Glibc.read(descriptor, $0.baseAddress! + count, $0.count - count)
            }
            if got < 0, errno == EINTR { continue }
            guard got > 0 else { break }
            count += got
        }
        return count <= sizeMax ? Array(bytes[..<count]) : nil
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
