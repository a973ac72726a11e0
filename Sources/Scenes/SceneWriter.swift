public import FrameModel
import Foundation
import Geometry
import Media

extension SceneFile {
    /// Writes a scene as a folder `load` reads: `scene.json`, one EXR a picture, one .glb a mesh.
    /// - Parameter folder: made when it is not there; files of the same names are replaced.
    public static func write(_ scene: Scene, to folder: String) throws(SceneComplaints) {
        do {
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true)
        } catch {
            throw SceneComplaints(["\(folder): cannot be made – check the name and permissions"])
        }
        var fields = ["  \"name\": \(quoted(scene.name))"]
        if let dome = scene.dome {
            try write(dome.picture, to: folder, as: "dome.exr")
            var entry = "\"picture\": \"dome.exr\", \"colorSpace\": \"acescg\""
            if dome.radius.isFinite {
                entry += ", \"radiusMeters\": \(dome.radius), \"center\": \(list(dome.center))"
            }
            if dome.defocus > 0 { entry += ", \"defocus\": \(dome.defocus)" }
            fields.append("  \"dome\": { \(entry) }")
        }
        var cards: [String] = []
        for (index, card) in scene.cards.enumerated() {
            let file = "card\(index + 1).exr"
            try write(card.picture, to: folder, as: file)
            let angles = card.sceneFromCard.rotation.panTiltRoll
            cards.append(
                """
                    { "name": \(quoted(card.name)), "picture": "\(file)", "colorSpace": "acescg",
                      "center": \(list(card.sceneFromCard.translation)),
                      "pan": \(degrees(angles.pan)), "tilt": \(degrees(angles.tilt)), \
                "roll": \(degrees(angles.roll)),
                      "widthMeters": \(card.width), "heightMeters": \(card.height), \
                "defocus": \(card.defocus) }
                """)
        }
        if !cards.isEmpty { fields.append("  \"cards\": [\n\(cards.joined(separator: ",\n")) ]") }
        var meshes: [String] = []
        for (index, mesh) in scene.meshes.enumerated() {
            let file = "mesh\(index + 1).glb"
            guard let bytes = GLBFile.bytes(mesh),
                FileManager.default.createFile(
                    atPath: folder + "/" + file, contents: Data(bytes))
            else {
                throw SceneComplaints([
                    "\(folder)/\(file): cannot be written – check permissions and space"
                ])
            }
            meshes.append("    { \"name\": \(quoted(mesh.name)), \"file\": \"\(file)\" }")
        }
        if !meshes.isEmpty {
            fields.append("  \"meshes\": [\n\(meshes.joined(separator: ",\n")) ]")
        }
        let text = "{\n\(fields.joined(separator: ",\n"))\n}\n"
        let file = folder + "/scene.json"
        guard FileManager.default.createFile(atPath: file, contents: Data(text.utf8)) else {
            throw SceneComplaints(["\(file): cannot be written – check permissions and space"])
        }
    }

    static func write(
        _ picture: Picture, to folder: String, as name: String
    ) throws(SceneComplaints) {
        let linear = LinearPicture(
            width: picture.width, height: picture.height, pixels: picture.pixels)
        do throws(PictureError) {
            try EXRFile.write(linear, to: folder + "/" + name)
        } catch {
            throw SceneComplaints([error.description])
        }
    }

    private static func degrees(_ radians: Double) -> Double { radians * 180 / .pi }

    static func list(_ v: Vector3) -> String { "[\(v.x), \(v.y), \(v.z)]" }

    static func quoted(_ text: String) -> String {
        let data = try? JSONEncoder().encode(text)
        return data.map { String(decoding: $0, as: UTF8.self) } ?? "\"scene\""
    }
}
