import Color
import FrameModel
import Foundation
import Media

/// Materials, textures and pictures of a glTF file (glTF 2.0, 3.8 and 3.9), read when used.
struct GLTFMaterials {
    private let bytes: GLTFBytes
    private let materialEntries: [GLTFTree]
    private let textureEntries: [GLTFTree]
    private let imageEntries: [GLTFTree]
    private let samplers: [GLTFTree]
    private var materialPlaces: [Int: Int] = [:]
    private var texturePlaces: [Int: Int] = [:]
    private var pictures: [Int: Picture] = [:]
    private var texels = 0
    private(set) var materials: [MeshMaterial] = []
    private(set) var textures: [MeshTexture] = []
    /// What was met and is not supported.
    private(set) var unsupported: Set<String> = []
    /// glTF's linear Rec.709 → the working space.
    static let working = ColorMatrix.rgb(from: .rec709, to: .acesCG)

    init(_ bytes: GLTFBytes) throws(GLTFFault) {
        self.bytes = bytes
        materialEntries = try bytes.tree.list("materials", most: SceneLimits.meshMaterials)
        textureEntries = try bytes.tree.list("textures")
        imageEntries = try bytes.tree.list("images")
        samplers = try bytes.tree.list("samplers")
    }

    /// A colour in the working space.
    static func color(_ r: Double, _ g: Double, _ b: Double) -> SIMD3<Float> {
        SIMD3<Float>(working * ColorTriple(r, g, b))
    }

    /// Place of a primitive's material in the mesh; nil asks for the one that is always there.
    mutating func place(
        of reference: GLTFTree?, _ accessors: inout GLTFAccessors
    ) throws(GLTFFault) -> Int {
        let index = try reference?.integer(in: 0..<materialEntries.count) ?? -1
        if let known = materialPlaces[index] { return known }
        let material =
            index < 0
            ? MeshMaterial(name: "default") : try read(materialEntries[index], &accessors)
        materials.append(material)
        materialPlaces[index] = materials.count - 1
        return materials.count - 1
    }

    private mutating func read(
        _ entry: GLTFTree, _ accessors: inout GLTFAccessors
    ) throws(GLTFFault) -> MeshMaterial {
        var material = MeshMaterial(name: try entry.name())
        if let surface = try entry.member("pbrMetallicRoughness") {
            let base = try surface.numbers("baseColorFactor", count: 4) ?? [1, 1, 1, 1]
            material.base = SIMD4(
                GLTFMaterials.color(base[0], base[1], base[2]), Float(min(1, max(0, base[3]))))
            material.baseTexture = try texture(try surface.member("baseColorTexture"), &accessors)
            if try surface.member("metallicRoughnessTexture") != nil {
                unsupported.insert("metallic-roughness textures")
            }
        }
        let extensions = try entry.member("extensions")
        let glow = try extensions?.member("KHR_materials_emissive_strength")
        let strength = min(65504, max(0, try glow?.number("emissiveStrength") ?? 1))
        let emission = try entry.numbers("emissiveFactor", count: 3) ?? [0, 0, 0]
        material.emission = GLTFMaterials.color(
            emission[0] * strength, emission[1] * strength, emission[2] * strength)
        material.emissionTexture = try texture(try entry.member("emissiveTexture"), &accessors)
        material.isTwoSided = try entry.truth("doubleSided") ?? false
        material.alpha = try alpha(entry)
        if try extensions?.member("KHR_materials_unlit") == nil {
            unsupported.insert("lighting (colours are shown as they are)")
        }
        for key in ["normalTexture", "occlusionTexture"] where try entry.member(key) != nil {
            unsupported.insert(key == "normalTexture" ? "normal maps" : "occlusion maps")
        }
        return material
    }

    private func alpha(_ entry: GLTFTree) throws(GLTFFault) -> MeshMaterial.Alpha {
        switch try entry.text("alphaMode") ?? "OPAQUE" {
        case "OPAQUE": return .opaque
        case "BLEND": return .blend
        case "MASK":
            let cutoff = try entry.number("alphaCutoff") ?? 0.5
            return .mask(cutoff: Float(min(1, max(0, cutoff))))
        case let other:
            throw GLTFFault(
                place: entry.place + ".alphaMode", found: "\"\(other.prefix(20))\"",
                expected: "OPAQUE, MASK or BLEND is expected")
        }
    }

    /// Place in the mesh of the texture a material names.
    private mutating func texture(
        _ reference: GLTFTree?, _ accessors: inout GLTFAccessors
    ) throws(GLTFFault) -> Int? {
        guard let reference else { return nil }
        if try reference.integer("texCoord", in: 0..<16) ?? 0 != 0 {
            unsupported.insert("second texture coordinates")
        }
        if try reference.member("extensions")?.member("KHR_texture_transform") != nil {
            unsupported.insert("texture transforms")
        }
        let index = try reference.required("index").integer(in: 0..<textureEntries.count)
        if let known = texturePlaces[index] { return known }
        let entry = textureEntries[index]
        guard let source = try entry.member("source") else {
            unsupported.insert("textures without a picture we read")
            return nil
        }
        let picture = try picture(try source.integer(in: 0..<imageEntries.count), &accessors)
        var texture = MeshTexture(picture: picture)
        if let number = try entry.integer("sampler", in: 0..<samplers.count) {
            texture.wrapU = try wrap(samplers[number], "wrapS")
            texture.wrapV = try wrap(samplers[number], "wrapT")
        }
        textures.append(texture)
        texturePlaces[index] = textures.count - 1
        return textures.count - 1
    }

    private func wrap(_ sampler: GLTFTree, _ key: String) throws(GLTFFault) -> TextureWrap {
        switch try sampler.integer(key, in: 0..<65536) ?? 10497 {
        case 33071: return .clamp
        case 33648: return .mirror
        case 10497: return .repeat
        case let other:
            throw GLTFFault(
                place: sampler.place + "." + key, found: "\(other)",
                expected: "10497, 33071 or 33648 is expected")
        }
    }

    private mutating func picture(
        _ index: Int, _ accessors: inout GLTFAccessors
    ) throws(GLTFFault) -> Picture {
        if let known = pictures[index] { return known }
        let entry = imageEntries[index]
        let data: [UInt8]
        if let uri = try entry.text("uri") {
            data = try bytes.resolve(uri, entry)
        } else {
            data = try accessors.bytes(ofView: try entry.required("bufferView"))
        }
        let picture: Picture
        do throws(PictureFault) {
            picture = Picture(try PictureFile.decode(data))
        } catch {
            throw GLTFFault(
                place: entry.place, found: error.sentence, expected: "a PNG or JPEG is expected")
        }
        texels += picture.width * picture.height
        guard texels <= SceneLimits.meshTexels else {
            throw GLTFFault(
                place: entry.place, found: "brings the pictures to \(texels) pixels",
                expected: "at most \(SceneLimits.meshTexels) in all are taken: save them smaller")
        }
        pictures[index] = picture
        return picture
    }
}
