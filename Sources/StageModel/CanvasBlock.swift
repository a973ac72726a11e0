/// A block of pixels laid on a canvas, turned as a whole: how a grid of panels is fed.
///
/// The block's picture of `width × height` pixels stands at (x, y) on the canvas, turned
/// `quarterTurns` · 90° clockwise by the rule of `Panel`.
public struct CanvasBlock: BitwiseCopyable, Sendable, Hashable {
    /// Leftmost canvas column.
    public var x: Int
    /// Topmost canvas row.
    public var y: Int
    /// Columns of the block before it is turned.
    public var width: Int
    /// Rows of the block before it is turned.
    public var height: Int
    /// Clockwise quarter turns on the canvas, 0 … 3.
    public var quarterTurns: Int

    /// A block of pixels at a place on the canvas.
    public init(x: Int, y: Int, width: Int, height: Int, quarterTurns: Int) {
        self.x = x
        self.y = y
        self.width = width
        self.height = height
        self.quarterTurns = quarterTurns
    }

    /// The canvas pixels of the whole block.
    public var rect: CanvasRect { rect(of: CanvasRect(x: 0, y: 0, width: width, height: height)) }

    /// The part of the block, in its own pixels, that a rectangle of the canvas feeds; beyond the
    /// block where that is.
    /// - Frame path: yes
    public func part(of rect: CanvasRect) -> CanvasRect {
        let (fromLeft, fromTop) = (rect.x - x, rect.y - y)
        switch quarterTurns {
        case 1:
            return CanvasRect(
                x: fromTop, y: height - rect.width - fromLeft, width: rect.height,
                height: rect.width)
        case 2:
            return CanvasRect(
                x: width - rect.width - fromLeft, y: height - rect.height - fromTop,
                width: rect.width, height: rect.height)
        case 3:
            return CanvasRect(
                x: width - rect.height - fromTop, y: fromLeft, width: rect.height,
                height: rect.width)
        default:
            return CanvasRect(x: fromLeft, y: fromTop, width: rect.width, height: rect.height)
        }
    }

    /// The canvas pixels that feed a part of the block, given in the block's own pixels.
    public func rect(of part: CanvasRect) -> CanvasRect {
        let fromRight = width - part.x - part.width
        let fromBottom = height - part.y - part.height
        switch quarterTurns {
        case 1:
            return CanvasRect(
                x: x + fromBottom, y: y + part.x, width: part.height, height: part.width)
        case 2:
            return CanvasRect(
                x: x + fromRight, y: y + fromBottom, width: part.width, height: part.height)
        case 3:
            return CanvasRect(
                x: x + part.y, y: y + fromRight, width: part.height, height: part.width)
        default:
            return CanvasRect(
                x: x + part.x, y: y + part.y, width: part.width, height: part.height)
        }
    }
}

extension CanvasRect {
    /// First column to the right of it.
    @inlinable public var endX: Int { x + width }
    /// First row below it.
    @inlinable public var endY: Int { y + height }

    /// The two share a pixel.
    @inlinable
    public func overlaps(_ other: CanvasRect) -> Bool {
        x < other.endX && other.x < endX && y < other.endY && other.y < endY
    }
}
