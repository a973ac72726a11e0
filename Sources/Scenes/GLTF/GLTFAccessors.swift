/// The numbers of a glTF file: accessors over views of buffers (glTF 2.0, 3.6).
struct GLTFAccessors {
    private let bytes: GLTFBytes
    private let buffers: [GLTFTree]
    private let views: [GLTFTree]
    private let accessors: [GLTFTree]
    private var loaded: [Int: [UInt8]] = [:]
    /// What was met and is not supported.
    private(set) var unsupported: Set<String> = []

    init(_ bytes: GLTFBytes) throws(GLTFFault) {
        self.bytes = bytes
        buffers = try bytes.tree.list("buffers", most: 256)
        views = try bytes.tree.list("bufferViews")
        accessors = try bytes.tree.list("accessors")
    }

    /// How the numbers of an accessor are stored.
    private enum Component: Int {
        case int8 = 5120
        case uint8 = 5121
        case int16 = 5122
        case uint16 = 5123
        case uint32 = 5125
        case float = 5126

        var size: Int {
            switch self {
            case .int8, .uint8: 1
            case .int16, .uint16: 2
            case .uint32, .float: 4
            }
        }
    }

    /// Where an accessor's elements lie in its buffer.
    private struct Extent {
        var buffer: Int?
        var start: Int
        var step: Int
        var count: Int
        var width: Int
        var component: Component
        var isNormalized: Bool
    }

    private static let widths = ["SCALAR": 1, "VEC2": 2, "VEC3": 3, "VEC4": 4]

    private mutating func buffer(_ index: Int) throws(GLTFFault) -> [UInt8] {
        if let known = loaded[index] { return known }
        let read = try bytes.buffer(buffers[index], index: index)
        loaded[index] = read
        return read
    }

    /// Bytes of a view: an embedded picture.
    mutating func bytes(ofView reference: GLTFTree) throws(GLTFFault) -> [UInt8] {
        let view = views[try reference.integer(in: 0..<views.count)]
        let (buffer, start, length, _) = try range(of: view)
        return Array(try self.buffer(buffer)[start..<(start + length)])
    }

    /// Buffer, first byte, bytes and stride of a view; all of it lies in the buffer.
    private mutating func range(
        of view: GLTFTree
    ) throws(GLTFFault) -> (buffer: Int, start: Int, length: Int, stride: Int?) {
        let buffer = try view.required("buffer").integer(in: 0..<buffers.count)
        let size = try self.buffer(buffer).count
        let start = try view.integer("byteOffset", in: 0..<(size + 1)) ?? 0
        let length = try view.required("byteLength").integer(in: 1..<(size - start + 1))
        let stride = try view.integer("byteStride", in: 4..<253)
        return (buffer, start, length, stride)
    }

    private mutating func extent(of accessor: GLTFTree) throws(GLTFFault) -> Extent {
        let code = try accessor.required("componentType").integer(in: 5120..<5127)
        guard let component = Component(rawValue: code) else {
            throw GLTFFault(
                place: accessor.place + ".componentType", found: "\(code)",
                expected: "5120 … 5123, 5125 or 5126 is expected")
        }
        let type = try accessor.text("type") ?? ""
        guard let width = GLTFAccessors.widths[type] else {
            throw GLTFFault(
                place: accessor.place + ".type", found: "\"\(type.prefix(20))\"",
                expected: "SCALAR, VEC2, VEC3 or VEC4 is expected")
        }
        if try accessor.member("sparse") != nil { unsupported.insert("sparse accessors") }
        let count = try accessor.required("count").integer(in: 1..<GLTFLimits.elements + 1)
        var extent = Extent(
            buffer: nil, start: 0, step: width * component.size, count: count, width: width,
            component: component, isNormalized: try accessor.truth("normalized") ?? false)
        guard let reference = try accessor.member("bufferView") else { return extent }
        let view = views[try reference.integer(in: 0..<views.count)]
        let range = try range(of: view)
        let offset = try accessor.integer("byteOffset", in: 0..<range.length) ?? 0
        extent.buffer = range.buffer
        extent.start = range.start + offset
        extent.step = range.stride ?? extent.step
        let used = (count - 1) * extent.step + width * component.size
        guard used <= range.length - offset else {
            throw GLTFFault(
                place: accessor.place, found: "takes \(used) bytes of a view",
                expected: "\(range.length - offset) are there")
        }
        return extent
    }

    /// Vectors of some widths; the numbers of each follow one another.
    mutating func vectors(
        _ reference: GLTFTree, widths: ClosedRange<Int>
    ) throws(GLTFFault) -> (numbers: [Float], width: Int) {
        let accessor = accessors[try reference.integer(in: 0..<accessors.count)]
        let extent = try extent(of: accessor)
        guard widths.contains(extent.width) else {
            throw GLTFFault(
                place: accessor.place + ".type", found: "has \(extent.width) numbers",
                expected: "\(reference.place) needs \(widths.lowerBound) … \(widths.upperBound)")
        }
        var numbers = [Float](repeating: 0, count: extent.count * extent.width)
        guard let buffer = extent.buffer else { return (numbers, extent.width) }
        try self.buffer(buffer).withUnsafeBytes { bytes in
            for element in 0..<extent.count {
                let at = extent.start + element * extent.step
                for column in 0..<extent.width {
                    numbers[element * extent.width + column] = GLTFAccessors.number(
                        bytes, at + column * extent.component.size, extent.component,
                        extent.isNormalized)
                }
            }
        }
        return (numbers, extent.width)
    }

    /// Indices of vertices.
    mutating func indices(_ reference: GLTFTree) throws(GLTFFault) -> [UInt32] {
        let accessor = accessors[try reference.integer(in: 0..<accessors.count)]
        let extent = try extent(of: accessor)
        let isWhole = [.uint8, .uint16, .uint32].contains(extent.component)
        guard extent.width == 1, isWhole else {
            throw GLTFFault(
                place: accessor.place, found: "is no list of whole numbers",
                expected: "\(reference.place) needs unsigned integers, one each")
        }
        var out = [UInt32](repeating: 0, count: extent.count)
        guard let buffer = extent.buffer else { return out }
        try self.buffer(buffer).withUnsafeBytes { bytes in
            for element in 0..<extent.count {
                let at = extent.start + element * extent.step
                switch extent.component {
                case .uint8: out[element] = UInt32(bytes[at])
                case .uint16:
                    out[element] = UInt32(bytes.loadUnaligned(fromByteOffset: at, as: UInt16.self))
                default: out[element] = bytes.loadUnaligned(fromByteOffset: at, as: UInt32.self)
                }
            }
        }
        return out
    }

    /// One number; normalised integers are 0 … 1 or −1 … 1 (glTF 2.0, 3.6.2.2).
    private static func number(
        _ bytes: UnsafeRawBufferPointer, _ at: Int, _ component: Component, _ isNormalized: Bool
    ) -> Float {
        func value(_ number: Float, _ largest: Float) -> Float {
            isNormalized ? max(-1, number / largest) : number
        }
        switch component {
        case .int8: return value(Float(Int8(bitPattern: bytes[at])), 127)
        case .uint8: return value(Float(bytes[at]), 255)
        case .int16:
            return value(Float(bytes.loadUnaligned(fromByteOffset: at, as: Int16.self)), 32767)
        case .uint16:
            return value(Float(bytes.loadUnaligned(fromByteOffset: at, as: UInt16.self)), 65535)
        case .uint32:
            return value(
                Float(bytes.loadUnaligned(fromByteOffset: at, as: UInt32.self)), 4_294_967_296)
        case .float: return bytes.loadUnaligned(fromByteOffset: at, as: Float.self)
        }
    }
}
