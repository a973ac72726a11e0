/// One step through a payload: what JSON and CBOR have in common.
enum PayloadEvent {
    /// An object begins: keys and values in turn up to its `end`.
    case object
    /// A list begins: values up to its `end`.
    case list
    /// The innermost object or list ends.
    case end
    /// The name of a member; its value comes next.
    case key(PayloadText)
    case text(PayloadText)
    /// Any number; integers are exact up to 2⁵³, more than any field of OpenTrackIO.
    case number(Double)
    case boolean(Bool)
    case null
    /// A value no field of OpenTrackIO has: bytes, or a simple value of CBOR.
    case opaque
}

/// Reads one encoding of a payload step by step, each length checked and no deeper than
/// `TrackingLimits.payloadDepth`; every step moves forward, so that bytes bound the work.
protocol PayloadReader {
    /// Objects and lists that have begun and not ended.
    var depth: Int { get }
    /// The next step.
    mutating func next() throws(OpenTrackIOFault) -> PayloadEvent
    /// Throws unless one whole value has been read and nothing comes after it.
    mutating func finish() throws(OpenTrackIOFault)
}

extension PayloadReader {
    /// The next member of the object that has begun, or nil at its end.
    ///
    /// A member that is null is left out: some senders write one for what they do not know.
    mutating func member() throws(OpenTrackIOFault) -> (key: PayloadText, value: PayloadEvent)? {
        while case .key(let key) = try next() {
            let value = try next()
            if case .null = value { continue }
            return (key, value)
        }
        return nil
    }

    /// The next value of the list that has begun, or nil at its end.
    mutating func element() throws(OpenTrackIOFault) -> PayloadEvent? {
        let value = try next()
        if case .end = value { return nil }
        return value
    }

    /// Leaves out the rest of a value of which the first step has been read.
    mutating func skip(_ value: PayloadEvent) throws(OpenTrackIOFault) {
        switch value {
        case .object, .list:
            let outside = depth - 1
            while depth > outside { _ = try next() }
        default: return
        }
    }
}

extension PayloadEvent {
    func object(_ field: OpenTrackIOFault.Field) throws(OpenTrackIOFault) {
        guard case .object = self else { throw OpenTrackIOFault(.wrongType, field) }
    }

    func list(_ field: OpenTrackIOFault.Field) throws(OpenTrackIOFault) {
        guard case .list = self else { throw OpenTrackIOFault(.wrongType, field) }
    }

    func text(_ field: OpenTrackIOFault.Field) throws(OpenTrackIOFault) -> PayloadText {
        guard case .text(let text) = self else { throw OpenTrackIOFault(.wrongType, field) }
        return text
    }

    func boolean(_ field: OpenTrackIOFault.Field) throws(OpenTrackIOFault) -> Bool {
        guard case .boolean(let value) = self else { throw OpenTrackIOFault(.wrongType, field) }
        return value
    }

    /// A finite number.
    func number(_ field: OpenTrackIOFault.Field) throws(OpenTrackIOFault) -> Double {
        guard case .number(let value) = self else { throw OpenTrackIOFault(.wrongType, field) }
        guard value.isFinite else { throw OpenTrackIOFault(.notFinite, field) }
        return value
    }

    /// A finite number in a range.
    func number(
        _ field: OpenTrackIOFault.Field, in range: ClosedRange<Double>
    ) throws(OpenTrackIOFault) -> Double {
        let value = try number(field)
        guard range.contains(value) else { throw OpenTrackIOFault(.outOfRange, field) }
        return value
    }

    /// A finite number above zero.
    func positive(_ field: OpenTrackIOFault.Field) throws(OpenTrackIOFault) -> Double {
        try number(field, in: Double.leastNonzeroMagnitude...Double.greatestFiniteMagnitude)
    }

    /// A whole number in a range; 24.0 is as good as 24.
    func integer<T: FixedWidthInteger>(
        _ field: OpenTrackIOFault.Field, in range: ClosedRange<T>
    ) throws(OpenTrackIOFault) -> T {
        let value = try number(
            field, in: Double(range.lowerBound)...Double(range.upperBound))
        guard let whole = T(exactly: value) else { throw OpenTrackIOFault(.outOfRange, field) }
        return whole
    }
}
