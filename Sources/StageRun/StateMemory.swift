import Control
import Foundation
import Glibc
import Platform
import Tracking

/// The last state of the show in memory that outlives the process that runs the wall.
///
/// A memory file the supervisor holds and the child maps: two slots, written in turn and sealed
/// with a checksum, so that a child killed in the middle of a write loses only that write.
/// `@unchecked Sendable` holds because one thread, the control thread, writes.
public final class StateMemory: @unchecked Sendable {
    /// Bytes of one state: what a document can be restored from.
    public static let sizeMax = ControlLimits.savedBytes
    private static let slotSize = sizeMax + 32

    /// The memory file's descriptor, inherited by a child.
    public let descriptor: Int32
    private let base: UnsafeMutableRawPointer
    private var sequence: UInt64 = 0

    /// Memory of a new supervisor, or of a child that inherited its descriptor.
    public init(inherited: Int32? = nil) throws {
        descriptor = try inherited ?? Threads.memoryFile(name: "cyclorama-state")
        let size = 2 * Self.slotSize
        guard inherited != nil || ftruncate(descriptor, off_t(size)) == 0,
            let memory = mmap(nil, size, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0),
            memory != MAP_FAILED
        else { throw RunError("the state memory could not be mapped: \(errorText(errno))") }
        base = memory
        sequence = newest()?.sequence ?? 0
    }

    /// Replaces the older of the two states.
    public func write(_ bytes: [UInt8]) {
        guard bytes.count <= Self.sizeMax else { return }
        sequence += 1
        let slot = base + Int(sequence % 2) * Self.slotSize
        slot.storeBytes(of: 0, toByteOffset: 0, as: UInt64.self)
        bytes.withUnsafeBytes { (slot + 32).copyMemory(from: $0.baseAddress!, byteCount: $0.count) }
        slot.storeBytes(of: UInt64(bytes.count), toByteOffset: 8, as: UInt64.self)
        slot.storeBytes(of: bytes.withUnsafeBytes(fingerprint), toByteOffset: 16, as: UInt64.self)
        slot.storeBytes(of: sequence, toByteOffset: 0, as: UInt64.self)
    }

    /// The newest state that is whole, or nil.
    public func read() -> [UInt8]? { newest()?.bytes }

    private func newest() -> (sequence: UInt64, bytes: [UInt8])? {
        (0..<2).compactMap(state(slot:)).max { $0.sequence < $1.sequence }
    }

    private func state(slot index: Int) -> (sequence: UInt64, bytes: [UInt8])? {
        let slot = base + index * Self.slotSize
        let sequence = slot.load(fromByteOffset: 0, as: UInt64.self)
        let count = slot.load(fromByteOffset: 8, as: UInt64.self)
        guard sequence > 0, count <= Self.sizeMax else { return nil }
        let bytes = [UInt8](UnsafeRawBufferPointer(start: slot + 32, count: Int(count)))
        guard slot.load(fromByteOffset: 16, as: UInt64.self) == bytes.withUnsafeBytes(fingerprint)
        else {
            return nil
        }
        return (sequence, bytes)
    }
}
