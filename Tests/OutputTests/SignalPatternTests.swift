import Color
import Output
import Testing

@Suite struct SignalPatternTests {
    private func row(_ pattern: SignalPattern, _ y: Int, frame: Int64) -> [[UInt16]] {
        var red = [UInt16](repeating: 0xFFFF, count: pattern.width)
        var (green, blue) = (red, red)
        pattern.drawRow(y, frame: frame, red: &red, green: &green, blue: &blue)
        return [red, green, blue]
    }

    @Test func `the frame number can be read from the strip`() {
        let pattern = SignalPattern(
            content: .chart, width: 1280, height: 720,
            codes: CodeFormat(depth: 10, range: .narrow))
        for frame in [Int64(0), 1, 0x8000_0001, 106_033_538_220] {
            let red = row(pattern, 10, frame: frame)[0]
            let read = (0..<32).reduce(UInt32(0)) { $0 << 1 | (red[$1 * 40 + 20] == 940 ? 1 : 0) }
            #expect(read == UInt32(truncatingIfNeeded: frame))
            #expect(red.allSatisfy { $0 == 64 || $0 == 940 })
        }
    }

    @Test func `ramps run from black to white in the legal codes`() {
        let pattern = SignalPattern(
            content: .chart, width: 640, height: 480,
            codes: CodeFormat(depth: 12, range: .narrow))
        let gray = row(pattern, 40, frame: 0)
        for plane in gray {
            #expect(plane.first == 256)
            #expect(plane.last == 3760)
            #expect(zip(plane, plane.dropFirst()).allSatisfy { $0 <= $1 })
        }
        let blue = row(pattern, 340, frame: 0)
        #expect(blue[0].allSatisfy { $0 == 256 })
        #expect(blue[2].last == 3760)
    }

    @Test func `only the rows said to change do, and the noise uses every code`() {
        let pattern = SignalPattern(
            content: .chart, width: 640, height: 480, codes: CodeFormat(depth: 8, range: .full))
        var seen = Set<UInt16>()
        for y in 0..<480 {
            let changes = row(pattern, y, frame: 4) != row(pattern, y, frame: 5)
            #expect(changes == pattern.changingRows.contains { $0.contains(y) })
            if y >= 360 { row(pattern, y, frame: 4).forEach { seen.formUnion($0) } }
        }
        #expect(seen == Set(0...255))
    }

    @Test func `any size is drawn whole`() {
        for content in SignalPattern.Content.allCases {
            for (width, height) in [(1, 1), (3, 33), (31, 40), (33, 7)] {
                let pattern = SignalPattern(
                    content: content, width: width, height: height,
                    codes: CodeFormat(depth: 8, range: .full))
                for y in 0..<height {
                    #expect(row(pattern, y, frame: 9).joined().allSatisfy { $0 <= 255 })
                }
            }
        }
    }
}
