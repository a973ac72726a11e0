import Dispatch
import FrameModel

/// A picture being painted, in scene-linear ACEScg, premultiplied; every row by one thread.
struct Canvas {
    let width: Int
    let height: Int
    private(set) var pixels: [SIMD4<Float>]

    init(width: Int, height: Int, filledWith color: SIMD4<Float> = .zero) {
        self.width = width
        self.height = height
        pixels = Array(repeating: color, count: width * height)
    }

    /// The picture as renderers take it.
    var picture: Picture {
        let numbers = pixels.withUnsafeBytes { Array($0.bindMemory(to: Float.self)) }
        return Picture(width: width, height: height, pixels: numbers)
    }

    subscript(x: Int, y: Int) -> SIMD4<Float> {
        @inline(__always) get { pixels[y * width + x] }
        @inline(__always) set { pixels[y * width + x] = newValue }
    }

    /// Paints some rows, each once, on all cores; the result does not depend on their number.
    mutating func paintRows(
        _ rows: Range<Int>,
        _ paint: @Sendable (Int, UnsafeMutableBufferPointer<SIMD4<Float>>) -> Void
    ) {
        let width = width
        pixels.withUnsafeMutableBufferPointer { buffer in
            let all = Shared(buffer)
            DispatchQueue.concurrentPerform(iterations: rows.count) { index in
                let y = rows.lowerBound + index
                paint(
                    y, UnsafeMutableBufferPointer(rebasing: all.rows[y * width..<(y + 1) * width]))
            }
        }
    }

    /// Paints columns, each once, on all cores; `paint` is given the column and all pixels.
    mutating func paintColumns(
        _ paint: @Sendable (Int, UnsafeMutableBufferPointer<SIMD4<Float>>) -> Void
    ) {
        let width = width
        let perTask = 16
        pixels.withUnsafeMutableBufferPointer { buffer in
            let all = Shared(buffer)
            DispatchQueue.concurrentPerform(iterations: (width + perTask - 1) / perTask) { task in
                for x in task * perTask..<min(width, (task + 1) * perTask) { paint(x, all.rows) }
            }
        }
    }

    /// Lets tasks write to one buffer; it holds because each writes only its own rows or columns
    /// and the buffer outlives them all.
    private struct Shared: @unchecked Sendable {
        let rows: UnsafeMutableBufferPointer<SIMD4<Float>>
        init(_ rows: UnsafeMutableBufferPointer<SIMD4<Float>>) { self.rows = rows }
    }
}
