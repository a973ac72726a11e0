import FrameModel
import Geometry
import Glibc
import Lanes

extension StagePlan {
    /// One view's picture of the scene: dome, then cards far to near.
    /// - Frame path: yes
    func drawScene(
        _ scene: UnsafePointer<PreparedScene>, _ rays: Rays, _ region: cyc_region,
        _ target: cyc_planes
    ) {
        if scene.pointee.dome.levelCount == 0 {
            let count = Int(target.stride) &* Int(region.height) &* 4
            memset(target.red, 0, count)
            memset(target.green, 0, count)
            memset(target.blue, 0, count)
        } else {
            drawDome(scene, rays, region, target)
        }
        guard scene.pointee.cardCount > 0 else { return }
        var order = InlineArray<16, UInt8>(repeating: 0)
        var distances = InlineArray<16, Double>(repeating: 0)
        let count = scene.pointee.cardCount
        for card in 0..<count {
            let distance = (scene.pointee.cards[card].center - rays.eye).length
            var place = card
            while place > 0 && distances[place &- 1] < distance {
                distances[place] = distances[place &- 1]
                order[place] = order[place &- 1]
                place &-= 1
            }
            distances[place] = distance
            order[place] = UInt8(card)
        }
        for place in 0..<count {
            guard
                let map = CardMap.make(
                    scene, Int(order[place]), rays)
            else { continue }
            var constants = map
            kernels.card(&constants, region, target)
        }
    }

    /// The dome alone.
    /// - Frame path: yes
    func drawDome(
        _ scene: UnsafePointer<PreparedScene>, _ rays: Rays, _ region: cyc_region,
        _ target: cyc_planes
    ) {
        let view = DomeView(scene, rays)
        if var map = view.planeMap() {
            kernels.picture(&map, region, target)
        } else {
            var map = view.map()
            kernels.dome(&map, region, target)
        }
    }
}

/// The mip level whose texels are nearest to a pixel's step: finest whose step is below √2.
/// - Frame path: yes
func mipLevel(step: Double, count: Int) -> Int {
    var level = 0
    var step = step
    while step > 1.4142135623730951 && level &+ 1 < count {
        step *= 0.5
        level &+= 1
    }
    return level
}
