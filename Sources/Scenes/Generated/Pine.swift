import Glibc

/// A conifer painted branch by branch and needle by needle, lit from behind and the right.
struct Pine {
    /// Meters from foot to top.
    let height: Float
    /// Meters the lowest branches reach.
    let spread: Float
    /// Light through the needles' edges on the sun's side.
    let rim: Light
    /// Light of the air in front of the tree.
    let air: Light
    /// Needle strokes along a branch.
    let needles: Int

    private struct Branch {
        var root: SIMD2<Float>
        var reach: SIMD2<Float>
        /// −1 away from us … 1 towards us.
        var front: Float
        var size: Float
    }

    func paint(_ brush: inout Brush, foot: SIMD2<Float>, numbers: inout NumberStream) {
        let lean = numbers.next(-0.02...0.02) * height
        let top = foot + SIMD2(lean, height)
        let bark = light(0.014, 0.010, 0.008) + air
        brush.stroke(
            foot, top, width: (height * 0.024 + 0.02, 0.012), color: (bark, bark))
        var branches: [Branch] = []
        let whorls = Int(18 + height * 4)
        for whorl in 0..<whorls {
            // 0 at the top, 1 at the lowest branches.
            let t = (Float(whorl) + numbers.next()) / Float(whorls)
            let root = top + (foot - top) * (0.015 + t * 0.88)
            let length = spread * (0.06 + powf(t, 0.80)) * (t > 0.85 ? 1.25 - 0.3 * t : 1)
            for _ in 0..<Int(numbers.next(5...10)) {
                let around = numbers.next() * 2 * .pi
                let size = length * numbers.next(0.55...1.12)
                let droop = numbers.next(-0.45...(-0.10)) + 0.25 * (1 - t)
                branches.append(
                    Branch(
                        root: root,
                        reach: SIMD2(
                            cosf(around) * size, droop * size - abs(sinf(around)) * size * 0.18),
                        front: -sinf(around), size: size))
            }
        }
        // From the back to the front, lower before upper as they were made last to first.
        for branch in branches.reversed().sorted(by: { $0.front < $1.front }) {
            paint(branch, &brush, numbers: &numbers)
        }
    }

    private func paint(_ branch: Branch, _ brush: inout Brush, numbers: inout NumberStream) {
        let side = limited(0.5 + 0.5 * branch.reach.x / max(0.05, spread))
        let dark = light(0.0065, 0.0095, 0.0068) * (0.7 + 0.6 * (branch.front * 0.5 + 0.5)) + air
        let green = light(0.016, 0.021, 0.011) + air
        let edge = mix(green, rim + air, side * side * numbers.next(0.05...0.75))
        let sag = SIMD2(0, -0.10 * branch.size)
        let tip = branch.root + branch.reach + SIMD2(0, 0.10 * branch.size)
        let middle = branch.root + branch.reach * 0.55 + sag
        brush.curve(
            [branch.root, middle, tip], width: (0.012 + 0.01 * branch.size, 0.006),
            color: (dark, green))
        let count = max(4, Int(Float(needles) * (0.35 + branch.size)))
        for i in 0..<count {
            let t = (Float(i) + numbers.next()) / Float(count)
            let on =
                t < 0.5
                ? branch.root + (middle - branch.root) * (2 * t)
                : middle + (tip - middle) * (2 * t - 1)
            let long = (0.07 + 0.15 * branch.size) * numbers.next(0.6...1.3) * (1.15 - 0.6 * t)
            let hang = SIMD2(
                branch.reach.x / max(0.05, branch.size) * 0.55 + numbers.next(-0.5...0.5),
                numbers.next(-0.95...0.28))
            let outer = mix(mix(dark, green, t), edge, t * numbers.next(0.3...1))
            brush.stroke(on, on + hang * long, width: (0.030, 0.007), color: (dark, outer))
        }
    }
}
