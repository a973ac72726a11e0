import Foundation

/// JSON files in and out, with a refusal that names the file and the place in it.
enum JSONFile {
    static func read<Value: Decodable>(
        _ path: String, what: String
    ) throws(CalibrationRefusal) -> Value {
        let data = try BoundedFile.data(path, limit: CalibrationLimits.fileBytes, what: what)
        do {
            return try JSONDecoder().decode(Value.self, from: data)
        } catch let error as DecodingError {
            throw CalibrationRefusal(
                "\(path): \(place(of: error))", advice: "it is not a file of \(what)")
        } catch {
            throw CalibrationRefusal("\(path): not JSON", advice: "give a file of \(what)")
        }
    }

    static func write(_ value: some Encodable, to path: String) throws(CalibrationRefusal) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        do {
            try encoder.encode(value).write(to: URL(fileURLWithPath: path), options: .atomic)
        } catch let error as EncodingError {
            throw CalibrationRefusal(
                "\(path): not written, as it holds what JSON cannot: \(error)",
                advice: "look for a figure that is infinite")
        } catch {
            throw CalibrationRefusal(
                "\(path): cannot be written", advice: "check the folder and its free space")
        }
    }

    /// Where in the file decoding stopped, and at what.
    private static func place(of error: DecodingError) -> String {
        func dotted(_ path: [any CodingKey]) -> String {
            path.map { $0.intValue.map { "[\($0)]" } ?? $0.stringValue }.joined(separator: ".")
        }
        switch error {
        case .keyNotFound(let key, let context):
            return "\(dotted(context.codingPath + [key])) is missing"
        case .typeMismatch(_, let context), .valueNotFound(_, let context):
            return "\(dotted(context.codingPath)) is of another kind"
        case .dataCorrupted(let context):
            let at = dotted(context.codingPath)
            return at.isEmpty ? "not JSON" : "\(at) is not a known value"
        @unknown default: return "not as expected"
        }
    }
}
