public import FrameModel

/// Scenes computed by us: shown at once, on any machine, with nothing to download.
///
/// The same name and width give the same picture. Numbers are scene-linear ACEScg with 1.0 meant
/// as 100 nits: each scene has lights well above 1,000.
public enum GeneratedScene {
    /// Names `named` knows.
    public static let names = [
        "lake", "clearing", "cathedral", "station", "mountain", "meadow", "pirate-ship",
    ]

    /// Widths a dome is computed at.
    public static let widths = 512...8192

    /// A scene by its name; nil when there is none of that name.
    /// - Parameter width: pixels of its dome round the horizon, a multiple of two within `widths`.
    public static func named(_ name: String, width: Int = 4096) -> Scene? {
        switch name {
        case "lake": lake(width: width)
        case "clearing": clearing(width: width)
        case "cathedral": cathedral(width: width)
        case "station": station(width: width)
        case "mountain": mountain(width: width)
        case "meadow": meadow(width: width)
        case "pirate-ship": pirateShip(width: width)
        default: nil
        }
    }

    /// Rays a vertex is lit by: a small set is for tests.
    private static func rays(_ width: Int) -> Int { width < 2048 ? 2 : 64 }

    /// A cathedral's nave: piers, a ribbed vault 20 m high, coloured windows up to 1,500 nits,
    /// candles from 1.2 m off, a rose window 45 m ahead, dust in the light.
    public static func cathedral(width: Int = 4096) -> Scene {
        Scene(
            name: "cathedral", dome: nil, cards: SetMotion.dust(),
            meshes: [Cathedral.mesh(rays: rays(width))])
    }

    /// A railway station at sunset: a train and an engine beside the platform, lamps, a roof of
    /// glass, open to the sky 66 m ahead, steam about the engine.
    public static func station(width: Int = 4096) -> Scene {
        precondition(widths.contains(width), "a generated dome is 512 … 8192 pixels wide")
        let hills = FarHills(
            near: 0.02, far: 0.05, count: 3, color: light(0.05, 0.04, 0.05),
            haze: light(1.1, 0.6, 0.38), seed: 52)
        let picture = Station.sky.panorama(width: width & ~1) { hills.over($0, $1) }
        return Scene(
            name: "station", dome: Dome(picture: picture), cards: SetMotion.steam(),
            meshes: [Station.mesh(rays: rays(width))])
    }

    /// A snowy mountain in the morning: firs from 9 m, a log cabin with lit windows at 14 m, rock
    /// and snow up to a summit 1.1 km ahead; it snows.
    public static func mountain(width: Int = 4096) -> Scene {
        precondition(widths.contains(width), "a generated dome is 512 … 8192 pixels wide")
        return Scene(
            name: "mountain", dome: Dome(picture: Mountain.sky.panorama(width: width & ~1)),
            cards: SetMotion.snow(),
            meshes: [Mountain.mesh(rays: rays(width) / 2)])
    }

    /// A meadow in early summer: grass and flowers from 1.5 m, a fence at 9 m, an oak at 13 m,
    /// hills under tall clouds, seeds in the wind.
    public static func meadow(width: Int = 4096) -> Scene {
        precondition(widths.contains(width), "a generated dome is 512 … 8192 pixels wide")
        return Scene(
            name: "meadow", dome: Dome(picture: Meadow.sky.panorama(width: width & ~1)),
            cards: SetMotion.seeds(),
            meshes: [Meadow.mesh(rays: rays(width) / 2)])
    }

    /// The deck of a pirate ship at sunset: guns from 3 m, lanterns of 2,700 nits, the foremast at
    /// 13 m, another ship at 130 m, an island at 900 m, gulls and the sea to the horizon.
    public static func pirateShip(width: Int = 4096) -> Scene {
        precondition(widths.contains(width), "a generated dome is 512 … 8192 pixels wide")
        return Scene(
            name: "pirate-ship",
            dome: Dome(picture: PirateShip.sky.panorama(width: width & ~1)),
            cards: SetMotion.gulls(),
            meshes: [PirateShip.mesh(width: width & ~1, rays: rays(width))])
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
