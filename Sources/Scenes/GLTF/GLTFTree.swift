/// Why a glTF file is refused: the place in its description, what is there, what was expected.
struct GLTFFault: Error, Equatable {
    var place: String
    var found: String
    var expected: String

    /// The complaint without the file's name.
    var sentence: String { (place.isEmpty ? "" : place + ": ") + found + " – " + expected }
}

/// A part of a glTF description and where it stands, so that every fault says its place.
struct GLTFTree {
    let value: JSONTree
    let place: String

    private func fault(_ expected: String) -> GLTFFault {
        GLTFFault(place: place, found: value.found, expected: expected)
    }

    /// A member of an object, or nil when it is not there.
    func member(_ key: String) throws(GLTFFault) -> GLTFTree? {
        guard case .object(let members) = value else { throw fault("an object is expected") }
        guard let member = members[key], member != .nothing else { return nil }
        return GLTFTree(value: member, place: place.isEmpty ? key : "\(place).\(key)")
    }

    /// A member that has to be there.
    func required(_ key: String) throws(GLTFFault) -> GLTFTree {
        guard let member = try member(key) else {
            throw GLTFFault(
                place: place.isEmpty ? key : "\(place).\(key)", found: "is missing",
                expected: "glTF 2.0 asks for it")
        }
        return member
    }

    /// The elements of a list member, none when it is not there.
    func list(_ key: String, most: Int = GLTFLimits.list) throws(GLTFFault) -> [GLTFTree] {
        guard let member = try member(key) else { return [] }
        guard case .list(let items) = member.value, items.count <= most else {
            throw member.fault("a list of at most \(most) is expected")
        }
        return items.enumerated().map {
            GLTFTree(value: $0.element, place: "\(member.place)[\($0.offset)]")
        }
    }

    /// A whole number in a range.
    func integer(in range: Range<Int>) throws(GLTFFault) -> Int {
        guard case .number(let number) = value, number >= Double(range.lowerBound),
            number < Double(range.upperBound), number == number.rounded()
        else {
            throw fault(
                range.isEmpty
                    ? "nothing it could name is there"
                    : "a whole number \(range.lowerBound) … \(range.upperBound - 1) is expected")
        }
        return Int(number)
    }

    /// A whole number member in a range, or nil when it is not there.
    func integer(_ key: String, in range: Range<Int>) throws(GLTFFault) -> Int? {
        guard let member = try member(key) else { return nil }
        return try member.integer(in: range)
    }

    /// A number member, at most ±10¹² and so finite as a float.
    func number(_ key: String) throws(GLTFFault) -> Double? {
        guard let member = try member(key) else { return nil }
        return try member.number()
    }

    func number() throws(GLTFFault) -> Double {
        guard case .number(let number) = value, abs(number) <= 1e12 else {
            throw fault("a number is expected")
        }
        return number
    }

    /// A list of so many numbers, or nil when it is not there.
    func numbers(_ key: String, count: Int) throws(GLTFFault) -> [Double]? {
        guard let member = try member(key) else { return nil }
        let items = try list(key, most: count)
        guard items.count == count else { throw member.fault("\(count) numbers are expected") }
        var numbers: [Double] = []
        for item in items { numbers.append(try item.number()) }
        return numbers
    }

    func text(_ key: String) throws(GLTFFault) -> String? {
        guard let member = try member(key) else { return nil }
        guard case .text(let text) = member.value else { throw member.fault("a text is expected") }
        return text
    }

    func truth(_ key: String) throws(GLTFFault) -> Bool? {
        guard let member = try member(key) else { return nil }
        guard case .truth(let truth) = member.value else {
            throw member.fault("true or false is expected")
        }
        return truth
    }

    /// Names of an object's members.
    var keys: [String] {
        guard case .object(let members) = value else { return [] }
        return members.keys.sorted()
    }

    /// A name for people: the element's own, or its place; short and without line ends.
    func name() throws(GLTFFault) -> String {
        guard let name = try text("name"), !name.isEmpty else { return place }
        return String(name.prefix(60).filter { !$0.isNewline })
    }
}

/// The largest glTF file we take, and why.
enum GLTFLimits {
    /// Bytes of a file or buffer: a million triangles take about 60 MB, pictures more.
    static let fileBytes = 1 << 29
    /// Bytes of the description: text files carry their buffers in it, as base64.
    static let descriptionBytes = 1 << 27
    /// Elements of a list of the description; sets of thousands of nodes are real.
    static let list = 1 << 16
    /// Elements of an accessor: three indices for each triangle a scene may have.
    static let elements = 3 << 20
    /// Nodes below each other; real files have less than 20.
    static let depth = 64
    /// Metres a vertex may lie from the scene's origin, as for cards.
    static let reach: Float = 100_000
}
