import Foundation

/// A JSON value of any shape: what a glTF file is read as.
enum JSONTree: Decodable, Equatable {
    case object([String: JSONTree])
    case list([JSONTree])
    case text(String)
    case number(Double)
    case truth(Bool)
    case nothing

    init(from decoder: any Decoder) throws {
        let single = try decoder.singleValueContainer()
        if single.decodeNil() {
            self = .nothing
        } else if let truth = try? single.decode(Bool.self) {
            self = .truth(truth)
        } else if let number = try? single.decode(Double.self) {
            self = .number(number)
        } else if let text = try? single.decode(String.self) {
            self = .text(text)
        } else if let list = try? single.decode([JSONTree].self) {
            self = .list(list)
        } else {
            self = .object(try single.decode([String: JSONTree].self))
        }
    }

    /// What stands there, for a complaint; short.
    var found: String {
        switch self {
        case .object: "an object"
        case .list(let items): "a list of \(items.count)"
        case .text(let text): "\"\(text.prefix(40))\""
        case .number(let number): "\(number)"
        case .truth(let truth): "\(truth)"
        case .nothing: "null"
        }
    }
}
