/// Triangles in boxes in boxes: which of them a ray may meet, without looking at all.
///
/// Boxes are halved in the middle of their longest side until a few triangles are left.
///
/// Sendable although it holds pointers, because nothing is written between `init` and `deallocate`;
/// pointers, because counting references to arrays took three quarters of a ray's time.
struct TriangleTree: @unchecked Sendable {
    private struct Box: Sendable {
        var low = SIMD3<Double>(repeating: .infinity)
        var high = SIMD3<Double>(repeating: -.infinity)
        /// Its triangles in `order`.
        var members: Range<Int>
        /// Its halves; 0: it has none.
        var halves = SIMD2<Int>(0, 0)

        mutating func take(_ point: SIMD3<Double>) {
            low = SIMD3(min(low.x, point.x), min(low.y, point.y), min(low.z, point.z))
            high = SIMD3(max(high.x, point.x), max(high.y, point.y), max(high.z, point.z))
        }
    }

    /// Triangles that are not divided further.
    private static let few = 4

    private let boxes: UnsafeMutablePointer<Box>
    private let order: UnsafeMutablePointer<Int>
    private let isEmpty: Bool

    /// Boxes round triangles, given by their corners.
    init(_ corners: [(SIMD3<Double>, SIMD3<Double>, SIMD3<Double>)]) {
        var builder = Builder(corners)
        if !corners.isEmpty { _ = builder.divide(0..<corners.count) }
        isEmpty = corners.isEmpty
        boxes = .copy(of: builder.boxes)
        order = .copy(of: builder.order)
    }

    /// Gives its memory back; nothing may look at it any more.
    func deallocate() {
        boxes.deallocate()
        order.deallocate()
    }

    /// Boxes while they are made.
    private struct Builder {
        var boxes: [Box] = []
        var order: [Int]
        let corners: [(SIMD3<Double>, SIMD3<Double>, SIMD3<Double>)]
        let middles: [SIMD3<Double>]

        init(_ corners: [(SIMD3<Double>, SIMD3<Double>, SIMD3<Double>)]) {
            self.corners = corners
            order = Array(corners.indices)
            middles = corners.map { ($0.0 + $0.1 + $0.2) / 3 }
        }

        /// Makes the box of some members, and those within it; returns its index.
        mutating func divide(_ members: Range<Int>) -> Int {
            let index = boxes.count
            var box = Box(members: members)
            var spread = Box(members: members)
            for triangle in order[members] {
                box.take(corners[triangle].0)
                box.take(corners[triangle].1)
                box.take(corners[triangle].2)
                spread.take(middles[triangle])
            }
            boxes.append(box)
            guard members.count > TriangleTree.few else { return index }
            let size = spread.high - spread.low
            let axis = size.x >= size.y && size.x >= size.z ? 0 : size.y >= size.z ? 1 : 2
            let cut = (spread.low[axis] + spread.high[axis]) / 2
            let middles = middles
            var middle = order[members].partition { middles[$0][axis] > cut }
            if middle == members.lowerBound || middle == members.upperBound {
                middle = members.lowerBound + members.count / 2
            }
            let first = divide(members.lowerBound..<middle)
            boxes[index].halves = SIMD2(first, divide(middle..<members.upperBound))
            return index
        }
    }

    /// A ray: where it starts, and one over each part of its direction.
    struct Ray {
        let eye: SIMD3<Double>
        let way: SIMD3<Double>
        fileprivate let perWay: SIMD3<Double>

        init(eye: SIMD3<Double>, way: SIMD3<Double>) {
            self.eye = eye
            self.way = way
            // A part of nearly nothing stays finite, so that zero times it is zero.
            func per(_ part: Double) -> Double { abs(part) < 1e-200 ? 1e200 : 1 / part }
            perWay = SIMD3(per(way.x), per(way.y), per(way.z))
        }
    }

    /// What looks at triangles: how far along a ray looking on is of use, lengths of `way`, and the
    /// next triangle that the ray may meet.
    protocol Search {
        var limit: Double { get }
        mutating func look(at triangle: Int, _ ray: Ray)
    }

    /// Lets a search look at the triangles a ray may meet, near boxes first.
    func each<Looking: Search>(along ray: Ray, _ search: inout Looking) {
        if !isEmpty { visit(0, ray, &search) }
    }

    private func visit<Looking: Search>(_ index: Int, _ ray: Ray, _ search: inout Looking) {
        guard entry(index, ray) < search.limit else { return }
        let halves = boxes[index].halves
        guard halves.x > 0 else {
            for place in boxes[index].members { search.look(at: order[place], ray) }
            return
        }
        // The nearer half first: what it holds may end the search.
        let isFirstNearer = entry(halves.x, ray) <= entry(halves.y, ray)
        visit(isFirstNearer ? halves.x : halves.y, ray, &search)
        visit(isFirstNearer ? halves.y : halves.x, ray, &search)
    }

    /// How far along the ray a box begins; infinite when the ray misses it.
    private func entry(_ index: Int, _ ray: Ray) -> Double {
        let box = boxes[index]
        let a = (box.low - ray.eye) * ray.perWay
        let b = (box.high - ray.eye) * ray.perWay
        let near = max(max(min(a.x, b.x), min(a.y, b.y)), max(min(a.z, b.z), 0))
        let far = min(min(max(a.x, b.x), max(a.y, b.y)), max(a.z, b.z))
        // A flat box is as thin as rounding.
        return near <= far + 1e-9 * (1 + abs(far)) ? near : .infinity
    }
}

extension UnsafeMutablePointer {
    /// A list's elements in memory of their own, to be deallocated by who asks.
    static func copy(of list: [Pointee]) -> UnsafeMutablePointer {
        let memory = allocate(capacity: Swift.max(1, list.count))
        list.withUnsafeBufferPointer { from in
            if let base = from.baseAddress { memory.initialize(from: base, count: from.count) }
        }
        return memory
    }
}
