public import Color
import StageModel

extension LiveState {
    /// One number at a frame.
    /// - Frame path: yes
    @inlinable
    public func value(_ place: Int, at frame: Int64) -> Double { values[place].value(at: frame) }

    /// The grade of one scope (`LiveLayout.all`, `.scope(wall:)`, …) at a frame.
    /// - Frame path: yes
    public func grade(scope: Int, at frame: Int64) -> Grade {
        let base = LiveLayout.grade(scope: scope)
        func number(_ field: GradeField) -> Double { value(base + field.rawValue, at: frame) }
        func triple(_ first: GradeField) -> ColorTriple {
            let place = base + first.rawValue
            return ColorTriple(
                value(place, at: frame), value(place + 1, at: frame), value(place + 2, at: frame))
        }
        return Grade(
            exposure: number(.exposure),
            whiteBalance: WhiteBalance(temperature: number(.temperature), tint: number(.tint)),
            cdl: CDL(
                slope: triple(.slopeRed), offset: triple(.offsetRed), power: triple(.powerRed),
                saturation: number(.saturation)))
    }

    /// The grades a view goes through on a wall: everything, the wall, then the camera's inner
    /// frustum or, with camera −1, the outer frustum.
    /// - Frame path: yes
    public func grades(camera: Int, wall: Int, at frame: Int64) -> GradeStack {
        let view = camera < 0 ? LiveLayout.outer : LiveLayout.scope(camera: camera)
        return [
            grade(scope: LiveLayout.all, at: frame),
            grade(scope: LiveLayout.scope(wall: wall), at: frame), grade(scope: view, at: frame),
        ]
    }
}
