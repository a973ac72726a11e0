import Color
public import FrameModel
import Foundation
import Media

/// Writing of meshes as binary glTF 2.0, which the reader and other programs read.
///
/// Materials are unlit (KHR_materials_unlit), as ours are; colours are linear Rec.709, pictures
/// sRGB of 8 bits.
public enum GLBFile {
    /// A mesh's bytes.
    ///
    /// Nil when a picture cannot be written as PNG.
    /// - Parameter files: names of its pictures' files beside it; empty: they are written into it.
    public static func bytes(_ mesh: Mesh, pictures files: [String] = []) -> [UInt8]? {
        var writer = GLBWriter(files: files)
        return writer.write(mesh)
    }
}

/// A glTF file being put together: the description, and the buffer behind it.
private struct GLBWriter {
    let files: [String]
    private var buffer: [UInt8] = []
    private var views: [[String: Any]] = []
    private var accessors: [[String: Any]] = []
    private let toVideo = ColorMatrix.rgb(from: .acesCG, to: .rec709)

    init(files: [String]) { self.files = files }

    mutating func write(_ mesh: Mesh) -> [UInt8]? {
        var images: [[String: Any]] = files.map { ["uri": $0] }
        for texture in mesh.textures where files.isEmpty {
            guard let png = GLBFile.png(texture.picture) else { return nil }
            images.append(["bufferView": view(png), "mimeType": "image/png"])
        }
        let meshes = mesh.objects.map { object in
            ["name": object.name, "primitives": [primitive(object)]] as [String: Any]
        }
        var tree: [String: Any] = [
            "asset": ["version": "2.0", "generator": "Cyclorama"],
            "extensionsUsed": ["KHR_materials_unlit", "KHR_materials_emissive_strength"],
            "scene": 0,
            "scenes": [["name": mesh.name, "nodes": Array(mesh.objects.indices)]],
            "nodes": mesh.objects.enumerated().map {
                ["mesh": $0.offset, "name": $0.element.name]
            },
            "meshes": meshes, "materials": mesh.materials.map(material),
        ]
        if !images.isEmpty {
            tree["images"] = images
            tree["samplers"] = mesh.textures.map {
                [
                    "wrapS": wrap($0.wrapU), "wrapT": wrap($0.wrapV), "magFilter": 9729,
                    "minFilter": 9987,
                ]
            }
            tree["textures"] = mesh.textures.indices.map { ["source": $0, "sampler": $0] }
        }
        tree["accessors"] = accessors
        tree["bufferViews"] = views
        tree["buffers"] = [["byteLength": buffer.count]]
        let options: JSONSerialization.WritingOptions = [.sortedKeys, .withoutEscapingSlashes]
        guard let json = try? JSONSerialization.data(withJSONObject: tree, options: options)
        else { return nil }
        return container([UInt8](json))
    }

    /// Header and two chunks (glTF 2.0, 4.4.3).
    private func container(_ json: [UInt8]) -> [UInt8] {
        let text = json + [UInt8](repeating: 0x20, count: (4 - json.count % 4) % 4)
        let binary = buffer + [UInt8](repeating: 0, count: (4 - buffer.count % 4) % 4)
        var out: [UInt8] = []
        out.reserveCapacity(text.count + binary.count + 28)
        for word in [0x4654_6C67, 2, 28 + text.count + binary.count, text.count, 0x4E4F_534A] {
            out += littleEndian(UInt32(word))
        }
        out += text
        for word in [binary.count, 0x004E_4942] { out += littleEndian(UInt32(word)) }
        return out + binary
    }

    private func littleEndian(_ word: UInt32) -> [UInt8] {
        [0, 8, 16, 24].map { UInt8(truncatingIfNeeded: word >> UInt32($0)) }
    }

    private mutating func view(_ bytes: [UInt8]) -> Int {
        while buffer.count % 4 != 0 { buffer.append(0) }
        views.append(["buffer": 0, "byteOffset": buffer.count, "byteLength": bytes.count])
        buffer += bytes
        return views.count - 1
    }

    /// An accessor of 32-bit numbers.
    private mutating func accessor(
        _ words: [UInt32], type: String, component: Int, extra: [String: Any] = [:]
    ) -> Int {
        let bytes = words.withUnsafeBytes { Array($0) }
        let count =
            words.count / (type == "SCALAR" ? 1 : type == "VEC2" ? 2 : type == "VEC3" ? 3 : 4)
        accessors.append(
            [
                "bufferView": view(bytes), "componentType": component, "count": count,
                "type": type,
            ].merging(extra) { own, _ in own })
        return accessors.count - 1
    }

    private mutating func primitive(_ object: MeshObject) -> [String: Any] {
        // Stage axes (right, forward, up) → glTF's (right, up, backward).
        let places = object.positions.map { SIMD3($0.x, $0.z, -$0.y) }
        let low = places.reduce(places[0]) {
            SIMD3(min($0.x, $1.x), min($0.y, $1.y), min($0.z, $1.z))
        }
        let high = places.reduce(places[0]) {
            SIMD3(max($0.x, $1.x), max($0.y, $1.y), max($0.z, $1.z))
        }
        var attributes = [
            "POSITION": accessor(
                places.flatMap { [$0.x.bitPattern, $0.y.bitPattern, $0.z.bitPattern] },
                type: "VEC3", component: 5126,
                extra: ["min": [low.x, low.y, low.z], "max": [high.x, high.y, high.z]])
        ]
        if !object.uvs.isEmpty {
            attributes["TEXCOORD_0"] = accessor(
                object.uvs.flatMap { [$0.x.bitPattern, $0.y.bitPattern] }, type: "VEC2",
                component: 5126)
        }
        if !object.colors.isEmpty {
            attributes["COLOR_0"] = accessor(
                object.colors.flatMap { color -> [UInt32] in
                    let c = video(SIMD3(color.x, color.y, color.z))
                    return [c.x, c.y, c.z, color.w].map(\.bitPattern)
                }, type: "VEC4", component: 5126)
        }
        let indices = accessor(object.indices, type: "SCALAR", component: 5125)
        return ["attributes": attributes, "indices": indices, "material": object.material]
    }

    private func video(_ color: SIMD3<Float>) -> SIMD3<Float> {
        let c = toVideo * ColorTriple(Double(color.x), Double(color.y), Double(color.z))
        return SIMD3(Float(max(0, c.x)), Float(max(0, c.y)), Float(max(0, c.z)))
    }

    private func material(_ material: MeshMaterial) -> [String: Any] {
        let base = video(SIMD3(material.base.x, material.base.y, material.base.z))
        var surface: [String: Any] = [
            "baseColorFactor": [base.x, base.y, base.z, material.base.w], "metallicFactor": 0,
        ]
        if let index = material.baseTexture { surface["baseColorTexture"] = ["index": index] }
        var out: [String: Any] = [
            "name": material.name, "pbrMetallicRoughness": surface,
            "doubleSided": material.isTwoSided,
        ]
        // Factors go up to 1; the strength says how many times that.
        let light = video(material.emission)
        let strength = max(1, light.max())
        out["emissiveFactor"] = [light.x / strength, light.y / strength, light.z / strength]
        if let index = material.emissionTexture { out["emissiveTexture"] = ["index": index] }
        var extensions: [String: Any] = ["KHR_materials_unlit": [String: Any]()]
        if strength > 1 {
            extensions["KHR_materials_emissive_strength"] = ["emissiveStrength": strength]
        }
        out["extensions"] = extensions
        switch material.alpha {
        case .opaque: break
        case .mask(let cutoff):
            out["alphaMode"] = "MASK"
            out["alphaCutoff"] = cutoff
        case .blend: out["alphaMode"] = "BLEND"
        }
        return out
    }

    private func wrap(_ wrap: TextureWrap) -> Int {
        switch wrap {
        case .clamp: 33071
        case .repeat: 10497
        case .mirror: 33648
        }
    }
}

extension GLBFile {
    /// A picture's bytes as PNG: straight sRGB of 8 bits.
    static func png(_ picture: Picture) -> [UInt8]? {
        let m = ColorMatrix.rgb(from: .acesCG, to: .rec709)
        let rows = [m.row0, m.row1, m.row2].map { SIMD3<Float>($0) }
        let codes = table
        var pixels = [UInt8](repeating: 0, count: picture.pixels.count)
        for at in stride(from: 0, to: pixels.count, by: 4) {
            let alpha = picture.pixels[at + 3]
            let gain = alpha > 0 ? 1 / alpha : 0
            let color =
                SIMD3(picture.pixels[at], picture.pixels[at + 1], picture.pixels[at + 2]) * gain
            for channel in 0..<3 {
                let v = max(0, min(1, (rows[channel] * color).sum()))
                pixels[at + channel] = codes[Int((v * 65535).rounded())]
            }
            pixels[at + 3] = UInt8((min(1, max(0, alpha)) * 255).rounded())
        }
        return PNGFile.bytes(width: picture.width, height: picture.height, pixels: pixels)
    }

    /// Code values of light in steps of 1/65535, the darkest of which is a fifth of a code.
    private static var table: [UInt8] {
        (0...65535).map { step in
            let v = Float(step) / 65535
            let code = v <= 0.0031308 ? 12.92 * v : 1.055 * pow(v, 1 / 2.4) - 0.055
            return UInt8((code * 255).rounded())
        }
    }
}
