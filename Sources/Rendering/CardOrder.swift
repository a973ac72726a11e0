import FrameModel
import Geometry

/// A scene's cards, far to near by their centres.
struct CardOrder: BitwiseCopyable {
    let count: Int
    private var cards: InlineArray<16, UInt8> = InlineArray(repeating: 0)
    private var distances: InlineArray<16, Double> = InlineArray(repeating: 0)

    /// - Frame path: yes
    init(_ scene: UnsafePointer<PreparedScene>, _ eye: Vector3) {
        count = scene.pointee.cardCount
        var card = 0
        while card < count {
            let way = scene.pointee.cards[card].center - eye
            let distance = way.dot(way)
            var place = card
            while place > 0 && distances[place &- 1] < distance {
                distances[place] = distances[place &- 1]
                cards[place] = cards[place &- 1]
                place &-= 1
            }
            distances[place] = distance
            cards[place] = UInt8(card)
            card &+= 1
        }
    }

    /// - Frame path: yes
    func card(_ place: Int) -> Int { Int(cards[place]) }

    /// - Frame path: yes
    func squaredDistance(_ place: Int) -> Double { distances[place] }
}
