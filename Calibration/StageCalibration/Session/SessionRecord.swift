import Foundation

/// The steps of a calibration, in the order that matters: delay before geometry, geometry before
/// colour.
public enum SessionStep: String, Codable, Sendable, CaseIterable {
    /// Flat grey until wall and camera are warm.
    case warmUp = "warm-up"
    /// What the chain does to codes.
    case chain
    /// Tracker against pictures, by a pan.
    case delay
    /// Poses before the blinking dots.
    case geometry
    /// The delay again, by a pan before the wall as it was found.
    case pan
    /// Other places of the zoom and focus rings.
    case lens
    /// The wall's patches.
    case color
    /// Solving everything.
    case solve
    /// New pictures against what was found.
    case verify
}

/// What has been done of a calibration, kept in its dated folder: a session that is broken off goes
/// on from here.
public struct SessionRecord: Codable, Sendable, Equatable {
    /// How far a step is.
    public enum State: String, Codable, Sendable {
        /// Not begun.
        case open
        /// Done; it can be repeated.
        case done
        /// Left out.
        case skipped
    }

    /// A file or folder that was captured, as it was when it was taken in.
    public struct Capture: Codable, Sendable, Equatable {
        /// Below the session's folder, or from the root.
        public var path: String
        /// Files in it.
        public var files: Int
        /// Of them all.
        public var bytes: Int
        /// SHA-256 of the file; of a folder, of the lines "digest  name" of its files by name.
        public var sha256: String
    }

    /// One step.
    public struct Entry: Codable, Sendable, Equatable {
        /// Which.
        public var step: SessionStep
        /// How far it is.
        public var state: State
        /// What was captured.
        public var captures: [Capture]
        /// What reading the captures needs to know: curve, primaries, wall; and by their paths
        /// SHA-256 of raw feeds and of what results came from.
        public var settings: [String: String]
        /// Files that were written, in the session's folder.
        public var results: [String]
        /// What was made of it.
        public var verdicts: [Verdict]
        /// When it was done, ISO 8601.
        public var time: String?
    }

    /// Version of this form.
    public var version = 1
    /// The stage's name.
    public var stage: String
    /// SHA-256 of the stage file the session began with.
    public var stageFile: String
    /// Every step, in order.
    public private(set) var entries: [Entry]

    /// A session of a stage, nothing done.
    public init(stage: String, stageFile: String) {
        (self.stage, self.stageFile) = (stage, stageFile)
        entries = SessionStep.allCases.map {
            Entry(
                step: $0, state: .open, captures: [], settings: [:], results: [], verdicts: [])
        }
    }

    /// A step.
    public subscript(step: SessionStep) -> Entry {
        get { entries.first { $0.step == step } ?? entries[0] }
        set {
            if let at = entries.firstIndex(where: { $0.step == step }) { entries[at] = newValue }
        }
    }

    /// The first step that is neither done nor skipped.
    public var next: SessionStep? { entries.first { $0.state == .open }?.step }

    private static func path(_ folder: String) -> String { "\(folder)/session.json" }

    /// The session of a folder; nil where there is none.
    public static func read(_ folder: String) throws(CalibrationRefusal) -> SessionRecord? {
        let path = path(folder)
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        let record: SessionRecord = try JSONFile.read(path, what: "a calibration session")
        guard record.version == 1, record.entries.map(\.step) == SessionStep.allCases else {
            throw CalibrationRefusal(
                "\(path): of another version, or steps are missing",
                advice: "begin anew in another folder; its captures can be used again")
        }
        return record
    }

    /// Writes the session down, whole or not at all.
    public func write(_ folder: String) throws(CalibrationRefusal) {
        try JSONFile.write(self, to: Self.path(folder))
    }

    /// Takes captures into the session's folder, by a second name for the same file where the disk
    /// can, else by a copy; what is captured is never written again.
    public static func keep(
        _ source: String, as name: String, in folder: String
    ) throws(CalibrationRefusal) -> Capture {
        let files = FileManager.default
        var target = "captures/\(name)"
        // What was kept before stays: a repetition has a name of its own.
        var number = 2
        while files.fileExists(atPath: "\(folder)/\(target)") {
            target = "captures/\(name)-\(number)"
            number += 1
        }
        do {
            try files.createDirectory(
                atPath: "\(folder)/captures", withIntermediateDirectories: true)
            if isFolder(source) {
                try files.createDirectory(
                    atPath: "\(folder)/\(target)", withIntermediateDirectories: false)
                for file in try names(source) {
                    try keepFile("\(source)/\(file)", "\(folder)/\(target)/\(file)")
                }
            } else {
                let kind = URL(fileURLWithPath: source).pathExtension
                target += kind.isEmpty ? "" : ".\(kind)"
                if files.fileExists(atPath: "\(folder)/\(target)") {
                    target = "captures/\(UUID().uuidString)-\(name).\(kind)"
                }
                try keepFile(source, "\(folder)/\(target)")
            }
        } catch {
            throw CalibrationRefusal(
                "\(source): cannot be kept in \(folder)", advice: "check path and free space")
        }
        return try capture(target, in: folder)
    }

    private static func keepFile(_ source: String, _ target: String) throws {
        do { try FileManager.default.linkItem(atPath: source, toPath: target) } catch {
            try FileManager.default.copyItem(atPath: source, toPath: target)
        }
    }

    private static func isFolder(_ path: String) -> Bool {
        var isFolder: ObjCBool = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
            && isFolder.boolValue
    }

    private static func names(_ folder: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder)
            .filter { !$0.hasPrefix(".") }.sorted()
    }

    /// A capture as it is now.
    private static func capture(
        _ path: String, in folder: String
    ) throws(CalibrationRefusal) -> Capture {
        let whole = "\(folder)/\(path)"
        func size(_ path: String) -> Int {
            (try? FileManager.default.attributesOfItem(atPath: path)[.size] as? Int) ?? 0
        }
        guard isFolder(whole) else {
            return Capture(
                path: path, files: 1, bytes: size(whole), sha256: try SHA256.file(whole))
        }
        guard let names = try? names(whole), !names.isEmpty else {
            throw CalibrationRefusal("\(whole): empty", advice: "capture it again")
        }
        var (digest, bytes) = (SHA256(), 0)
        for name in names {
            digest.add(Array("\(try SHA256.file("\(whole)/\(name)"))  \(name)\n".utf8))
            bytes += size("\(whole)/\(name)")
        }
        return Capture(
            path: path, files: names.count, bytes: bytes, sha256: digest.finished())
    }

    /// Throws where a capture is not what it was when it was taken in.
    public func check(_ kept: Capture, in folder: String) throws(CalibrationRefusal) {
        let now = try Self.capture(kept.path, in: folder)
        guard now != kept else { return }
        let what =
            now.files != kept.files
            ? "\(now.files) files, \(kept.files) were captured"
            : now.bytes != kept.bytes
                ? "\(now.bytes) bytes, \(kept.bytes) were captured" : "its bytes have changed"
        throw CalibrationRefusal(
            "\(folder)/\(kept.path): \(what)",
            advice: "bring it back from the camera's card, or repeat the step")
    }
}
