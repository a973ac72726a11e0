public import Color
import StageModel

extension UnsafePointer where Pointee == LiveState {
    /// The grade of one scope (`LiveLayout.all`, `.scope(wall:)`, …) at a frame, without its look
    /// (`look(scope:at:)`); neutral where the scope is passed by.
    /// - Frame path: yes
    public func grade(scope: Int, at frame: Int64) -> Grade {
        let base = LiveLayout.grade(scope: scope)
        func number(_ place: Int) -> Double { pointee.values[base + place].value(at: frame) }
        func field(_ field: GradeField) -> Double { number(field.rawValue) }
        func isOn(_ switched: GradeField) -> Bool { field(switched) > 0.5 }
        func triple(_ first: GradeField) -> ColorTriple {
            let place = first.rawValue
            return ColorTriple(number(place), number(place + 1), number(place + 2))
        }
        if isOn(.isBypassed) { return Grade() }
        var grade = Grade(
            exposure: field(.exposure),
            whiteBalance: WhiteBalance(
                temperature: field(.temperature), tint: field(.tint),
                isCameraBalance: isOn(.isCameraBalance)),
            cdl: CDL(
                slope: triple(.slopeRed), offset: triple(.offsetRed), power: triple(.powerRed),
                saturation: field(.saturation)))
        grade.wheels = Wheels(
            lift: triple(.liftRed), gamma: triple(.gammaRed), gain: triple(.gainRed),
            contrast: field(.contrast), pivot: field(.pivot))
        grade.isInCodes = isOn(.isInCodes)
        grade.isClamped = isOn(.isClamped)
        grade.isInverted = isOn(.isInverted)
        grade.lookStrength = field(.lookStrength)
        return grade
    }

    /// Fingerprint of the look one scope uses at a frame, 0 for none.
    /// - Frame path: yes
    public func look(scope: Int, at frame: Int64) -> UInt64 {
        let base = LiveLayout.grade(scope: scope)
        func field(_ field: GradeField) -> Double {
            pointee.values[base + field.rawValue].value(at: frame)
        }
        let slot = Int(field(.lookSlot))
        guard 1...LiveLayout.lookSlots ~= slot, field(.isBypassed) <= 0.5 else { return 0 }
        return pointee.looks[slot - 1]
    }
}
