/// Numbers R, G, B, A between four texels of a picture, each by how near it is.
///
/// - Parameters:
///   - texels: four numbers a texel, the first of the picture first.
///   - width: texels a row.
///   - columns: the columns to the left and right of the place, inside the picture.
///   - rows: those above and below.
///   - beyond: how far the place lies from the first column and row, 0 … 1.
@inline(__always)
func betweenTexels(
    _ texels: UnsafePointer<Float>, width: Int, columns: (Int, Int), rows: (Int, Int),
    beyond: SIMD2<Double>
) -> SIMD4<Double> {
    func at(_ column: Int, _ row: Int) -> SIMD4<Double> {
        let texel = texels + 4 * (row * width + column)
        return SIMD4(Double(texel[0]), Double(texel[1]), Double(texel[2]), Double(texel[3]))
    }
    let (s, t) = (beyond.x, beyond.y)
    let upper = at(columns.0, rows.0) * (1 - s) + at(columns.1, rows.0) * s
    let lower = at(columns.0, rows.1) * (1 - s) + at(columns.1, rows.1) * s
    return upper * (1 - t) + lower * t
}
