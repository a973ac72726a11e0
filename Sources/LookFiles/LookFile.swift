public import Color
import Foundation

/// Look files on disk, by their ending: `.cube` and `.clf`.
public enum LookFile {
    /// The look of a file.
    public static func read(_ path: String) throws(LookComplaint) -> Look {
        guard ["cube", "clf"].contains(ending(of: path)) else { throw notALook(path) }
        return try parse(try bytes(of: path), file: path)
    }

    /// The look some bytes are; the name's ending says of which form.
    public static func parse(_ bytes: [UInt8], file: String) throws(LookComplaint) -> Look {
        switch ending(of: file) {
        case "cube": return try CubeText.parse(bytes, file: file)
        case "clf": return try CLFText.parse(bytes, file: file)
        default: throw notALook(file)
        }
    }

    private static func notALook(_ path: String) -> LookComplaint {
        LookComplaint(file: path, line: 0, "not a look file", "a .cube or a .clf")
    }

    /// Writes a look; a `.cube` in Adobe's flavor where that will do.
    public static func write(_ look: Look, to path: String) throws(LookComplaint) {
        switch ending(of: path) {
        case "cube":
            let hasBoth = look.steps.count > 1
            let text = try CubeText.text(
                of: look, flavor: hasBoth ? .resolve : .adobe, file: path)
            try write(text: text, to: path)
        case "clf": try write(text: CLFText.text(of: look), to: path)
        default:
            throw LookComplaint(file: path, line: 0, "not a look file", "a .cube or a .clf")
        }
    }

    static func ending(of path: String) -> String {
        URL(fileURLWithPath: path).pathExtension.lowercased()
    }

    /// A file's bytes, bounded.
    static func bytes(of path: String) throws(LookComplaint) -> [UInt8] {
        func refusal(_ found: String, _ expected: String) -> LookComplaint {
            LookComplaint(file: path, line: 0, found, expected)
        }
        guard let attributes = try? FileManager.default.attributesOfItem(atPath: path) else {
            throw refusal("there is no such file", "check name and permissions")
        }
        let real =
            attributes[.type] as? FileAttributeType == .typeSymbolicLink
            ? URL(fileURLWithPath: path).resolvingSymlinksInPath().path : path
        let found = try? FileManager.default.attributesOfItem(atPath: real)
        guard let found, found[.type] as? FileAttributeType == .typeRegular else {
            throw refusal("is not a file", "name a look file")
        }
        let size = found[.size] as? Int ?? 0
        guard size <= LookLimits.fileBytes else {
            throw refusal("has \(size) bytes", "at most \(LookLimits.fileBytes)")
        }
        guard let data = FileManager.default.contents(atPath: real) else {
            throw refusal("cannot be read", "check its permissions")
        }
        guard data.count <= LookLimits.fileBytes else {
            throw refusal("grows while it is read", "copy it first")
        }
        return [UInt8](data)
    }

    /// Writes a text as a file, whole or not at all.
    public static func write(text: String, to path: String) throws(LookComplaint) {
        do {
            try Data(text.utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
        } catch {
            let reason = (error as NSError).localizedDescription
            throw LookComplaint(
                file: path, line: 0, "cannot be written (\(reason))", "check folder and space")
        }
    }
}

/// Files of ASC CDLs on disk, by their ending: `.cdl`, `.ccc` and `.cc`.
public enum CorrectionFile {
    /// Every correction of a file, at least one.
    public static func read(_ path: String) throws(LookComplaint) -> [NamedCDL] {
        _ = try container(of: path)
        return try CDLText.parse(try LookFile.bytes(of: path), file: path)
    }

    /// The one correction asked for: the only one of the file, or that of a name.
    public static func read(_ path: String, name: String?) throws(LookComplaint) -> NamedCDL {
        let all = try read(path)
        if let name {
            if let one = all.first(where: { $0.name == name }) { return one }
            throw LookComplaint(
                file: path, line: 0, "no correction \(quoted(name))", "one of \(names(all))")
        }
        guard all.count == 1 else {
            throw LookComplaint(
                file: path, line: 0, "\(all.count) corrections", "say which: \(names(all))")
        }
        return all[0]
    }

    private static func names(_ all: [NamedCDL]) -> String {
        let first = all.prefix(5).map { $0.name.isEmpty ? "(no id)" : $0.name }
        return first.joined(separator: ", ") + (all.count > 5 ? ", …" : "")
    }

    /// Writes one correction.
    public static func write(_ correction: NamedCDL, to path: String) throws(LookComplaint) {
        let container = try container(of: path)
        try LookFile.write(text: CDLText.text(of: [correction], in: container), to: path)
    }

    private static func container(of path: String) throws(LookComplaint) -> CDLText.Container {
        guard let container = CDLText.Container(rawValue: LookFile.ending(of: path)) else {
            throw LookComplaint(
                file: path, line: 0, "not a file of corrections", "a .cdl, a .ccc or a .cc")
        }
        return container
    }
}
