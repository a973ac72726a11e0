import Glibc

/// One whole payload of a source, valid only during the call it is handed to.
public struct OpenTrackIOPayload {
    /// How the bytes are written.
    public let encoding: OpenTrackIOHeader.Encoding
    /// The payload, 0 … `TrackingLimits.payloadBytes` bytes.
    public let bytes: UnsafeRawBufferPointer
    /// The sequence number of its last datagram.
    public let sequence: UInt16
    /// Which checksum its last datagram was found right by.
    public let checksum: OpenTrackIOHeader.Checksum
    /// Tells the bytes from others'.
    public let fingerprint: UInt64
}

/// Datagrams of one sender → whole payloads.
///
/// Plain bytes: no clock, no allocation, no lock. Senders number the parts of a payload in two
/// ways, all alike or each one up (the specification and its reference sender differ); both are
/// taken, and which of them a sender uses is learnt: to one that numbers alike, one number up is
/// the next payload, of which a part must never complete this one. A payload of which a part is
/// missing is given up whole; nothing is asked for again.
public struct OpenTrackIOAssembler: BitwiseCopyable, Sendable {
    /// What became of the datagrams.
    public private(set) var counters = OpenTrackIOCounters()
    /// The newest complaint about a payload, or nil while there was none.
    public private(set) var newestFault: OpenTrackIOFault?

    private let rule: OpenTrackIOHeader.ChecksumRule
    // As long as `TrackingLimits.payloadBytes`. In large pieces: of single bytes, every function
    // that copies a timeline would take the compiler minutes.
    private var collected = InlineArray<32, SIMD64<UInt64>>(repeating: .zero)
    private var collectedCount = 0
    private var isOpen = false
    private var encoding = OpenTrackIOHeader.Encoding.json
    /// How many numbers up the next part of a payload is, 0 or 1; nil = not known.
    private var partStep: Int?
    /// Payloads given up since the last one in parts was whole.
    private var givenUpCount = 0
    /// Of the newest datagram in order, or nil before the first.
    private var newestSequence: UInt16?
    /// Of the newest whole payload: its number, its bytes.
    private var wholeSequence: UInt16?
    private var wholeFingerprint: UInt64 = 0

    /// An assembler that has seen nothing.
    public init(rule: OpenTrackIOHeader.ChecksumRule = .published) {
        precondition(
            MemoryLayout.size(ofValue: collected) == TrackingLimits.payloadBytes,
            "one limit, written down twice")
        self.rule = rule
    }

    /// Forgets everything but the counts: another sender speaks now.
    /// - Frame path: yes
    public mutating func startAnew() {
        giveUp()
        partStep = nil
        givenUpCount = 0
        newestSequence = nil
        wholeSequence = nil
    }

    /// Takes one datagram, whatever it holds, and hands over the payload it completes, if any.
    ///
    /// What `whole` throws is counted here.
    /// - Frame path: yes
    public mutating func accept(
        datagram: UnsafeRawBufferPointer,
        whole: (OpenTrackIOPayload) throws(OpenTrackIOFault) -> Void
    ) {
        let header: OpenTrackIOHeader
        do throws(OpenTrackIOHeader.Fault) {
            header = try OpenTrackIOHeader(datagram: datagram, rule: rule)
        } catch {
            counters.count(error)
            return
        }
        let part = UnsafeRawBufferPointer(rebasing: datagram[OpenTrackIOHeader.size...])
        switch place(of: part, header) {
        case .begins:
            giveUp()
            follow(header)
            begin(part, header, whole)
        case .continues:
            partStep = header.sequence == newestSequence ? 0 : 1
            follow(header)
            extend(part, header, whole)
        case .repeats: counters.duplicates &+= 1
        case .late: counters.outOfOrder &+= 1
        case .stray:
            giveUp()
            follow(header)
            counters.strays &+= 1
        }
    }

    /// What a datagram is to the payload that is being collected.
    private enum Place {
        case begins, continues, repeats, late, stray
    }

    private mutating func place(
        of part: UnsafeRawBufferPointer, _ header: OpenTrackIOHeader
    ) -> Place {
        let offset = Int(header.segmentOffset)
        let ahead = newestSequence.map { Self.steps(from: $0, to: header) } ?? 1
        if isOpen, header.encoding == encoding {
            let isNext = partStep.map { ahead == $0 } ?? (ahead == 0 || ahead == 1)
            if offset == collectedCount, offset > 0, isNext { return .continues }
            if ahead <= 0, holds(part, at: offset) { return .repeats }
        }
        if ahead < 0, ahead >= -TrackingLimits.lateSequences { return .late }
        return offset == 0 ? .begins : .stray
    }

    /// How many numbers a datagram is after another one, −32768 … 32767: numbers wrap, and those
    /// of OpenTrackIO 1.0.0 leave out 0.
    private static func steps(from sequence: UInt16, to header: OpenTrackIOHeader) -> Int {
        let steps = Int(Int16(bitPattern: header.sequence &- sequence))
        let leavesOutZero = header.checksum == .modulo255 && header.sequence > 0
        return leavesOutZero && steps > 0 && header.sequence < sequence ? steps - 1 : steps
    }

    /// The very bytes of this part are there already.
    private mutating func holds(_ part: UnsafeRawBufferPointer, at offset: Int) -> Bool {
        guard offset + part.count <= collectedCount else { return false }
        return collected.span.withUnsafeBytes { bytes in
            memcmp(bytes.baseAddress! + offset, part.baseAddress!, part.count) == 0
        }
    }

    private mutating func follow(_ header: OpenTrackIOHeader) {
        if let newestSequence {
            let missed = Self.steps(from: newestSequence, to: header) - 1
            if missed > 0, missed <= TrackingLimits.lostSequences {
                counters.lost &+= UInt64(missed)
            }
        }
        newestSequence = header.sequence
    }

    private mutating func giveUp() {
        guard isOpen else { return }
        isOpen = false
        counters.incomplete &+= 1
        // The sender may have changed its ways.
        givenUpCount += 1
        if givenUpCount >= TrackingLimits.doubtedPayloads { partStep = nil }
    }

    private mutating func begin(
        _ part: UnsafeRawBufferPointer, _ header: OpenTrackIOHeader,
        _ whole: (OpenTrackIOPayload) throws(OpenTrackIOFault) -> Void
    ) {
        guard header.isLast else {
            (isOpen, collectedCount, encoding) = (true, 0, header.encoding)
            return extend(part, header, whole)
        }
        // The usual case, a payload in one datagram, is not copied.
        guard part.count <= TrackingLimits.payloadBytes else { return counters.oversize &+= 1 }
        let mark = wideFingerprint(part)
        guard isNew(mark, header) else { return }
        settle(Self.fault(of: part, mark, header, whole), header)
    }

    private mutating func extend(
        _ part: UnsafeRawBufferPointer, _ header: OpenTrackIOHeader,
        _ whole: (OpenTrackIOPayload) throws(OpenTrackIOFault) -> Void
    ) {
        let (start, end) = (collectedCount, collectedCount + part.count)
        guard end <= TrackingLimits.payloadBytes else {
            isOpen = false
            return counters.oversize &+= 1
        }
        withUnsafeMutableBytes(of: &collected) { bytes in
            UnsafeMutableRawBufferPointer(rebasing: bytes[start...]).copyMemory(from: part)
        }
        collectedCount = end
        guard header.isLast else { return }
        isOpen = false
        givenUpCount = 0
        let mark = collected.span.withUnsafeBytes {
            wideFingerprint(UnsafeRawBufferPointer(rebasing: $0[..<end]))
        }
        guard isNew(mark, header) else { return }
        let fault = collected.span.withUnsafeBytes {
            Self.fault(of: UnsafeRawBufferPointer(rebasing: $0[..<end]), mark, header, whole)
        }
        settle(fault, header)
    }

    /// False for the newest payload once more: the same number and the same bytes.
    ///
    /// A sender that does not count sends other bytes under one number and is heard.
    private mutating func isNew(_ fingerprint: UInt64, _ header: OpenTrackIOHeader) -> Bool {
        guard wholeSequence != header.sequence || wholeFingerprint != fingerprint else {
            counters.duplicates &+= 1
            return false
        }
        wholeSequence = header.sequence
        wholeFingerprint = fingerprint
        return true
    }

    /// Hands a payload over; what it was refused for, if it was.
    private static func fault(
        of bytes: UnsafeRawBufferPointer, _ fingerprint: UInt64, _ header: OpenTrackIOHeader,
        _ whole: (OpenTrackIOPayload) throws(OpenTrackIOFault) -> Void
    ) -> OpenTrackIOFault? {
        do throws(OpenTrackIOFault) {
            try whole(
                OpenTrackIOPayload(
                    encoding: header.encoding, bytes: bytes, sequence: header.sequence,
                    checksum: header.checksum, fingerprint: fingerprint))
            return nil
        } catch { return error }
    }

    private mutating func settle(_ fault: OpenTrackIOFault?, _ header: OpenTrackIOHeader) {
        if let fault {
            newestFault = fault
            return counters.count(fault)
        }
        counters.accepted &+= 1
        if header.checksum == .modulo255 { counters.oldChecksums &+= 1 }
    }
}
