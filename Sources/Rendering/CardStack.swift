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
    init(_ scene: UnsafePointer<PreparedScene>, _ rays: Rays) {
        let order = CardStack.nearestFirst(scene, rays.eye)
        var place = 0
        while place < scene.pointee.cardCount && !hidesDome {
            if let map = CardMap(scene, Int(order[place]), rays) {
                let content = map.content(columns: (0, rays.width), height: rays.height)
                if content.shows != .clear {
                    maps[count] = map
                    count &+= 1
                }
                hidesDome = content.shows == .solid
            }
            place &+= 1
        }
    }

    /// A card of the stack; 0 is the nearest.
    /// - Frame path: yes
    subscript(index: Int) -> CardMap { maps[index]! }

    /// Cards in the order of their centres' distance, which is the order of painting turned round.
    /// - Frame path: yes
    private static func nearestFirst(
        _ scene: UnsafePointer<PreparedScene>, _ eye: Vector3
    ) -> InlineArray<16, UInt8> {
        var order = InlineArray<16, UInt8>(repeating: 0)
        var distances = InlineArray<16, Double>(repeating: 0)
        for card in 0..<scene.pointee.cardCount {
            let distance = (scene.pointee.cards[card].center - eye).length
            var place = card
            // Of two as far away the later one lies over the earlier.
            while place > 0 && distances[place &- 1] >= distance {
                distances[place] = distances[place &- 1]
                order[place] = order[place &- 1]
                place &-= 1
            }
            distances[place] = distance
            order[place] = UInt8(card)
        }
        return order
    }
}
