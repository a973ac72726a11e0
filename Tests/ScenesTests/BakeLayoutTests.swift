import Testing

@testable import Scenes

@Suite struct BakeLayoutTests {
    /// Twenty rows of five cache lines each, in a cache of 64 places.
    @Test func `rows of texels of any width lie side by side in a first-level cache`() {
        for width in 1...8192 {
            let level = BakeLayout.Level(offset: 0, width: width, height: 1, faces: 1)
            #expect(level.stride >= width + 2 && level.stride % 8 == 0)
            var shared = [Int](repeating: 0, count: 64)
            for row in 0..<20 {
                for line in 0..<5 { shared[(row * level.stride / 8 + line) % 64] += 1 }
            }
            #expect(shared.max()! <= 3, "width \(width)")
        }
    }
}
