import FrameModel
import Geometry
import Lanes

/// The cards a patch sees, nearest first, as far as the first that hides all the rest.
struct CardStack: BitwiseCopyable {
    private var maps: InlineArray<16, CardMap?> = InlineArray(repeating: nil)
    private(set) var count = 0
    /// The last card is opaque all over the patch: nothing behind it is seen.
    private(set) var hidesDome = false

    /// - Frame path: yes
    init(_ scene: UnsafePointer<PreparedScene>, _ rays: Rays, _ filtering: Filtering) {
        let order = CardOrder(scene, rays.eye)
        var place = order.count
        while place > 0 && !hidesDome {
            place &-= 1
            if let map = CardMap(scene, order.card(place), rays, filtering) {
                let content = map.content(columns: (0, rays.width), height: rays.height)
                if content.shows != .clear {
                    maps[count] = map
                    count &+= 1
                }
                hidesDome = content.shows == .solid
            }
        }
    }

    /// A card of the stack; 0 is the nearest.
    /// - Frame path: yes
    subscript(index: Int) -> CardMap { maps[index]! }
}
