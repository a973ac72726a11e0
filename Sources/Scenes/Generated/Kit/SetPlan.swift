import FrameModel

/// A set being built: shapes with names, what they are made of, and the light they stand in.
struct SetPlan {
    private(set) var names: [String] = []
    private(set) var shapes: [SetShape] = []
    private(set) var materials: [MeshMaterial] = []
    private(set) var textures: [MeshTexture] = []

    /// Takes a picture in and gives its place.
    mutating func texture(_ picture: Picture, wrap: TextureWrap = .repeat) -> Int {
        textures.append(MeshTexture(picture: picture, wrapU: wrap, wrapV: wrap))
        return textures.count - 1
    }

    /// Takes a material in and gives its place; seen from both sides.
    mutating func material(
        _ name: String, _ picture: Picture? = nil, base: SIMD4<Float> = SIMD4(1, 1, 1, 1),
        emission: Light = .zero, glow: Picture? = nil, alpha: MeshMaterial.Alpha = .opaque,
        wrap: TextureWrap = .repeat
    ) -> Int {
        let place = picture.map { texture($0, wrap: wrap) }
        let light = glow.map { texture($0, wrap: wrap) }
        materials.append(
            MeshMaterial(
                name: name, base: base, baseTexture: place, emission: emission,
                emissionTexture: light, alpha: alpha, isTwoSided: true))
        return materials.count - 1
    }

    mutating func add(_ name: String, _ shape: SetShape) {
        guard !shape.indices.isEmpty else { return }
        names.append(name)
        shapes.append(shape)
    }

    /// A shape of a material, built and taken in.
    mutating func add(_ name: String, _ material: Int, _ build: (inout SetShape) -> Void) {
        var shape = SetShape(material: material)
        build(&shape)
        add(name, shape)
    }

    /// Scales the places in the picture of the last shape: a patch of its size in meters then shows
    /// it once.
    mutating func fitLast(_ scale: SIMD2<Float>) {
        shapes[shapes.count - 1].scalePlaces(scale)
    }

    /// The set lit, as a mesh.
    func mesh(_ name: String, _ sun: SetSun, rays: Int) -> Mesh {
        let surfaces = materials.enumerated().map { index, material in
            var surface = SetLight.Surface()
            let base = Light(material.base.x, material.base.y, material.base.z)
            let tints = shapes.filter { $0.material == index }.map(\.meanTint)
            let tint = tints.reduce(Light.zero, +) / Float(max(1, tints.count))
            surface.albedo = base * mean(material.baseTexture) * tint
            surface.emission = material.emission * mean(material.emissionTexture)
            if case .mask = material.alpha { surface.isThin = material.emission == .zero }
            surface.isClear = material.alpha == .blend
            return surface
        }
        let colors = SetLight.colors(shapes, surfaces, sun, rays: rays)
        let objects = shapes.indices.map { shapes[$0].object(names[$0], colors[$0][...]) }
        return Mesh(name: name, objects: objects, materials: materials, textures: textures)
    }

    /// Mean colour of a picture where it is opaque.
    private func mean(_ texture: Int?) -> Light {
        guard let texture else { return Light(1, 1, 1) }
        let pixels = textures[texture].picture.pixels
        var sum = SIMD4<Float>.zero
        for at in stride(from: 0, to: pixels.count, by: 4 * 61) {
            sum += SIMD4(pixels[at], pixels[at + 1], pixels[at + 2], pixels[at + 3])
        }
        return Light(sum.x, sum.y, sum.z) / max(sum.w, 1e-3)
    }
}
