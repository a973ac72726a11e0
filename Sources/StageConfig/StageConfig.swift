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

    /// What reading a text gave.
    public struct Parsed: Sendable {
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
        let path = locate(path)
        let shown = URL(fileURLWithPath: path).lastPathComponent
        func refused(_ found: String, _ allowed: String) -> Result<Stage, Complaints> {
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
        guard let data = try? (file.read(upToCount: fileBytes + 1) ?? Data()) else {
            return refused("cannot be read", "give a stage file; this is a folder or a device")
        }
        guard data.count <= fileBytes else {
            return refused("over 4 MB", "a stage file is smaller; is this another kind of file?")
        }
        guard let text = String(data: data, encoding: .utf8) else {
            return refused("not UTF-8 text", "save the file as UTF-8")
        }
        return parse(text, file: shown).result
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
    public static func parse(_ text: String, file: String) -> Parsed {
        let reading = Reading(file: file)
        let stage = reading.stage(text)
        if let stage, reading.complaints.isEmpty {
            return Parsed(result: .success(stage), keys: reading.keys)
        }
        let complaints = reading.complaints.enumerated().sorted {
            ($0.element.line, $0.offset) < ($1.element.line, $1.offset)
        }
        return Parsed(
            result: .failure(Complaints(complaints.map(\.element))), keys: reading.keys)
    }
}
