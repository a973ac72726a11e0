public import FrameModel

/// Scenes computed by us: shown at once, on any machine, with nothing to download.
///
/// The same name and width give the same picture. Numbers are scene-linear ACEScg with 1.0 meant
/// as 100 nits: each scene has lights well above 1,000.
public enum GeneratedScene {
    /// Names `named` knows.
    public static let names = ["lake", "clearing"]

    /// Widths a dome is computed at.
    public static let widths = 512...8192

    /// A scene by its name; nil when there is none of that name.
    /// - Parameter width: pixels of its dome round the horizon, a multiple of two within `widths`.
    public static func named(_ name: String, width: Int = 4096) -> Scene? {
        switch name {
        case "lake": lake(width: width)
        case "clearing": clearing(width: width)
        default: nil
        }
    }

    /// A clearing in a wood at sunset, of triangles: ground, trees, grass, a ring of columns 5.6 m
    /// off and lanterns at 3.9 m, before the lake's sky.
    public static func clearing(width: Int = 4096) -> Scene {
        precondition(widths.contains(width), "a generated dome is 512 … 8192 pixels wide")
        var scene = clearingMesh()
        scene.dome = Dome(picture: LakeDome(width: width & ~1).paint())
        return scene
    }

    /// The clearing without a sky: what is measured.
    public static func clearingMesh() -> Scene {
        Scene(name: "clearing", dome: nil, meshes: [Clearing().mesh()])
    }

    /// A mountain lake at sunset: snow peaks and their reflection on the dome; pines at 18 m, a
    /// lantern at 13 m, a jetty from 4.5 m to 13.5 m, pines at 8 m and reeds at 3 m on cards.
    ///
    /// The sun stands 28° right of forward; the water is 0.7 m below the stage floor.
    public static func lake(width: Int = 4096) -> Scene {
        precondition(widths.contains(width), "a generated dome is 512 … 8192 pixels wide")
        let dome = LakeDome(width: width & ~1).paint()
        return Scene(name: "lake", dome: Dome(picture: dome), cards: LakeCards(width: width).all())
    }
}
