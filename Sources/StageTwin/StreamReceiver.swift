import StageModel

/// A strict receiver of one ST 2110-20 stream: datagrams in, a canvas of code values out.
///
/// Holds the last picture in its wire octets and reads a code value only where asked: a photograph
/// sees a tenth of a canvas. Rule breaks are counted, the octets of a broken packet are not used.
public struct StreamReceiver: Sendable {
    /// What the stream says of itself.
    public let format: StreamFormat
    /// How often each rule was broken.
    public private(set) var breaks: [StreamBreak: Int] = [:]
    /// Datagrams taken.
    public private(set) var packets = 0
    /// Frames that ended with a marker.
    public private(set) var frames = 0
    /// Time stamp of the frame at hand.
    public private(set) var timestamp: UInt32 = 0
    /// The picture as it came, row by row.
    private(set) var octets: [UInt8]

    private var source: UInt32?
    private var nextSequence: UInt32?
    private var isInsideFrame = false
    /// Octet of the canvas where the next segment has to start.
    private var nextOctet = 0

    /// A receiver that has seen nothing; the canvas is all zero octets.
    public init(format: StreamFormat) {
        self.format = format
        octets = [UInt8](repeating: 0, count: format.rowOctets * format.height)
    }

    /// No rule was broken.
    public var isClean: Bool { breaks.isEmpty }

    /// Makes ready for another sender: forgets sequence, source and breaks, keeps the canvas.
    public mutating func restart() {
        breaks = [:]
        source = nil
        nextSequence = nil
        isInsideFrame = false
        nextOctet = 0
    }

    /// Takes one UDP payload.
    public mutating func take(_ datagram: UnsafeRawBufferPointer) {
        packets += 1
        guard datagram.count >= 20 else { return note(.tooShort) }
        if datagram.count > 1452 { note(.tooLong) }
        if datagram[0] != 0x80 { return note(.header) }
        if datagram[1] & 0x7F != format.payloadType { return note(.payloadType) }
        checkHeader(datagram)
        takeRows(datagram)
        guard datagram[1] & 0x80 != 0 else {
            if nextOctet == octets.count { note(.marker) }
            return
        }
        if nextOctet < octets.count { note(.hole) }
        isInsideFrame = false
        frames += 1
    }

    private mutating func note(_ cause: StreamBreak) { breaks[cause, default: 0] += 1 }

    private mutating func checkHeader(_ datagram: UnsafeRawBufferPointer) {
        let sequence =
            UInt32(number16(datagram, 12)) << 16 | UInt32(number16(datagram, 2))
        if let expected = nextSequence, expected != sequence { note(.sequence) }
        nextSequence = sequence &+ 1
        let stamp = number32(datagram, 4)
        if isInsideFrame && stamp != timestamp { note(.timestamp) }
        if !isInsideFrame {
            isInsideFrame = true
            timestamp = stamp
            nextOctet = 0
        }
        let sender = number32(datagram, 8)
        if let known = source, known != sender { note(.source) }
        source = sender
    }

    private mutating func takeRows(_ datagram: UnsafeRawBufferPointer) {
        var headers = 1
        while 14 + 6 * headers <= datagram.count,
            datagram[14 + 6 * (headers - 1) + 4] & 0x80 != 0
        { headers += 1 }
        if headers > 3 { return note(.rowHeaders) }
        var data = 14 + 6 * headers
        for index in 0..<headers {
            let at = 14 + 6 * index
            let length = Int(number16(datagram, at))
            if data + length > datagram.count { return note(.payload) }
            let row = number16(datagram, at + 2)
            if row & 0x8000 != 0 { note(.field) }
            place(
                UnsafeRawBufferPointer(rebasing: datagram[data..<data + length]),
                row: Int(row & 0x7FFF), pixel: Int(number16(datagram, at + 4) & 0x7FFF))
            data += length
        }
        if data != datagram.count { note(.payload) }
    }

    private mutating func place(_ data: UnsafeRawBufferPointer, row: Int, pixel: Int) {
        let groups = pixel / format.groupPixels
        let start = groups * format.groupOctets
        guard row < format.height, pixel % format.groupPixels == 0, data.count > 0,
            data.count % format.groupOctets == 0, start + data.count <= format.rowOctets
        else { return note(.segment) }
        let at = row * format.rowOctets + start
        if at < nextOctet { return note(.backwards) }
        if at > nextOctet { note(.hole) }
        octets.withUnsafeMutableBytes { canvas in
            UnsafeMutableRawBufferPointer(rebasing: canvas[at..<at + data.count])
                .copyMemory(from: data)
        }
        nextOctet = at + data.count
    }

    private func number16(_ bytes: UnsafeRawBufferPointer, _ at: Int) -> UInt16 {
        UInt16(bytes[at]) << 8 | UInt16(bytes[at + 1])
    }

    private func number32(_ bytes: UnsafeRawBufferPointer, _ at: Int) -> UInt32 {
        UInt32(number16(bytes, at)) << 16 | UInt32(number16(bytes, at + 2))
    }

    /// The samples of one pixel as they stand on the wire: R, G, B or Y′, Cb, Cr.
    public func samples(column: Int, row: Int) -> SIMD3<Int> {
        let group = row * format.rowOctets + column / format.groupPixels * format.groupOctets
        let inside = column % format.groupPixels
        switch format.sampling {
        case .rgb:
            return SIMD3(
                sample(group, 3 * inside), sample(group, 3 * inside + 1),
                sample(group, 3 * inside + 2))
        case .yCbCr422:
            // On the wire: Cb Y0 Cr Y1; chroma belongs to the first of the two pixels.
            return SIMD3(sample(group, 1 + 2 * inside), sample(group, 0), sample(group, 2))
        }
    }

    /// The n-th sample of a pixel group: samples follow each other without gaps, high bits first.
    private func sample(_ group: Int, _ index: Int) -> Int {
        if format.depth == 8 { return Int(octets[group + index]) }
        var bit = index * format.depth
        var value = 0
        var wanted = format.depth
        while wanted > 0 {
            let octet = Int(octets[group + bit / 8])
            let taken = min(wanted, 8 - bit % 8)
            value = value << taken | octet >> (8 - bit % 8 - taken) & ((1 << taken) - 1)
            bit += taken
            wanted -= taken
        }
        return value
    }
}
