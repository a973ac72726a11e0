import FrameModel
import Geometry
import Lanes

/// The cards a patch sees, nearest first, as far as the first that hides all the rest.
///
/// The cards lie in the worker's scratch: they are large, and a value of them would be copied at
/// every strip.
struct CardStack: BitwiseCopyable {
    private let maps: UnsafeMutablePointer<CardMap>
    private(set) var count = 0
    /// The last card is opaque all over the patch: nothing behind it is seen.
    private(set) var hidesDome = false

    /// - Frame path: yes
    init(
        _ scene: UnsafePointer<PreparedScene>, _ rays: Rays, _ filtering: Filtering,
        in maps: UnsafeMutablePointer<CardMap>
    ) {
        self.maps = maps
        let order = CardOrder(scene, rays.eye)
        var place = order.count
        while place > 0 && !hidesDome {
            place &-= 1
            guard let map = CardMap(scene, order.card(place), rays, filtering) else { continue }
            maps[count] = map
            let content = maps[count].content(columns: (0, rays.width), height: rays.height)
            if content.shows != .clear { count &+= 1 }
            hidesDome = content.shows == .solid
        }
    }

    /// A card of the stack; 0 is the nearest.
    /// - Frame path: yes
    subscript(index: Int) -> UnsafePointer<CardMap> { UnsafePointer(maps + index) }
}
