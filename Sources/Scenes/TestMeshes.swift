public import FrameModel
import Glibc

extension TestScenes {
    /// A room of triangles of every kind: checkered tiles round the stage, some with vertex
    /// colours, leaves cut by a mask, panes of glass, a card among them, over a direction dome.
    ///
    /// The tiles stand 4 m round the middle, from the floor to 3 m; some lie across the eye.
    public static func meshes(tiles: Int = 24) -> Scene {
        var scene = cards(atMeters: [3], pixels: 64)
        scene.name = "meshes"
        var objects: [MeshObject] = []
        for index in 0..<tiles {
            let angle = Float(index) / Float(tiles) * 2 * .pi
            var tile = MeshBuilder()
            let right = SIMD3(cosf(angle), -sinf(angle), 0)
            let foot = SIMD3(sinf(angle), cosf(angle), 0) * 4 - right * 0.45
            let warm = light(1, 0.6 + 0.4 * sinf(angle), 0.5)
            tile.quad(
                foot, right * 0.9, SIMD3(0, 0, 3), low: warm, high: light(1, 1, 1))
            objects.append(tile.object("tile \(index + 1)", material: index % 4))
        }
        var floor = MeshBuilder()
        floor.quad(
            SIMD3(-6, -6, 0), SIMD3(12, 0, 0), SIMD3(0, 12, 0), low: light(0.2, 0.2, 0.2),
            high: light(0.2, 0.2, 0.2))
        objects.append(floor.object("floor", material: 0))
        let disc = Picture(
            width: 32, height: 32,
            pixels: (0..<1024).flatMap { place -> [Float] in
                let (x, y) = (Float(place % 32) - 15.5, Float(place / 32) - 15.5)
                let alpha = limited(14 - (x * x + y * y).squareRoot())
                return [alpha * 0.2, alpha * 0.5, alpha * 0.1, alpha]
            })
        scene.meshes = [
            Mesh(
                name: "room", objects: objects,
                materials: [
                    MeshMaterial(name: "checker", baseTexture: 0, isTwoSided: true),
                    MeshMaterial(
                        name: "leaf", baseTexture: 1, alpha: .mask(cutoff: 0.5), isTwoSided: true),
                    MeshMaterial(
                        name: "glass", base: SIMD4(0.5, 0.6, 0.5, 0.4), alpha: .blend,
                        isTwoSided: true),
                    MeshMaterial(
                        name: "lamp", base: SIMD4(0.1, 0.1, 0.1, 1), emission: light(4, 3, 2),
                        isTwoSided: true),
                ],
                textures: [
                    MeshTexture(picture: scene.cards[0].picture), MeshTexture(picture: disc),
                ])
        ]
        return scene
    }
}
