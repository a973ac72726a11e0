public import StageModel
import Tracking

extension TrackRun {
    /// The delay of the tracker of a camera, from a take in which the wall showed its strips and
    /// the pictures the camera recorded then.
    ///
    /// The pan in a picture is told by the strips in it and by where the take says the camera was;
    /// that is known the better the better the delay is, so it is found three times.
    /// Throws one sentence when it cannot be told.
    /// - Parameters:
    ///   - take: the take.
    ///   - stage: the stage it was recorded on (`TakeReplay.stage(of:)`).
    ///   - name: the camera's name; nil where the stage has only one.
    ///   - folder: the recorded pictures, a file each.
    public static func delay(
        of take: Take, stage: Stage, camera name: String?, folder: String
    ) throws -> DelayReport {
        let camera = try cameraIndex(name, of: stage)
        let source = stage.cameras[camera].source
        guard stage.sources[source].transport != .fixed else {
            throw RunError(
                "camera \(stage.cameras[camera].name) has no tracker: a fixed source has no delay")
        }
        let shot = try StripShot(take, stage, camera: camera)
        let strips = try StripPictures(folder: folder, of: shot.count)
        guard let first = strips.pictures.first else {
            throw RunError(
                "\(folder): none of \(strips.withoutStrips) pictures shows a strip that can be "
                    + "read – is the wall in the picture, and sharp? A larger pattern/cell may help"
            )
        }
        try shot.checkShape(width: first.width, height: first.height)
        guard strips.pictures.contains(where: { shot.frame($0.number) != nil }) else {
            throw RunError(
                "\(folder): its first picture shows frame …\(first.number), which is not in the "
                    + "take – is it the take of this recording?")
        }
        let told = try DelayTake(take, stage: stage, source: stage.sources[source].name)
        var report = try told.report(shot.table(strips, shift: 0))
        for _ in 0..<2 {
            let shift = report.delayMilliseconds / 1000 - shot.delay
            report = try told.report(shot.table(strips, shift: shift))
        }
        report.picturesWithoutStrips = strips.withoutStrips
        report.complaints = Array(strips.complaints.prefix(8))
        return report
    }

    static func cameraIndex(_ name: String?, of stage: Stage) throws -> Int {
        let names = stage.cameras.map(\.name).joined(separator: ", ")
        guard let name else {
            guard stage.cameras.count == 1 else {
                throw RunError(
                    stage.cameras.isEmpty
                        ? "the take's stage has no camera"
                        : "the take has several cameras: choose with --camera: \(names)")
            }
            return 0
        }
        guard let index = stage.cameras.firstIndex(where: { $0.name == name }) else {
            throw RunError("--camera \(name): the take's cameras are: \(names)")
        }
        return index
    }
}
