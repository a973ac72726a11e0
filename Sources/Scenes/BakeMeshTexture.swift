import FrameModel
import Lanes

/// Materials' pictures → textures whose sides are powers of two, as mip levels.
///
/// Factors are multiplied in and emission is added, so that a sample of one texture is the light.
struct MeshTextureBake {
    /// One level: straight or premultiplied colour, and coverage where it is masked.
    private struct Level {
        var picture: Picture
        var coverage: [UInt8]

        /// Texels with their border.
        var texelCount: Int { (picture.width + 2) * (picture.height + 2) }
        /// The same where there is coverage.
        var coverageCount: Int { coverage.isEmpty ? 0 : texelCount }
    }

    private struct Texture {
        var levels: [Level]
        var wrapU: TextureWrap
        var wrapV: TextureWrap
    }

    private var textures: [Texture] = []

    /// Bakes a material's texture, and its emission's when it has to stand apart.
    mutating func add(
        _ material: MeshMaterial, _ pictures: [MeshTexture], emissionApart: Bool
    ) -> (texture: Int, emission: Int?) {
        let base = material.baseTexture.map { pictures[$0] }
        let glow = material.emissionTexture.map { pictures[$0] }
        let emits = material.emission != SIMD3(0, 0, 0)
        // Two pictures that go on differently beyond their edges cannot be one.
        let isApart =
            emits && base != nil && glow != nil
            && (base?.wrapU != glow?.wrapU || base?.wrapV != glow?.wrapV)
        let apart = emits && (emissionApart || isApart)
        var picture = MeshPixels.colored(base?.picture, material)
        if emits && !apart {
            picture = MeshPixels.sum(picture, MeshPixels.emission(glow?.picture, material))
        }
        textures.append(texture(picture, base ?? (apart ? nil : glow), material.alpha))
        let index = textures.count - 1
        guard apart else { return (index, nil) }
        textures.append(texture(MeshPixels.emission(glow?.picture, material), glow, .opaque))
        return (index, index + 1)
    }

    private func texture(
        _ picture: Picture, _ like: MeshTexture?, _ alpha: MeshMaterial.Alpha
    ) -> Texture {
        var levels = [MeshPixels.powerOfTwo(picture)]
        while levels[levels.count - 1].width * levels[levels.count - 1].height > 1 {
            levels.append(MeshPixels.halved(levels[levels.count - 1]))
        }
        var baked = levels.map { Level(picture: $0, coverage: []) }
        if case .mask(let cutoff) = alpha {
            let straight = MeshPixels.straightened(levels)
            let share = MeshPixels.share(of: levels[0], above: cutoff)
            for index in baked.indices {
                baked[index].picture = straight[index]
                baked[index].coverage = MeshPixels.coverage(
                    levels[index], cutoff: cutoff, share: index == 0 ? nil : share)
            }
        }
        return Texture(
            levels: baked, wrapU: like?.wrapU ?? .repeat, wrapV: like?.wrapV ?? .repeat)
    }

    /// Takes places for the table, the texels and the coverage of all.
    func layout(_ layout: inout MeshLayout, from bytes: inout Int) {
        layout.textures = bytes
        bytes = BakeLayout.align(bytes + textures.count * MemoryLayout<cyc_mesh_texture>.stride)
        layout.texels = bytes
        bytes = BakeLayout.align(bytes + 8 * places(\.texelCount).end + 16)
        layout.coverage = bytes
        bytes = BakeLayout.align(bytes + places(\.coverageCount).end + 16)
    }

    /// First place of each level of each texture, border included, and the end of all.
    private func places(_ count: (Level) -> Int) -> (starts: [[Int]], end: Int) {
        var end = 0
        let starts = textures.map { texture in
            texture.levels.map { level in
                defer { end += count(level) }
                return end
            }
        }
        return (starts, end)
    }

    /// Lays table, texels and coverage into the block.
    func bake(
        _ layout: MeshLayout, in block: UnsafeMutableRawPointer, _ data: inout cyc_mesh_data
    ) {
        let (texelStarts, texelEnd) = places(\.texelCount)
        let (coverageStarts, coverageEnd) = places(\.coverageCount)
        let table = (block + layout.textures).bindMemory(
            to: cyc_mesh_texture.self, capacity: textures.count)
        let texels = (block + layout.texels).bindMemory(to: UInt64.self, capacity: texelEnd + 2)
        let coverage = (block + layout.coverage).bindMemory(
            to: UInt8.self, capacity: coverageEnd + 16)
        for (index, texture) in textures.enumerated() {
            (table + index).initialize(
                to: entry(texture, texelStarts[index], coverageStarts[index]))
            for (number, level) in texture.levels.enumerated() {
                write(
                    level, texture, texels + texelStarts[index][number],
                    coverage + coverageStarts[index][number])
            }
        }
        data.textures = UnsafePointer(table)
        data.texels = UnsafePointer(texels)
        data.coverage = UnsafePointer(coverage)
    }

    private func entry(_ texture: Texture, _ texels: [Int], _ coverage: [Int]) -> cyc_mesh_texture {
        var entry = cyc_mesh_texture()
        entry.width = Int32(texture.levels[0].picture.width)
        entry.height = Int32(texture.levels[0].picture.height)
        entry.levels = Int32(texture.levels.count)
        entry.wrap_u = texture.wrapU.rawValue
        entry.wrap_v = texture.wrapV.rawValue
        withUnsafeMutableBytes(of: &entry.level) { bytes in
            let levels = bytes.bindMemory(to: Int32.self)
            for (index, level) in texture.levels.enumerated() {
                levels[index] = Int32(texels[index] + level.picture.width + 3)
            }
        }
        withUnsafeMutableBytes(of: &entry.coverage) { bytes in
            let levels = bytes.bindMemory(to: Int32.self)
            for (index, level) in texture.levels.enumerated() {
                levels[index] = Int32(coverage[index] + level.picture.width + 3)
            }
        }
        return entry
    }

    /// One level with its border, which goes on as the texture does.
    private func write(
        _ level: Level, _ texture: Texture, _ texels: UnsafeMutablePointer<UInt64>,
        _ coverage: UnsafeMutablePointer<UInt8>
    ) {
        let (width, height) = (level.picture.width, level.picture.height)
        for row in -1...height {
            let from = texture.wrapV.inside(row, height)
            for column in -1...width {
                let source = texture.wrapU.inside(column, width)
                let at = (row + 1) * (width + 2) + column + 1
                texels[at] = BakeLayout.texel(level.picture.color(source, from))
                if !level.coverage.isEmpty { coverage[at] = level.coverage[from * width + source] }
            }
        }
    }
}

extension TextureWrap {
    /// The texel that stands one step beyond an edge, or the place itself.
    fileprivate func inside(_ place: Int, _ count: Int) -> Int {
        if place >= 0 && place < count { return place }
        switch self {
        // A mirrored picture goes on with its own edge.
        case .clamp, .mirror: return place < 0 ? 0 : count - 1
        case .repeat: return place < 0 ? count - 1 : 0
        }
    }
}
