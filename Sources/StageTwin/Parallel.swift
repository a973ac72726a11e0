import Foundation

/// Rows of a grid shared out to the machine's cores; each row is one call, in any order.
///
/// - Parameter body: called with a row and the slice of the result that is the row's own.
func filled<Element: Sendable>(
    _ initial: Element, rows: Int, columns: Int,
    by body: @escaping @Sendable (Int, UnsafeMutableBufferPointer<Element>) -> Void
) -> [Element] {
    var result = [Element](repeating: initial, count: rows * columns)
    result.withUnsafeMutableBufferPointer { buffer in
        // Holds because each row writes only its own slice and the call returns after the last.
        nonisolated(unsafe) let all = buffer
        DispatchQueue.concurrentPerform(iterations: rows) { row in
            body(
                row,
                UnsafeMutableBufferPointer(rebasing: all[row * columns..<(row + 1) * columns]))
        }
    }
    return result
}
