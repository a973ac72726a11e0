import Foundation
public import StageModel

/// YAML → `Stage`: every fault of a stage file told at once, with file, line, path and remedy.
///
/// A stage that comes out of here is right, and inside the house no one checks it again. What is
/// built is described by `stage-configs/README.md`; every key is there with its unit, range and
/// default. Not for anything that changes while the stage runs (that is `Control`), nor for scenes.
///
/// The way through: `load` → the text → `MapReader` (typed reading, unknown keys, lines) →
/// one reader per section (`+Processors`, `+Walls`, …) → checks between sections → `Stage`;
/// `StageSummary` says what was read.
public enum StageConfig {
    /// Largest stage file read, bytes: the largest stage, pose by pose, is about 1 MB.
    public static let fileBytes = 4 << 20

    /// Largest lens file read, bytes: 256 nodes are some 50 KB.
    public static let lensFileBytes = 1 << 20

    /// What reading a text gave.
    public struct Parsed: Sendable {
        /// The text.
        public var text: String
        /// The texts of the lens files it names, by their lenses' names.
        public var lensFiles: [String: String]
        /// The texts of the other files that were read with it, by their paths from its folder.
        public var otherFiles: [String: String]
        /// The stage, or everything that is wrong with it.
        public var result: Result<Stage, Complaints>
        /// Every key the reader looked for, `walls[].light.peakNits`; the documentation's test.
        public var keys: Set<String>
    }

    /// The stage of a file, or everything that is wrong with it, in the order of its lines.
    ///
    /// Takes the file's path, the folder it is in as `stage.yaml`, or the name of a folder in
    /// `stage-configs`.
    public static func load(_ path: String) -> Result<Stage, Complaints> {
        open(path).flatMap(\.result)
    }

    /// The same with the texts it was read from; a failure is a file that cannot be read.
    public static func open(_ path: String) -> Result<Parsed, Complaints> {
        let path = locate(path)
        let file = URL(fileURLWithPath: path)
        let folder = file.deletingLastPathComponent()
        return text(of: path, bytesMax: fileBytes).map { text in
            parse(
                text, file: file.lastPathComponent,
                lens: { name in
                    StageConfig.text(
                        of: folder.appending(path: "lenses/\(name).yaml").path,
                        bytesMax: lensFileBytes)
                },
                other: { name in
                    let path = folder.appending(path: name).path
                    return FileManager.default.fileExists(atPath: path)
                        ? StageConfig.text(of: path, bytesMax: lensFileBytes) : noFile(name)
                })
        }
    }

    /// The text of a file, or what keeps it from being read.
    private static func text(of path: String, bytesMax: Int) -> Result<String, Complaints> {
        func refused(_ found: String, _ allowed: String) -> Result<String, Complaints> {
            .failure(
                Complaints([
                    Complaint(file: path, line: 0, path: "", found: found, allowed: allowed)
                ]))
        }
        guard let file = FileHandle(forReadingAtPath: path) else {
            return refused(
                "cannot be read",
                "give a stage file, its folder, or the name of a folder in stage-configs")
        }
        defer { try? file.close() }
        // A folder opens but does not read; a pipe may never end, so the size is bounded here.
        // Nil at the end of an empty file; an error of a folder.
        guard let data = try? (file.read(upToCount: bytesMax + 1) ?? Data()) else {
            return refused("cannot be read", "give a file; this is a folder or a device")
        }
        guard data.count <= bytesMax else {
            return refused(
                "over \(bytesMax >> 20) MB", "it is smaller; is this another kind of file?")
        }
        guard let text = String(data: data, encoding: .utf8) else {
            return refused("not UTF-8 text", "save the file as UTF-8")
        }
        return .success(text)
    }

    /// The path of the stage file a command's argument means.
    public static func locate(_ argument: String) -> String {
        func isFolder(_ path: String) -> Bool? {
            var isFolder: ObjCBool = false
            guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
                return nil
            }
            return isFolder.boolValue
        }
        for candidate in [argument, "stage-configs/" + argument] {
            switch isFolder(candidate) {
            case true?: return candidate + (candidate.hasSuffix("/") ? "" : "/") + "stage.yaml"
            case false?: return candidate
            case nil: continue
            }
        }
        return argument
    }

    /// The stage of a text; `file` is the name complaints call it by.
    /// - Parameters:
    ///   - lens: gives the text of a lens file by its lens's name.
    ///   - other: gives the text of another file by its path from the stage file's folder.
    public static func parse(
        _ text: String, file: String,
        lens: @escaping (String) -> Result<String, Complaints> = noLens,
        other: @escaping (String) -> Result<String, Complaints> = noFile
    ) -> Parsed {
        let reading = Reading(file: file, lensText: lens, otherText: other)
        switch other(AppliedCalibration.path) {
        case .success(let applied):
            reading.otherFiles[AppliedCalibration.path] = applied
            reading.applied = AppliedCalibration(applied, reading)
        case .failure(let complaints):
            let isThere = complaints.list.contains { $0.found != absent }
            if isThere { reading.add(complaints.list) }
        }
        let stage = reading.stage(text)
        func parsed(_ result: Result<Stage, Complaints>) -> Parsed {
            Parsed(
                text: text, lensFiles: reading.lensFiles, otherFiles: reading.otherFiles,
                result: result, keys: reading.keys)
        }
        if let stage, reading.complaints.isEmpty { return parsed(.success(stage)) }
        let complaints = reading.complaints.enumerated().sorted {
            ($0.element.line, $0.offset) < ($1.element.line, $1.offset)
        }
        return parsed(.failure(Complaints(complaints.map(\.element))))
    }

    /// A text alone has no lens files beside it.
    public static func noLens(_ name: String) -> Result<String, Complaints> {
        .failure(
            Complaints([
                Complaint(
                    file: "lenses/\(name).yaml", line: 0, path: "", found: "is not there",
                    allowed: "keep the lens file in lenses/ beside the stage file")
            ]))
    }

    /// What is found of a file that is not there.
    static let absent = "is not there"

    /// A text alone has no other files beside it.
    public static func noFile(_ name: String) -> Result<String, Complaints> {
        .failure(
            Complaints([
                Complaint(
                    file: name, line: 0, path: "", found: absent,
                    allowed: "keep it in the stage file's folder")
            ]))
    }
}
