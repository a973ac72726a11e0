public import FrameModel
import Foundation
import Geometry
import Media

extension SceneFile {
    /// Writes a scene as a folder `load` reads: `scene.yaml`, one EXR a picture, one .glb a mesh.
    /// - Parameter folder: made when it is not there; files of the same names are replaced.
    public static func write(_ scene: Scene, to folder: String) throws(SceneComplaints) {
        do {
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true)
        } catch {
            throw SceneComplaints(["\(folder): cannot be made – check the name and permissions"])
        }
        var text = SceneText(name: scene.name)
        try writeDome(scene.dome, to: folder, &text)
        try writeCards(scene.cards, to: folder, &text)
        try writeMeshes(scene.meshes, to: folder, &text)
        text.add("viewpoints", scene.viewpoints.map(group))
        let file = folder + "/scene.yaml"
        guard FileManager.default.createFile(atPath: file, contents: Data(text.text.utf8)) else {
            throw SceneComplaints(["\(file): cannot be written – check permissions and space"])
        }
    }

    private static func writeDome(
        _ dome: Dome?, to folder: String, _ text: inout SceneText
    ) throws(SceneComplaints) {
        guard let dome else { return }
        try write(dome.picture, to: folder, as: "dome.exr")
        var group: SceneText.Group = [
            ("picture", .text("dome.exr")), ("colorSpace", .text("acescg")),
        ]
        if dome.radius.isFinite {
            group += [("radiusMeters", .number(dome.radius)), ("center", list(dome.center))]
        }
        if dome.defocus > 0 { group.append(("defocus", .number(dome.defocus))) }
        if dome.motion.spin.x != 0 { group.append(("spin", .number(dome.motion.spin.x))) }
        text.add("dome", group)
    }

    private static func writeCards(
        _ cards: [Card], to folder: String, _ text: inout SceneText
    ) throws(SceneComplaints) {
        var groups: [SceneText.Group] = []
        for (index, card) in cards.enumerated() {
            let file = "card\(index + 1).exr"
            try write(card.picture, to: folder, as: file)
            let angles = card.sceneFromCard.rotation.panTiltRoll
            groups.append(
                [
                    ("name", .text(card.name)), ("picture", .text(file)),
                    ("colorSpace", .text("acescg")),
                    ("center", list(card.sceneFromCard.translation)),
                    ("pan", .number(degrees(angles.pan))),
                    ("tilt", .number(degrees(angles.tilt))),
                    ("roll", .number(degrees(angles.roll))),
                    ("widthMeters", .number(card.width)), ("heightMeters", .number(card.height)),
                    ("defocus", .number(card.defocus)),
                ] + group(card.motion))
        }
        text.add("cards", groups)
    }

    private static func writeMeshes(
        _ meshes: [Mesh], to folder: String, _ text: inout SceneText
    ) throws(SceneComplaints) {
        var groups: [SceneText.Group] = []
        for (index, mesh) in meshes.enumerated() {
            let file = "mesh\(index + 1).glb"
            guard let bytes = GLBFile.bytes(mesh),
                FileManager.default.createFile(
                    atPath: folder + "/" + file, contents: Data(bytes))
            else {
                throw SceneComplaints([
                    "\(folder)/\(file): cannot be written – check permissions and space"
                ])
            }
            groups.append([("name", .text(mesh.name)), ("file", .text(file))])
        }
        text.add("meshes", groups)
    }

    private static func group(_ view: Viewpoint) -> SceneText.Group {
        [
            ("name", .text(view.name)), ("position", list(view.position)),
            ("pan", .number(view.pan)),
        ]
    }

    /// What of a card moves.
    private static func group(_ motion: LayerMotion) -> SceneText.Group {
        guard !motion.isStill else { return [] }
        var group: SceneText.Group = []
        if motion.spin != .zero { group.append(("spin", list(motion.spin))) }
        if motion.scroll != .zero {
            group.append(("scroll", list(motion.scroll)))
            if motion.scrollRepeat > 0 {
                group.append(("scrollRepeatMeters", .number(motion.scrollRepeat)))
            }
        }
        if motion.sway != .zero { group.append(("sway", list(motion.sway))) }
        if motion.drift != .zero { group.append(("drift", list(motion.drift))) }
        group += [("periodSeconds", .number(motion.period)), ("phase", .number(motion.phase))]
        if motion.pivot != .zero {
            group.append(("pivot", .list([motion.pivot.x, motion.pivot.y])))
        }
        return group
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

    static func list(_ v: Vector3) -> SceneText.Value { .list([v.x, v.y, v.z]) }
}
