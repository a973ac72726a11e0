import Color
import Output
import StageModel
import TestSupport

/// A picture of codes in arrays, and how a test packs it.
struct Picture {
    let width: Int
    let height: Int
    var red: [UInt16]
    var green: [UInt16]
    var blue: [UInt16]

    init(width: Int, height: Int, _ code: (Int, Int) -> (UInt16, UInt16, UInt16)) {
        self.width = width
        self.height = height
        let all = (0..<height).flatMap { y in (0..<width).map { x in code(x, y) } }
        red = all.map(\.0)
        green = all.map(\.1)
        blue = all.map(\.2)
    }

    static func random(width: Int, height: Int, depth: Int, seed: UInt64) -> Picture {
        var random = SeededRandom(seed: seed)
        let limit = UInt16(1 << depth) - 1
        return Picture(width: width, height: height) { _, _ in
            (
                .random(in: 0...limit, using: &random), .random(in: 0...limit, using: &random),
                .random(in: 0...limit, using: &random)
            )
        }
    }

    /// Packs tiles of a canvas into memory with canaries around it; every canary must survive.
    func packed(_ packer: CanvasPacker, tiles: [CanvasRect]? = nil) -> [UInt8] {
        let guardBytes = 64
        var memory = [UInt8](repeating: 0xA5, count: packer.byteCount + 2 * guardBytes)
        memory.withUnsafeMutableBytes { bytes in
            let canvas = bytes.baseAddress! + guardBytes
            for tile in tiles ?? [CanvasRect(x: 0, y: 0, width: width, height: height)] {
                pack(tile, packer, canvas)
            }
        }
        let before = memory[..<guardBytes]
        let after = memory[(guardBytes + packer.byteCount)...]
        precondition((before + after).allSatisfy { $0 == 0xA5 }, "the packer wrote outside")
        return Array(memory[guardBytes..<guardBytes + packer.byteCount])
    }

    func pack(_ tile: CanvasRect, _ packer: CanvasPacker, _ canvas: UnsafeMutableRawPointer) {
        red.withUnsafeBufferPointer { r in
            green.withUnsafeBufferPointer { g in
                blue.withUnsafeBufferPointer { b in
                    let at = tile.y * width + tile.x
                    let planes = CodePlanes(
                        red: r.baseAddress! + at, green: g.baseAddress! + at,
                        blue: b.baseAddress! + at, stride: width)
                    packer.pack(planes, at: tile, into: canvas)
                }
            }
        }
    }
}

/// Samples most significant bit first, bit by bit: the definition, slowly.
func bitString(_ samples: [(value: Int, bits: Int)]) -> [UInt8] {
    var bits: [UInt8] = []
    for (value, count) in samples {
        for bit in (0..<count).reversed() { bits.append(UInt8(value >> bit & 1)) }
    }
    return stride(from: 0, to: bits.count, by: 8).map { start in
        bits[start..<start + 8].reduce(0) { $0 << 1 | $1 }
    }
}
