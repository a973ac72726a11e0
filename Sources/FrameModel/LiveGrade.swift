public import Color
import StageModel

extension UnsafePointer where Pointee == LiveState {
    /// The grade of one scope (`LiveLayout.all`, `.scope(wall:)`, …) at a frame.
    /// - Frame path: yes
    public func grade(scope: Int, at frame: Int64) -> Grade {
        let base = LiveLayout.grade(scope: scope)
        func number(_ place: Int) -> Double { pointee.values[base + place].value(at: frame) }
        func field(_ field: GradeField) -> Double { number(field.rawValue) }
        func triple(_ first: GradeField) -> ColorTriple {
            let place = first.rawValue
            return ColorTriple(number(place), number(place + 1), number(place + 2))
        }
        return Grade(
            exposure: field(.exposure),
            whiteBalance: WhiteBalance(temperature: field(.temperature), tint: field(.tint)),
            cdl: CDL(
                slope: triple(.slopeRed), offset: triple(.offsetRed), power: triple(.powerRed),
                saturation: field(.saturation)))
    }
}
