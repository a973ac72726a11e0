import Foundation
public import FrameModel
import Geometry
import Media
public import Scenes
public import StageTwin

extension TwinRun {
    /// Judges what `scene import` makes of a picture with depth: the camera goes round the
    /// viewpoint, and what it sees through the wall is held against the geometry that the depth
    /// map was computed from.
    ///
    /// - Parameters:
    ///   - form: `.mesh` or `.plates`.
    ///   - width: of the picture, pixels; it is 16:9.
    ///   - change: what a fault makes of each scene imported.
    public func judgeDepth(
        as form: ImportOptions.Form, width: Int, changing change: (inout Scene) -> Void = { _ in },
        progress: (Double) -> Void = { _ in }
    ) throws -> DepthReport {
        let folder =
            FileManager.default.temporaryDirectory.path
            + "/cyclorama-depth-\(ProcessInfo.processInfo.processIdentifier)-\(UUID())"
        try makeFolder(folder)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let set = shotDefaults.depthSet
        try Data(TwinRun.floatMap(set.depth(width: width), width: width))
            .write(to: URL(filePath: folder + "/depth.pfm"))
        var wall = try makeWall()
        var twin = Twin(
            stage: builtStage, camera: 0, formats: TwinRun.formats(of: builtStage),
            sceneFromStage: .identity, moments: moments, step: pictureStep)
        return try twin.judge(
            &wall, set: set, form: form.rawValue, isFlat: form == .plates,
            scene: { pattern in
                var scene = try TwinRun.imported(
                    set.picture(pattern, width: width), set, form, folder)
                change(&scene)
                return scene
            },
            progress: progress)
    }

    /// The scene that is made of a picture, as it stands in a folder's depth map.
    private static func imported(
        _ picture: Picture, _ set: DepthSet, _ form: ImportOptions.Form, _ folder: String
    ) throws -> Scene {
        let light = LinearPicture(
            width: picture.width, height: picture.height, pixels: picture.pixels)
        try EXRFile.write(light, to: folder + "/chart.exr")
        var options = ImportOptions()
        options.form = form
        options.depthKind = .meters
        options.fieldOfView = DepthSet.fieldOfView
        options.horizon = 0.5
        _ = try SceneImport(
            folder + "/chart.exr", depth: folder + "/depth.pfm", to: folder + "/scene",
            options: options)
        var scene = try SceneFile.load(folder + "/scene")
        // Without what is painted round the picture what shows through is the judge's own.
        scene.dome = nil
        let eye = set.eye
        scene.placedFromOwn = Similarity(
            rotation: Matrix3(columns: eye.right, eye.forward, eye.up), scale: 1,
            translation: eye.origin - eye.up * options.eyeHeight)
        return scene
    }

    /// A portable float map: rows from below, little-endian.
    private static func floatMap(_ numbers: [Float], width: Int) -> [UInt8] {
        let height = numbers.count / width
        var bytes = Array("Pf\n\(width) \(height)\n-1.0\n".utf8)
        for row in (0..<height).reversed() {
            for number in numbers[row * width..<(row + 1) * width] {
                withUnsafeBytes(of: number.bitPattern.littleEndian) { bytes += $0 }
            }
        }
        return bytes
    }
}
