extension MoSysF4 {
    /// Frames of a recording one after another, over damage and back into step.
    ///
    /// After damage every further byte may be a frame's first; one is believed only when another
    /// frame, or the end, follows right behind it: a checksum of eight bits is too easily met by
    /// chance. The work is in proportion to the bytes, whatever they are.
    public struct Recording: Sendable, IteratorProtocol, Sequence {
        /// Bytes that belong to no frame.
        public private(set) var skippedBytes = 0
        /// Places where frames were damaged or something else stood between them.
        public private(set) var gaps = 0

        private let bytes: [UInt8]
        /// Sum of the bytes before each place, modulo 256: any checksum in one step.
        private let sums: [UInt8]
        private var place = 0
        private var isInStep = true

        /// The frames of these bytes.
        public init(_ bytes: [UInt8]) {
            self.bytes = bytes
            var sums: [UInt8] = [0]
            sums.reserveCapacity(bytes.count + 1)
            var sum: UInt8 = 0
            for byte in bytes {
                sum &+= byte
                sums.append(sum)
            }
            self.sums = sums
        }

        /// The bytes begin with an F4 frame, or with something that is none.
        public var beginsWithFrame: Bool { size(at: 0) != nil }

        /// The next frame, or nil at the end.
        public mutating func next() -> Frame? {
            while place < bytes.count {
                if let size = size(at: place), isInStep || isBorder(place + size) {
                    let frame = bytes.withUnsafeBytes {
                        MoSysF4.frame(UnsafeRawBufferPointer(rebasing: $0[place...]), size: size)
                    }
                    place += size
                    isInStep = true
                    return frame
                }
                if isInStep { gaps += 1 }
                isInStep = false
                skippedBytes += 1
                place += 1
            }
            return nil
        }

        /// Size of a frame that stands here whole, its checksum right.
        private func size(at start: Int) -> Int? {
            guard start + 2 < bytes.count, bytes[start] == messageType, bytes[start + 2] > 0 else {
                return nil
            }
            let end = start + headSize + Int(bytes[start + 2]) * blockSize + 1
            guard end <= bytes.count, sums[end] &- sums[start] == 0x40 else { return nil }
            return end - start
        }

        /// A frame may begin here, or the recording ends.
        private func isBorder(_ place: Int) -> Bool {
            place == bytes.count || bytes[place] == messageType
        }
    }
}
