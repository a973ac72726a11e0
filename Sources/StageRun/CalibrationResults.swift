import Foundation
package import LookFiles
package import StageCalibration

/// What a folder holds of a calibration: everything `cyclorama calibrate` writes, known by what it
/// says of itself.
package struct CalibrationResults: Sendable {
    /// A file and what it says.
    package struct Found<Value: Sendable>: Sendable {
        /// The file.
        package var path: String
        package var value: Value
    }

    /// The folder.
    package let folder: String
    package private(set) var corrections: [Found<WallCorrectionFile>] = []
    package private(set) var geometry: Found<GeometryReport>?
    /// Lens files: their texts, by lens.
    package private(set) var lenses: [(name: String, text: String)] = []

    /// The results of a folder.
    ///
    /// Throws one sentence where there is none, or one cannot be read.
    package init(folder: String) throws {
        self.folder = folder
        let names = try? FileManager.default.contentsOfDirectory(atPath: folder).sorted()
        guard let names else {
            throw RunError("\(folder): cannot be read – give the folder of a calibration's results")
        }
        for name in names where !name.hasPrefix(".") {
            try take(URL(fileURLWithPath: folder).appending(path: name).path, name)
        }
        guard !corrections.isEmpty || geometry != nil || !lenses.isEmpty else {
            throw RunError(
                "\(folder): no result of a calibration is in it – `cyclorama calibrate color`, "
                    + "`geometry`, `panels` and `lens` write them with --out")
        }
    }

    private mutating func take(_ path: String, _ name: String) throws {
        if name.hasSuffix(".yaml") { return takeLens(path, name) }
        guard name.hasSuffix(".json"), let text = Self.text(path) else { return }
        if text.contains("\"cyclorama wall correction\"") {
            do throws(LookComplaint) {
                corrections.append(Found(path: path, value: try WallCorrectionFile.read(path)))
            } catch { throw RunError("\(error)") }
        } else if text.contains("\"bodyFromPupil\"") {
            guard geometry == nil else {
                throw RunError(
                    "\(path): a second geometry – apply the results of one calibration at a time")
            }
            do throws(CalibrationRefusal) {
                geometry = Found(path: path, value: try GeometryReport.read(path))
            } catch { throw RunError("\(error)") }
        }
    }

    private mutating func takeLens(_ path: String, _ name: String) {
        guard let text = Self.text(path),
            text.split(separator: "\n").contains(where: { $0.hasPrefix("nodes:") })
        else { return }
        lenses.append((String(name.dropLast(5)), text))
    }

    /// A file's text; nil where it is none, or larger than a result can be.
    private static func text(_ path: String) -> String? {
        guard let file = FileHandle(forReadingAtPath: path) else { return nil }
        defer { try? file.close() }
        let most = LookLimits.correctionBytes
        guard let data = try? file.read(upToCount: most + 1), data.count <= most else { return nil }
        return String(data: data, encoding: .utf8)
    }

    /// The first thing that must not be used; nil where all may be.
    package var failure: String? {
        for found in corrections {
            if let failed = found.value.verdicts.first(where: { $0.level == "fail" }) {
                return "\(found.path): fail: \(failed.subject): \(failed.finding)"
                    + (failed.advice.isEmpty ? "" : " – \(failed.advice)")
            }
        }
        return geometry.flatMap { found in
            found.value.verdicts.first { $0.level == .fail }.map { "\(found.path): \($0)" }
        }
    }
}
