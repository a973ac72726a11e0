import Color
import Foundation
public import LookFiles

extension ColorSolution {
    /// An OpenColorIO configuration (version 2) whose display is the wall: from scene-linear ACEScg
    /// to the PQ signal its processor is to be sent.
    ///
    /// The view "Calibrated" goes through the correction, "Uncorrected" past it. Light over the
    /// wall's peak is cut, gamuts are not compressed.
    /// - Parameters:
    ///   - wall: name of the display.
    ///   - nitsPerUnit: nits of an ACEScg value of 1, as the stage file has it of the wall.
    ///   - look: file of `linearLook`, beside the configuration.
    public func ocioConfig(wall: String, nitsPerUnit: Double, look: String) -> String {
        let content = ColorMatrix.rgb(from: .acesCG, to: target) * scale(nitsPerUnit / peakNits)
        func scale(_ by: Double) -> ColorMatrix {
            ColorMatrix(diagonal: ColorTriple(repeating: by))
        }
        // PQ as OpenColorIO has it takes 1 as 100 nits.
        let signal = """
            !<RangeTransform> {min_in_value: 0, min_out_value: 0, max_in_value: 1, max_out_value: 1}
                    - !<MatrixTransform> {matrix: \(Self.text(scale(peakNits / 100)))}
                    - !<BuiltinTransform> {style: CURVE - LINEAR_to_ST-2084}
            """
        func space(_ name: String, _ correction: String) -> String {
            """
              - !<ColorSpace>
                name: \(Self.quoted(name))
                family: \(Self.quoted(wall))
                bitdepth: 32f
                from_scene_reference: !<GroupTransform>
                  children:
                    - !<MatrixTransform> {matrix: \(Self.text(content))}
            \(correction)        - \(signal)

            """
        }
        let description =
            "\(wall), \(Int(peakNits.rounded())) nits, as calibrated; ACEScg 1.0 is "
            + "\(nitsPerUnit) nits"
        let (calibrated, plain) = ("\(wall) calibrated", "\(wall) uncorrected")
        return """
            ocio_profile_version: 2

            description: \(Self.quoted(description))
            search_path: "."
            strictparsing: true
            roles:
              default: ACEScg
              reference: ACEScg
              scene_linear: ACEScg
            file_rules:
              - !<Rule> {name: Default, colorspace: default}
            displays:
              \(Self.quoted(wall)):
                - !<View> {name: Calibrated, colorspace: \(Self.quoted(calibrated))}
                - !<View> {name: Uncorrected, colorspace: \(Self.quoted(plain))}
            colorspaces:
              - !<ColorSpace>
                name: ACEScg
                bitdepth: 32f

            \(space(calibrated, "        - !<FileTransform> {src: \(Self.quoted(look))}\n"))
            \(space(plain, ""))
            """
    }

    /// Rows of a 4 × 4 matrix.
    private static func text(_ matrix: ColorMatrix) -> String {
        let rows = [matrix.row0, matrix.row1, matrix.row2].map { "\($0.x), \($0.y), \($0.z), 0" }
        return "[\(rows.joined(separator: ", ")), 0, 0, 0, 1]"
    }

    private static func quoted(_ text: String) -> String {
        let plain = text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
        return "\"\(plain)\""
    }

    /// Writes the correction for other programs: CLF, .cube and an OpenColorIO configuration;
    /// returns the files' names.
    public func writeLooks(
        wall: String, nitsPerUnit: Double, to folder: String
    ) throws(LookComplaint) -> [String] {
        let title = "\(wall): color correction"
        let (linear, signal, config) = (
            "color-correction.clf", "color-correction.cube", "config.ocio"
        )
        try LookFile.write(linearLook(title: title), to: "\(folder)/\(linear)")
        try LookFile.write(signalLook(title: title), to: "\(folder)/\(signal)")
        try LookFile.write(
            text: ocioConfig(wall: wall, nitsPerUnit: nitsPerUnit, look: linear),
            to: "\(folder)/\(config)")
        return [linear, signal, config]
    }
}
