/// An element of a small XML file, with where it stands.
struct XMLElement {
    /// Name without its prefix.
    let name: String
    let line: Int
    /// Attributes by name without prefix.
    let attributes: [String: String]
    var children: [XMLElement] = []
    /// The bytes of its own text, comments left out, and the line each part begins in.
    var text: [(range: Range<Int>, line: Int)] = []

    /// Its first child of a name.
    func child(_ name: String) -> XMLElement? { children.first { $0.name == name } }
}

/// Reads the XML that look files are made of: elements, attributes, text, comments.
///
/// Document types and entities of the file's own are refused, so nothing can grow or be fetched.
struct XMLReader {
    let bytes: [UInt8]
    let file: String
    private var at = 0
    private var line = 1
    private var elements = 0

    init(bytes: [UInt8], file: String) {
        self.bytes = bytes
        self.file = file
    }

    func complaint(_ found: String, _ expected: String) -> LookComplaint {
        LookComplaint(file: file, line: line, found, expected)
    }

    /// The root element.
    mutating func read() throws(LookComplaint) -> XMLElement {
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { at = 3 }
        var open: [XMLElement] = []
        var root: XMLElement?
        while at < bytes.count {
            let start = (at, line)
            while at < bytes.count, bytes[at] != UInt8(ascii: "<") { step() }
            try keepText(start, &open)
            guard at < bytes.count else { break }
            if try skipped() { continue }
            if bytes[at...].starts(with: "</".utf8) {
                try close(&open, &root)
                continue
            }
            if root != nil {
                throw complaint("an element after the end of the first", "one element holds all")
            }
            let (element, isClosed) = try tag()
            open.append(element)
            if open.count > LookLimits.depth {
                throw complaint(
                    "elements \(open.count) deep", "at most \(LookLimits.depth) in one another")
            }
            if isClosed { end(&open, &root) }
        }
        if let last = open.last {
            throw complaint(
                "ends inside <\(last.name)> of line \(last.line)", "copy the file again")
        }
        guard let root else { throw complaint("no element", "an XML file") }
        return root
    }

    private mutating func step() {
        if bytes[at] == UInt8(ascii: "\n") { line += 1 }
        at += 1
    }

    /// Keeps the text just passed with the innermost element; outside of all only blanks may be.
    private func keepText(
        _ start: (at: Int, line: Int), _ open: inout [XMLElement]
    ) throws(LookComplaint) {
        guard at > start.at else { return }
        if open.isEmpty {
            if let other = bytes[start.at..<at].first(where: { !NumberText.isBlank($0) }) {
                let text = quoted(String(decoding: [other], as: UTF8.self))
                throw LookComplaint(
                    file: file, line: start.line, "\(text) outside every element", "an XML file")
            }
        } else {
            open[open.count - 1].text.append((start.at..<at, start.line))
        }
    }

    /// Passes a declaration or a comment.
    private mutating func skipped() throws(LookComplaint) -> Bool {
        for (opening, closing) in [("<?", "?>"), ("<!--", "-->")]
        where bytes[at...].starts(with: opening.utf8) {
            let end = Array(closing.utf8)
            while at < bytes.count, !bytes[at...].starts(with: end) { step() }
            guard at < bytes.count else {
                throw complaint("ends inside \(opening)", "copy the file again")
            }
            at += end.count
            return true
        }
        if bytes[at...].starts(with: "<!".utf8) {
            throw complaint(
                "a document type or CDATA", "plain elements and text – take it out of the file")
        }
        return false
    }

    private func end(_ open: inout [XMLElement], _ root: inout XMLElement?) {
        let element = open.removeLast()
        if open.isEmpty { root = element } else { open[open.count - 1].children.append(element) }
    }

    private mutating func close(
        _ open: inout [XMLElement], _ root: inout XMLElement?
    ) throws(LookComplaint) {
        at += 2
        let name = try name()
        skipBlanks()
        guard at < bytes.count, bytes[at] == UInt8(ascii: ">") else {
            throw complaint("</\(name) without its >", "close the element")
        }
        at += 1
        guard let last = open.last, last.name == name else {
            let wanted = open.last.map { "</\($0.name)>" } ?? "an opening element"
            throw complaint("</\(name)>", "\(wanted) here")
        }
        end(&open, &root)
    }

    private mutating func skipBlanks() {
        while at < bytes.count, NumberText.isBlank(bytes[at]) { step() }
    }

    /// A name without its prefix.
    private mutating func name() throws(LookComplaint) -> String {
        let start = at
        while at < bytes.count, !NumberText.isBlank(bytes[at]), !"=/><\"'".utf8.contains(bytes[at])
        {
            at += 1
            if at - start > LookLimits.nameBytes { break }
        }
        let text = String(decoding: bytes[start..<at], as: UTF8.self)
        guard !text.isEmpty, at - start <= LookLimits.nameBytes else {
            throw complaint("a name of \(at - start) bytes", "1 to \(LookLimits.nameBytes)")
        }
        return String(text.split(separator: ":").last ?? "")
    }

    private mutating func tag() throws(LookComplaint) -> (XMLElement, isClosed: Bool) {
        elements += 1
        if elements > LookLimits.elements {
            throw complaint(
                "more than \(LookLimits.elements) elements", "a file of fewer – part it in two")
        }
        at += 1
        let (startLine, elementName) = (line, try name())
        var attributes: [String: String] = [:]
        while true {
            skipBlanks()
            guard at < bytes.count else {
                throw complaint("ends inside <\(elementName)", "copy the file again")
            }
            if bytes[at] == UInt8(ascii: ">") {
                at += 1
                break
            }
            if bytes[at...].starts(with: "/>".utf8) {
                at += 2
                return (
                    XMLElement(name: elementName, line: startLine, attributes: attributes), true
                )
            }
            let key = try name()
            let value = try attributeValue(of: key)
            attributes[key] = value
            if attributes.count > LookLimits.attributes {
                throw complaint(
                    "<\(elementName)> has too many attributes",
                    "at most \(LookLimits.attributes)")
            }
        }
        return (XMLElement(name: elementName, line: startLine, attributes: attributes), false)
    }

    private mutating func attributeValue(of key: String) throws(LookComplaint) -> String {
        skipBlanks()
        guard at < bytes.count, bytes[at] == UInt8(ascii: "=") else {
            throw complaint("attribute \(quoted(key)) without a value", "\(key)=\"…\"")
        }
        at += 1
        skipBlanks()
        guard at < bytes.count, bytes[at] == UInt8(ascii: "\"") || bytes[at] == UInt8(ascii: "'")
        else { throw complaint("attribute \(quoted(key)) without quotes", "\(key)=\"…\"") }
        let quote = bytes[at]
        at += 1
        let start = at
        while at < bytes.count, bytes[at] != quote {
            if bytes[at] == UInt8(ascii: "<") || at - start > LookLimits.nameBytes {
                throw complaint(
                    "the value of \(quoted(key)) does not end",
                    "a closing quote within \(LookLimits.nameBytes) bytes")
            }
            step()
        }
        guard at < bytes.count else {
            throw complaint("ends inside \(quoted(key))", "copy the file again")
        }
        defer { at += 1 }
        return XMLReader.unescaped(String(decoding: bytes[start..<at], as: UTF8.self))
    }

    /// The five entities every XML file has.
    private static let entities = [
        ("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&apos;", "'"), ("&amp;", "&"),
    ]

    /// A text with the five entities read.
    static func unescaped(_ text: String) -> String {
        guard text.contains("&") else { return text }
        return entities.reduce(text) { $0.replacing($1.0, with: $1.1) }
    }

    /// A text as it stands in a file.
    static func escaped(_ text: String) -> String {
        entities.reversed().reduce(plain(text)) { $0.replacing($1.1, with: $1.0) }
    }
}

extension XMLElement {
    /// Its text as one line, at most `LookLimits.titleBytes` of it.
    func words(in bytes: [UInt8]) -> String {
        var text = ""
        for part in self.text.map(\.range) where text.utf8.count < LookLimits.titleBytes {
            text += String(decoding: bytes[part].prefix(LookLimits.titleBytes), as: UTF8.self)
        }
        return plain(XMLReader.unescaped(text).trimmed)
    }

    /// Its text as numbers; `most` of them are kept, one more if there are more.
    func numbers(in bytes: [UInt8], most: Int, file: String) throws(LookComplaint) -> [Double] {
        var found: [Double] = []
        for part in text {
            var words = WordCursor(bytes, part.range, line: part.line)
            while let word = words.next() {
                guard let number = NumberText.number(word) else {
                    let text = quoted(String(decoding: word, as: UTF8.self))
                    throw LookComplaint(
                        file: file, line: words.line, "\(text) is no number",
                        "<\(name)> holds numbers")
                }
                found.append(number)
                if found.count > most { return found }
            }
        }
        return found
    }
}
