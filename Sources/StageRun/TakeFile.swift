import Foundation
import FrameLoop
import Tracking

/// What a stage was read from, whole.
public struct StageText: Sendable, Equatable {
    /// The stage file's text.
    public var text: String
    /// Texts of the lens files it names, by their lenses' names.
    public var lensFiles: [String: String]
    /// Texts of the other files it was read with, by their paths from its folder.
    public var otherFiles: [String: String]

    /// A stage file's text with those of other files.
    public init(
        text: String, lensFiles: [String: String] = [:], otherFiles: [String: String] = [:]
    ) {
        self.text = text
        self.lensFiles = lensFiles
        self.otherFiles = otherFiles
    }
}

/// A scene as the state at a take's start names it, and what it is by itself.
public struct TakeScene: Codable, Sendable, Equatable {
    /// Slot of the asset table.
    public var slot: Int32
    /// Generation in the slot.
    public var generation: UInt32
    /// What it was loaded from.
    public var source: String
    /// Fingerprint of the baked scene.
    public var fingerprint: UInt64

    /// A scene in a slot.
    package init(slot: Int32, generation: UInt32, source: String, fingerprint: UInt64) {
        self.slot = slot
        self.generation = generation
        self.source = source
        self.fingerprint = fingerprint
    }
}

/// What a take begins with: all that is not in its frames.
public struct TakeHeader: Codable, Sendable, Equatable {
    /// Version of the file's form.
    public var version = TakeFile.version
    /// Number of the take in its folder.
    public var number: Int
    /// The stage's name.
    public var stage: String
    /// The stage file, whole.
    public var stageFile: String
    /// The lens files it names, by their lenses' names; nil in takes of before there were any.
    public var lensFiles: [String: String]?
    /// What the stage file was read with besides, by paths from its folder; nil in takes of before.
    public var otherFiles: [String: String]?
    /// What the scene was loaded from: a path, or `generated:…`.
    public var scene: String
    /// Fingerprint of the baked scene.
    public var sceneFingerprint: UInt64
    /// The scenes that were held, by their slots; nil in takes of before there were several.
    public var scenes: [TakeScene]?
    /// Fingerprint of the program: the tracking memory at the start is in its own form.
    public var program: UInt64
    /// x86-64 level of the kernels the wall was drawn with.
    public var kernels: Int32
    /// Timecode of the moment it was begun, UTC.
    public var timecode: String
}

/// A take on disk: records one after the other, each sealed, so that a file cut off anywhere is
/// whole up to its last whole record.
///
///     8 bytes   "CYCTAKE1"
///     record    u32 bytes of payload, u32 kind, payload, u64 FNV-1a of kind and payload
///
/// Numbers are little-endian. Kinds are `Kind`; the first record is the header.
public enum TakeFile {
    /// Version of this form.
    public static let version = 1
    static let magic = Array("CYCTAKE1".utf8)

    enum Kind: UInt32 {
        /// `TakeHeader` as JSON.
        case header = 1
        /// The loop's state before the first frame, in the program's own form.
        case state
        /// A saved show document: the live state from the next frame on.
        case document
        /// A `FrameRecord`.
        case frame
        /// The take ended as asked.
        case end
        /// The take was broken off: the payload says why.
        case broken
        /// A wall's correction that settings from here on name, its files whole.
        case correction
        /// A look that documents after it name (`PreparedLook.recorded`).
        case look
    }

    /// A record's bytes.
    static func record(_ kind: Kind, _ payload: UnsafeRawBufferPointer) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(payload.count + 16)
        append(UInt32(payload.count), to: &bytes)
        append(kind.rawValue, to: &bytes)
        bytes.append(contentsOf: payload)
        append(seal(bytes), to: &bytes)
        return bytes
    }

    /// Fingerprint of kind and payload of a record that lacks only its seal.
    private static func seal(_ bytes: [UInt8]) -> UInt64 {
        bytes.withUnsafeBytes { fingerprint(UnsafeRawBufferPointer(rebasing: $0[4...])) }
    }

    private static func append(_ number: some FixedWidthInteger, to bytes: inout [UInt8]) {
        withUnsafeBytes(of: number.littleEndian) { bytes.append(contentsOf: $0) }
    }
}

extension TakeFile {
    /// Goes through a file's whole records; ends at the first that is not whole.
    struct Records: Sequence, IteratorProtocol {
        private let data: Data
        private var at = TakeFile.magic.count

        init(_ data: Data) { self.data = data }

        mutating func next() -> (kind: UInt32, payload: Data)? {
            guard let count: UInt32 = number(at), count <= TakeLimits.recordBytesMax,
                let kind: UInt32 = number(at + 4), let seal: UInt64 = number(at + 8 + Int(count))
            else { return nil }
            let start = data.startIndex + at + 4
            let sealed = data[start..<start + 4 + Int(count)]
            guard sealed.withUnsafeBytes(fingerprint) == seal else { return nil }
            at += 16 + Int(count)
            return (kind, sealed.dropFirst(4))
        }

        private func number<Number: FixedWidthInteger>(_ place: Int) -> Number? {
            let size = MemoryLayout<Number>.size
            guard place >= 0, data.count - place >= size else { return nil }
            return data.withUnsafeBytes {
                Number(littleEndian: $0.loadUnaligned(fromByteOffset: place, as: Number.self))
            }
        }
    }
}
