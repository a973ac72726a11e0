/// Cuts a stream of bytes into lines of a bounded length; a longer one is told once and skipped.
struct LineSplitter: Sendable {
    /// What a byte finished.
    enum Event: Equatable {
        /// A line without its end; not empty of bytes only by chance.
        case line([UInt8])
        /// A line that passed the limit; the rest of it will be skipped.
        case tooLong
    }

    private var pending: [UInt8] = []
    private var isSkipping = false

    /// Takes bytes up to and with the next event; returns it and how many were taken.
    mutating func next(_ bytes: ArraySlice<UInt8>) -> (event: Event?, taken: Int) {
        let newline = UInt8(ascii: "\n")
        guard let end = bytes.firstIndex(of: newline) else {
            return (keep(bytes) ? nil : .tooLong, bytes.count)
        }
        let taken = end - bytes.startIndex + 1
        if isSkipping {
            isSkipping = false
            return (nil, taken)
        }
        guard keep(bytes[..<end]) else {
            isSkipping = false
            return (.tooLong, taken)
        }
        var line = pending
        pending.removeAll(keepingCapacity: true)
        if line.last == UInt8(ascii: "\r") { line.removeLast() }
        return (.line(line), taken)
    }

    /// Keeps bytes of an unfinished line; false when that makes it too long for the first time.
    private mutating func keep(_ bytes: ArraySlice<UInt8>) -> Bool {
        if isSkipping { return true }
        if pending.count + bytes.count > ControlLimits.lineBytes {
            pending.removeAll()
            isSkipping = true
            return false
        }
        pending.append(contentsOf: bytes)
        return true
    }
}
