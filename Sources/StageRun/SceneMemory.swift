import FrameModel
import Glibc
import Platform
import Scenes
import Tracking

/// A baked scene in memory that outlives the process that runs the wall: after a fault the picture
/// is back without drawing or baking the set again.
struct SceneMemory {
    /// What stands before the block.
    ///
    /// The seal is written last: a scene half written is no scene.
    private struct Header: BitwiseCopyable {
        var seal: UInt64 = 0
        var source: UInt64 = 0
        var layout: UInt64 = 0
        var address: UInt64 = 0
        var count: UInt64 = 0
        /// Bytes of the notes after the block.
        var notesCount: UInt64 = 0
    }

    private static let seal: UInt64 = 0x6379_635f_7363_6e32
    /// A page, so that the block starts on one.
    private static let headerSize = 4096
    /// A change of the baked form's layout makes old blocks strangers.
    private static let layout = UInt64(MemoryLayout<PreparedScene>.size)

    private let descriptor: Int32

    init(descriptor: Int32) { self.descriptor = descriptor }

    /// The scene that was kept under a source's name, or nil.
    func read(source: String) -> SceneAsset? {
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_size > Self.headerSize else { return nil }
        let size = Int(status.st_size)
        guard let memory = mmap(nil, size, PROT_READ, MAP_SHARED, descriptor, 0),
            memory != MAP_FAILED
        else { return nil }
        defer { munmap(memory, size) }
        let header = memory.load(as: Header.self)
        guard header.seal == Self.seal, header.layout == Self.layout,
            header.source == Self.hash(source), header.count <= UInt64(size - Self.headerSize),
            header.notesCount <= UInt64(size - Self.headerSize) - header.count
        else { return nil }
        let notes = UnsafeRawBufferPointer(
            start: memory + Self.headerSize + Int(header.count), count: Int(header.notesCount))
        return SceneAsset(
            name: source,
            bytes: UnsafeRawBufferPointer(
                start: memory + Self.headerSize, count: Int(header.count)),
            bakedAt: UInt(header.address), notes: String(decoding: notes, as: UTF8.self))
    }

    /// Keeps a scene under a source's name.
    ///
    /// Without room for it the next start bakes again.
    func write(_ asset: SceneAsset, source: String) {
        let notes = Array(asset.notes.utf8)
        let size = Self.headerSize + asset.byteCount + notes.count
        guard ftruncate(descriptor, 0) == 0, ftruncate(descriptor, off_t(size)) == 0,
            let memory = mmap(nil, size, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0),
            memory != MAP_FAILED
        else { return }
        defer { munmap(memory, size) }
        (memory + Self.headerSize).copyMemory(
            from: asset.bytes.baseAddress!, byteCount: asset.byteCount)
        notes.withUnsafeBytes {
            UnsafeMutableRawBufferPointer(
                start: memory + Self.headerSize + asset.byteCount, count: notes.count
            ).copyMemory(from: $0)
        }
        var header = Header()
        header.notesCount = UInt64(notes.count)
        header.source = Self.hash(source)
        header.layout = Self.layout
        header.address = UInt64(UInt(bitPattern: asset.bytes.baseAddress!))
        header.count = UInt64(asset.byteCount)
        memory.storeBytes(of: header, as: Header.self)
        memory.storeBytes(of: Self.seal, as: UInt64.self)
    }

    private static func hash(_ text: String) -> UInt64 {
        Array(text.utf8).withUnsafeBytes(fingerprint)
    }
}
