import Control
import FrameModel
import StageModel
import TestSupport
import Testing

@Suite struct SessionFuzzTests {
    static let words = [
        "get", "set", "list", "help", "subscribe", "unsubscribe", "undo", "reset", "version",
        "events", "200",
        "fade", "all/exposure", "all", "stage/blackout", "wall/main/cdl/slope", "scene/offset",
        "inner/a/cdl/power/red", "camera/b/fixed/position", "status/frame", "/", "1", "-1e308",
        "nan", "inf", "0x1p9", "on", "off", "2s", "48f", "9999999999999999999f", "", "\u{301}",
        "#", "\t", "\r", "é", "1e400", "-0",
    ]

    static let paths = ["all/exposure", "scene/scale", "all/cdl/power/blue", "camera/b/fixed/pan"]

    /// One line of a seeded mixture: sense, nonsense, bytes.
    func input(_ random: inout SeededRandom) -> [UInt8] {
        switch Int.random(in: 0...9, using: &random) {
        case 0:
            let count = Int.random(in: 0...60, using: &random)
            return (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
        case 1:
            let count = Int.random(in: 4000...5000, using: &random)
            return [UInt8](repeating: UInt8.random(in: 11...255, using: &random), count: count)
        case 2, 3, 4:
            let path = Self.paths.randomElement(using: &random)!
            let value = Double.random(in: -20...20, using: &random)
            let length = Int.random(in: -1...90, using: &random)
            let fade = length > 0 ? " fade \(length)f" : ""
            return Array("set \(path) \(value)\(fade)\n".utf8)
        default:
            let count = Int.random(in: 1...6, using: &random)
            let words = (0..<count).map { _ in Self.words.randomElement(using: &random)! }
            return Array((words.joined(separator: " ") + "\n").utf8)
        }
    }

    @Test func `100000 seeded inputs leave every value in its range and every answer a line`() {
        let seed: UInt64 = 20_240_607
        var random = SeededRandom(seed: seed)
        var desk = Desk()
        var last: UInt64 = 0
        for i in 0..<100_000 {
            desk.context.frame += Int64.random(in: 0...3, using: &random)
            desk.context.nanoseconds += 5_000_000
            let bytes = input(&random)
            desk.session.receive(bytes, document: &desk.document, context: desk.context)
            let revision = desk.document.revision
            #expect(revision >= last, "seed \(seed), input \(i)")
            last = revision
            if desk.session.isOverflowing || i % 997 == 0 { desk.session = ControlSession() }
            let output = desk.session.takeOutput()
            #expect(output.last ?? 10 == 10 && !output.contains(0), "seed \(seed), input \(i)")
            _ = desk.session.notify(desk.document, context: desk.context)
            if i % 100 == 0 { check(desk, seed, i) }
        }
        #expect(last > 1000)
    }

    func check(_ desk: Desk, _ seed: UInt64, _ input: Int) {
        for parameter in desk.document.tree.parameters where !parameter.isReadOnly {
            let now = desk.document.values(parameter, atFrame: desk.context.frame)
            let inside = (now + desk.document.target(parameter)).allSatisfy {
                parameter.range.contains($0)
            }
            #expect(inside, "seed \(seed), input \(input), \(parameter.path)")
        }
    }
}
