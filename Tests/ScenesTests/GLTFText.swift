import Foundation

/// glTF files put together number by number, so that what they hold is known.
struct GLTFText {
    var buffer: [UInt8] = []
    var views: [String] = []
    var accessors: [String] = []
    var attributes = ""
    /// Members of the primitive behind its attributes.
    var primitive = ""
    var nodes = #"[{"mesh": 0}]"#
    /// Members of the file behind its buffers.
    var more = ""
    var uri: String?

    /// Adds a view of some bytes, and an accessor of it; returns the accessor's index.
    mutating func add(
        _ bytes: [UInt8], type: String, component: Int, count: Int, stride: Int? = nil,
        offset: Int = 0, extra: String = ""
    ) -> Int {
        while buffer.count % 4 != 0 { buffer.append(0) }
        let step = stride.map { ", \"byteStride\": \($0)" } ?? ""
        views.append(
            """
            {"buffer": 0, "byteOffset": \(buffer.count), "byteLength": \(bytes.count)\(step)}
            """)
        buffer += bytes
        accessors.append(
            """
            {"bufferView": \(views.count - 1), "byteOffset": \(offset), "type": "\(type)",
             "componentType": \(component), "count": \(count)\(extra)}
            """)
        return accessors.count - 1
    }

    static func floats(_ numbers: [Float]) -> [UInt8] {
        numbers.flatMap { number in withUnsafeBytes(of: number.bitPattern) { [UInt8]($0) } }
    }

    static func words(_ numbers: [UInt16]) -> [UInt8] {
        numbers.flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] }
    }

    var text: String {
        let data =
            uri ?? "data:application/octet-stream;base64," + Data(buffer).base64EncodedString()
        return """
            {"asset": {"version": "2.0"}, "scene": 0, "scenes": [{"nodes": [0]}],
             "nodes": \(nodes),
             "meshes": [{"name": "it",
                         "primitives": [{"attributes": {\(attributes)}\(primitive)}]}],
             "accessors": [\(accessors.joined(separator: ",\n"))],
             "bufferViews": [\(views.joined(separator: ",\n"))],
             "buffers": [{"byteLength": \(buffer.count), "uri": "\(data)"}]\(more)}
            """
    }

    /// One triangle: (0, 0, 0), (1, 0, 0), (0, 1, 0).
    static func triangle() -> GLTFText {
        var text = GLTFText()
        let place = text.add(
            floats([0, 0, 0, 1, 0, 0, 0, 1, 0]), type: "VEC3", component: 5126, count: 3)
        text.attributes = "\"POSITION\": \(place)"
        return text
    }
}

/// A folder that is gone afterwards.
func withSceneFolder(_ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory
        .appendingPathComponent("cyclorama-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(folder.path)
}
