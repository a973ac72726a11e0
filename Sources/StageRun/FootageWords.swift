import Foundation
import StageCalibration

/// A path, and perhaps a curve and primaries after it.
struct FootageWords: Sendable {
    var path: String
    var curve: CameraCurve?
    var plate = PlateSpace.acesCG

    init(_ text: String) {
        path = text
        for curve in CameraCurve.allCases {
            guard let at = text.range(of: " \(curve.rawValue)", options: .backwards) else {
                continue
            }
            let rest = text[at.upperBound...].trimmingCharacters(in: .whitespaces)
            let plate = rest.isEmpty ? PlateSpace.acesCG : PlateSpace(rawValue: rest)
            guard let plate else { continue }
            (path, self.curve, self.plate) = (String(text[..<at.lowerBound]), curve, plate)
            return
        }
    }
}
