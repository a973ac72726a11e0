import Foundation

/// A glTF file taken apart: its description, and where its buffers' bytes come from.
struct GLTFBytes {
    let tree: GLTFTree
    private let binary: [UInt8]?
    private let folder: String

    /// - Parameters:
    ///   - bytes: of a .glb or .gltf file, told apart by its first bytes.
    ///   - folder: where the files it names lie.
    init(_ bytes: [UInt8], folder: String) throws(GLTFFault) {
        self.folder = folder
        if bytes.starts(with: Array("glTF".utf8)) {
            let parts = try GLTFBytes.chunks(bytes)
            tree = try GLTFBytes.parse(parts.json)
            binary = parts.binary
        } else {
            tree = try GLTFBytes.parse(bytes[...])
            binary = nil
        }
    }

    private static func damaged(_ found: String) -> GLTFFault {
        GLTFFault(place: "", found: found, expected: "export the file again as glTF 2.0")
    }

    /// The chunks of a binary file (glTF 2.0, 4.4).
    private static func chunks(
        _ bytes: [UInt8]
    ) throws(GLTFFault) -> (json: ArraySlice<UInt8>, binary: [UInt8]?) {
        func word(_ at: Int) -> Int {
            (0..<4).reduce(0) { $0 | Int(bytes[at + $1]) << (8 * $1) }
        }
        guard bytes.count >= 20 else { throw damaged("ends within its header") }
        guard word(4) == 2 else { throw damaged("is glTF of version \(word(4)), not 2") }
        guard word(8) <= bytes.count else {
            throw damaged("has \(bytes.count) bytes of the \(word(8)) it announces")
        }
        let end = word(8)
        let length = word(12)
        guard word(16) == 0x4E4F_534A, length <= end - 20 else {
            throw damaged("does not begin with its description")
        }
        let json = bytes[20..<(20 + length)]
        let next = 20 + (length + 3) / 4 * 4
        guard next + 8 <= end, word(next + 4) == 0x004E_4942 else { return (json, nil) }
        let size = word(next)
        guard size <= end - next - 8 else { throw damaged("ends within its buffer") }
        return (json, Array(bytes[(next + 8)..<(next + 8 + size)]))
    }

    private static func parse(_ bytes: ArraySlice<UInt8>) throws(GLTFFault) -> GLTFTree {
        guard bytes.count <= GLTFLimits.descriptionBytes else {
            throw damaged("has a description of \(bytes.count) bytes")
        }
        guard let value = try? JSONDecoder().decode(JSONTree.self, from: Data(bytes)) else {
            throw damaged("has no description that is JSON")
        }
        return GLTFTree(value: value, place: "")
    }

    /// The bytes of a buffer.
    func buffer(_ entry: GLTFTree, index: Int) throws(GLTFFault) -> [UInt8] {
        let length = try entry.required("byteLength").integer(in: 1..<GLTFLimits.fileBytes)
        let bytes: [UInt8]
        if let uri = try entry.text("uri") {
            bytes = try resolve(uri, entry)
        } else if index == 0, let binary {
            bytes = binary
        } else {
            throw GLTFFault(
                place: entry.place, found: "has no uri", expected: "the name of its file is needed")
        }
        guard bytes.count >= length else {
            throw GLTFFault(
                place: entry.place, found: "has \(bytes.count) bytes",
                expected: "\(length) are announced: copy its file again")
        }
        return bytes.count == length ? bytes : Array(bytes[..<length])
    }

    /// The bytes a URI stands for: in itself (RFC 2397), or a file inside the folder.
    func resolve(_ uri: String, _ entry: GLTFTree) throws(GLTFFault) -> [UInt8] {
        if uri.hasPrefix("data:") {
            guard let comma = uri.firstIndex(of: ","), uri[..<comma].hasSuffix(";base64"),
                let data = Data(base64Encoded: String(uri[uri.index(after: comma)...]))
            else {
                throw GLTFFault(
                    place: entry.place + ".uri", found: "cannot be unpacked",
                    expected: "data in base64 is expected")
            }
            return [UInt8](data)
        }
        guard let name = uri.removingPercentEncoding, SceneFolder.stays(name),
            SceneFolder.isInside(folder + "/" + name, folder)
        else {
            throw GLTFFault(
                place: entry.place + ".uri", found: "\"\(uri.prefix(60))\"",
                expected: "a file inside the mesh's folder is expected")
        }
        return try GLTFBytes.read(folder + "/" + name, entry.place + ".uri")
    }

    /// All bytes of a file within the limit.
    static func read(_ path: String, _ place: String) throws(GLTFFault) -> [UInt8] {
        let facts = try? FileManager.default.attributesOfItem(atPath: path)
        guard let facts, facts[.type] as? FileAttributeType == .typeRegular else {
            throw GLTFFault(
                place: place, found: "\(path) is no file", expected: "check the name")
        }
        let size = facts[.size] as? Int ?? 0
        guard size <= GLTFLimits.fileBytes else {
            throw GLTFFault(
                place: place, found: "\(path) has \(size) bytes",
                expected: "at most \(GLTFLimits.fileBytes) are taken")
        }
        guard let data = FileManager.default.contents(atPath: path) else {
            throw GLTFFault(
                place: place, found: "\(path) cannot be read", expected: "check its permissions")
        }
        return [UInt8](data)
    }
}

/// Names of files a scene may use: those inside its folder.
enum SceneFolder {
    /// The name does not lead out of the folder by itself.
    static func stays(_ name: String) -> Bool {
        let parts = name.split(separator: "/", omittingEmptySubsequences: false)
        return !name.isEmpty && !name.contains("\0")
            && parts.allSatisfy { $0 != ".." && !$0.isEmpty }
    }

    /// The file, links followed, is inside the folder.
    static func isInside(_ path: String, _ folder: String) -> Bool {
        let home = URL(fileURLWithPath: folder).resolvingSymlinksInPath().standardizedFileURL.path
        let real = URL(fileURLWithPath: path).resolvingSymlinksInPath().standardizedFileURL.path
        return real.hasPrefix(home == "/" ? "/" : home + "/")
    }
}
