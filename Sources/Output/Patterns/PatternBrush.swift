import Color
import StageModel

/// Code values of a pixel: red, green, blue.
typealias Codes = SIMD3<UInt16>

/// Fills rectangles of a canvas with codes, in one tile.
struct PatternBrush: BitwiseCopyable {
    /// The tile's place on the canvas.
    let tile: CanvasRect
    /// Its codes; the first word is its top left pixel.
    let codes: MutableCodePlanes

    /// Fills the part of a rectangle of the canvas that is in the tile.
    /// - Frame path: yes
    func fill(_ rect: CanvasRect, _ color: Codes) {
        let left = max(rect.x, tile.x) &- tile.x
        let right = min(rect.endX, tile.endX) &- tile.x
        let top = max(rect.y, tile.y) &- tile.y
        let bottom = min(rect.endY, tile.endY) &- tile.y
        guard left < right, top < bottom else { return }
        var row = top
        while row < bottom {
            let at = row &* codes.stride &+ left
            (codes.red + at).update(repeating: color.x, count: right &- left)
            (codes.green + at).update(repeating: color.y, count: right &- left)
            (codes.blue + at).update(repeating: color.z, count: right &- left)
            row &+= 1
        }
    }

    /// Fills a part of a block, given in the block's own pixels; nothing beside the block.
    /// - Frame path: yes
    func fill(_ part: CanvasRect, of block: CanvasBlock, _ color: Codes) {
        fill(block.rect(of: part.clipped(to: block.whole)), color)
    }

    /// Draws the edge of a part of a block, inside it.
    /// - Frame path: yes
    func outline(_ part: CanvasRect, of block: CanvasBlock, width: Int, _ color: Codes) {
        let (x, y) = (part.x, part.y)
        let across = CanvasRect(x: x, y: y, width: part.width, height: width)
        let down = CanvasRect(x: x, y: y, width: width, height: part.height)
        fill(across, of: block, color)
        fill(down, of: block, color)
        fill(across.moved(y: part.height &- width), of: block, color)
        fill(down.moved(x: part.width &- width), of: block, color)
    }

    /// Fills every pixel of the tile by its place on the canvas.
    /// - Frame path: yes
    @inline(__always)
    func fill(_ color: (_ x: Int, _ y: Int) -> Codes) {
        for row in 0..<tile.height {
            for column in 0..<tile.width {
                let at = row &* codes.stride &+ column
                let value = color(tile.x &+ column, tile.y &+ row)
                (codes.red[at], codes.green[at], codes.blue[at]) = (value.x, value.y, value.z)
            }
        }
    }
}

extension CanvasRect {
    /// The rectangle moved by some pixels.
    /// - Frame path: yes
    func moved(x dx: Int = 0, y dy: Int = 0) -> CanvasRect {
        CanvasRect(x: x &+ dx, y: y &+ dy, width: width, height: height)
    }

    /// The rectangle less a margin on each side.
    /// - Frame path: yes
    func inset(_ margin: Int) -> CanvasRect {
        CanvasRect(
            x: x &+ margin, y: y &+ margin, width: width &- 2 &* margin,
            height: height &- 2 &* margin)
    }
}
