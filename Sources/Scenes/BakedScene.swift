import FrameModel
import Foundation
import Glibc
import Lanes

/// A scene's run-time form on disk: `scene.baked` beside the scene file, so that a start reads one
/// file instead of decoding pictures and making mip levels.
///
/// A page of header, then the block of the `SceneAsset` as it lies in memory, pointers against the
/// address the header names, then the names of the files it was made from, a line each, and a line
/// for each viewpoint. It is read, not mapped: a mapped file would have small pages (more TLB
/// misses a frame), and one that is cut while the wall runs would end the program. The header has
/// the version of the form, a checksum of the block, and a print of those files (names, sizes,
/// times of change): when one of them has changed the bake is stale.
public enum BakedScene {
    /// Raised whenever the same files bake to other bytes.
    private static let version: UInt32 = 4
    private static let seal: UInt64 = 0x6379_635F_6261_6B65
    /// A page, so that the block starts on one.
    private static let headerSize = 4096
    /// Largest block taken: 16 plates of 4K and a dome of 16K take under 6 GB.
    private static let bytesMax = 8 << 30
    /// Bytes of the files' names: some dozens of files.
    private static let namesMax = 1 << 20

    /// Says whether so many bytes may be taken; throws why not.
    public typealias Admission = (Int) throws(SceneComplaints) -> Void

    private struct Header: BitwiseCopyable {
        var seal = BakedScene.seal
        var version = BakedScene.version
        /// Sizes of what the block holds: another build's may differ.
        var layout = BakedScene.layout
        var address: UInt64 = 0
        var count: UInt64 = 0
        var sum: UInt64 = 0
        var sources: UInt64 = 0
        var trailerCount: UInt64 = 0
        var nameCount: UInt64 = 0
    }

    private static var layout: UInt32 {
        UInt32(
            MemoryLayout<PreparedScene>.size &* 31 &+ MemoryLayout<cyc_mesh_cluster>.size &* 7
                &+ MemoryLayout<cyc_mesh_texture>.size)
    }

    /// Where the bake of a scene lies: nil for a single picture and for generated scenes.
    public static func file(of path: String) -> String? {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
            return nil
        }
        if isFolder.boolValue { return path + "/scene.baked" }
        return SceneFile.isSceneFile(path)
            ? String(path.dropLast(SceneFile.suffix.count)) + ".baked" : nil
    }

    /// A scene ready to be drawn: its bake where there is a good one, else loaded and baked, and
    /// the bake kept for the next time.
    ///
    /// - Parameters:
    ///   - path: as `SceneFile.load` takes it.
    ///   - isFresh: bakes anew whatever there is.
    ///   - say: takes a line when a bake is refused, stale or cannot be kept, and the scene's
    ///     warnings.
    public static func asset(
        of path: String, isFresh: Bool = false, say: (String) -> Void
    ) throws(SceneComplaints) -> SceneAsset {
        if !isFresh, let asset = try kept(path, say: say) { return asset }
        return try bake(path, say: say).asset
    }

    /// Loads and bakes a scene and keeps the bake beside it; false when it has no place for it.
    /// - Parameters:
    ///   - path: as `SceneFile.load` takes it.
    ///   - goesOn: called when a part of it has been read or baked.
    ///   - say: takes the scene's warnings, and why a bake cannot be kept.
    public static func bake(
        _ path: String, goesOn: () -> Void = {}, say: (String) -> Void
    ) throws(SceneComplaints) -> (asset: SceneAsset, isKept: Bool) {
        let scene = try SceneFile.load(path, goesOn: goesOn)
        for warning in scene.warnings { say("warning: \(warning)") }
        let asset = SceneAsset(scene: scene, goesOn: goesOn)
        guard let file = file(of: path) else { return (asset, false) }
        guard let why = keep(asset, of: path, in: file) else { return (asset, true) }
        say("\(file): cannot be kept (\(why)) – the next start bakes again")
        return (asset, false)
    }

    /// A scene's bake where there is a good one, else nil, and `say` takes a line that says why.
    ///
    /// Decodes nothing: what it reads is held against its checksum and its own bounds.
    public static func kept(
        _ path: String, admit: Admission = { _ in }, say: (String) -> Void
    ) throws(SceneComplaints) -> SceneAsset? {
        guard let file = file(of: path) else { return nil }
        let descriptor = open(file, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            if errno != ENOENT {
                let why = String(cString: strerror(errno))
                say("\(file): cannot be opened (\(why)) – it is not used")
            }
            return nil
        }
        defer { close(descriptor) }
        let folder = (file as NSString).deletingLastPathComponent
        switch try read(descriptor, folder: folder, admit: admit) {
        case .good(let asset): return asset
        case .refused(let why):
            say("\(file): \(why) – it is not used")
            return nil
        }
    }

    /// The scene another process of this program has written to a memory file.
    public static func read(
        from descriptor: Int32, admit: Admission
    ) throws(SceneComplaints) -> SceneAsset {
        switch try read(descriptor, folder: nil, admit: admit) {
        case .good(let asset): return asset
        case .refused(let why): throw SceneComplaints(["the baked scene \(why)"])
        }
    }

    /// What became of reading a bake.
    private enum Reading {
        case good(SceneAsset)
        case refused(String)
    }

    /// - Parameter folder: where its files lie; nil: nobody asks whether they have changed.
    private static func read(
        _ descriptor: Int32, folder: String?, admit: Admission
    ) throws(SceneComplaints) -> Reading {
        var facts = stat()
        guard fstat(descriptor, &facts) == 0, facts.st_mode & S_IFMT == S_IFREG else {
            return .refused("is not a file")
        }
        var page = [UInt8](repeating: 0, count: headerSize)
        guard page.withUnsafeMutableBytes({ fill($0, from: descriptor, at: 0) }) else {
            return .refused("is damaged: it ends within its header")
        }
        let header = page.withUnsafeBytes { $0.load(as: Header.self) }
        guard header.seal == seal else { return .refused("is no baked scene") }
        guard header.version == version, header.layout == layout else {
            return .refused("is of another version of the program")
        }
        guard header.count <= UInt64(bytesMax), header.nameCount <= 1024,
            header.trailerCount <= UInt64(namesMax),
            facts.st_size
                == off_t(headerSize) + off_t(header.count) + off_t(header.trailerCount)
        else { return .refused("is damaged: it has \(facts.st_size) bytes") }
        var trailer = [UInt8](repeating: 0, count: Int(header.trailerCount))
        let place = headerSize + Int(header.count)
        guard trailer.withUnsafeMutableBytes({ fill($0, from: descriptor, at: place) }) else {
            return .refused("is damaged: it ends within its files' names")
        }
        let notes = BakeNotes(text: String(decoding: trailer, as: UTF8.self))
        if let folder, notes.print(in: folder) != header.sources {
            return .refused("is older than the scene's files")
        }
        try admit(Int(header.count))
        let names = MemoryLayout<Header>.size
        let name = String(decoding: page[names..<names + Int(header.nameCount)], as: UTF8.self)
        var hasRoom = false
        let asset = SceneAsset(
            name: name, byteCount: Int(header.count), bakedAt: UInt(header.address),
            notes: notes
        ) { block in
            hasRoom = true
            var sum = BlockSum()
            let part = 1 << 20
            var at = 0
            while at < Int(header.count) {
                let bytes = UnsafeMutableRawBufferPointer(
                    start: block + at, count: min(part, Int(header.count) - at))
                guard fill(bytes, from: descriptor, at: headerSize + at) else { return false }
                sum.add(UnsafeRawBufferPointer(bytes))
                at += bytes.count
            }
            return sum.value == header.sum
        }
        if let asset { return .good(asset) }
        guard hasRoom || header.count < MemoryLayout<PreparedScene>.size else {
            throw SceneComplaints(["there is no memory for its \(header.count >> 20) MB"])
        }
        return .refused("is damaged: its bytes are not those baked")
    }

    /// Reads a whole buffer; false when the file ends before.
    private static func fill(
        _ bytes: UnsafeMutableRawBufferPointer, from descriptor: Int32, at place: Int
    ) -> Bool {
        var done = 0
        while done < bytes.count {
            let got = pread(
                descriptor, bytes.baseAddress! + done, bytes.count - done, off_t(place + done))
            if got < 0, errno == EINTR { continue }
            if got <= 0 { return false }
            done += got
        }
        return true
    }

    /// Writes a bake beside its place and moves it there; the reason when that fails.
    private static func keep(_ asset: SceneAsset, of path: String, in file: String) -> String? {
        let folder = (file as NSString).deletingLastPathComponent
        let notes = BakeNotes(
            files: SceneFile.sources(of: path), asset.viewpoints, asset.cues)
        let draft = file + ".new"
        let descriptor = open(draft, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { return String(cString: strerror(errno)) }
        let failure = write(
            asset, notes, sources: notes.print(in: folder), to: descriptor)
        close(descriptor)
        if failure == nil, rename(draft, file) == 0 { return nil }
        let why = failure ?? String(cString: strerror(errno))
        unlink(draft)
        return why
    }

    /// Writes a scene for another process of this program; the reason when that fails.
    public static func write(_ asset: SceneAsset, to descriptor: Int32) -> String? {
        write(
            asset, BakeNotes(files: [], asset.viewpoints, asset.cues), sources: 0, to: descriptor)
    }

    private static func write(
        _ asset: SceneAsset, _ notes: BakeNotes, sources: UInt64, to descriptor: Int32
    ) -> String? {
        let trailer = Array(notes.text.utf8)
        guard asset.byteCount <= bytesMax, trailer.count <= namesMax else {
            return "it has \(asset.byteCount) bytes"
        }
        let name = Array(asset.name.utf8.prefix(1024))
        var sum = BlockSum()
        sum.add(asset.bytes)
        var header = Header()
        header.address = UInt64(UInt(bitPattern: asset.bytes.baseAddress!))
        header.count = UInt64(asset.byteCount)
        header.sum = sum.value
        header.sources = sources
        header.trailerCount = UInt64(trailer.count)
        header.nameCount = UInt64(name.count)
        var page = [UInt8](repeating: 0, count: headerSize)
        page.withUnsafeMutableBytes { $0.storeBytes(of: header, as: Header.self) }
        page.replaceSubrange(
            MemoryLayout<Header>.size..<MemoryLayout<Header>.size + name.count, with: name)
        let isWritten =
            page.withUnsafeBytes { drain($0, to: descriptor) }
            && drain(asset.bytes, to: descriptor)
            && trailer.withUnsafeBytes { drain($0, to: descriptor) }
        return isWritten ? nil : String(cString: strerror(errno))
    }

    private static func drain(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) -> Bool {
        var done = 0
        while done < bytes.count {
            // The kernel takes at most 2 GB at a time.
            let put = Glibc.write(
                descriptor, bytes.baseAddress! + done, min(bytes.count - done, 1 << 30))
            if put < 0, errno == EINTR { continue }
            if put <= 0 { return false }
            done += put
        }
        return true
    }
}

/// A sum of bytes that tells a damaged block.
///
/// Four chains of products over 32 bytes at a time, as fast as memory. No guard against forgery.
struct BlockSum {
    private var lanes = SIMD4<UInt64>(
        0x9E37_79B9_7F4A_7C15, 0xC2B2_AE3D_27D4_EB4F, 0x1656_67B1_9E37_79F9, 0x27D4_EB2F_1656_67C5)
    private var count: UInt64 = 0

    /// Adds bytes; all but the last part are multiples of 32.
    mutating func add(_ bytes: UnsafeRawBufferPointer) {
        let prime: UInt64 = 0x9FB2_1C65_1E98_DF25
        var (a, b, c, d) = (lanes.x, lanes.y, lanes.z, lanes.w)
        var at = 0
        while at + 32 <= bytes.count {
            a = (a ^ bytes.loadUnaligned(fromByteOffset: at, as: UInt64.self)) &* prime
            b = (b ^ bytes.loadUnaligned(fromByteOffset: at + 8, as: UInt64.self)) &* prime
            c = (c ^ bytes.loadUnaligned(fromByteOffset: at + 16, as: UInt64.self)) &* prime
            d = (d ^ bytes.loadUnaligned(fromByteOffset: at + 24, as: UInt64.self)) &* prime
            // A product carries upward only: without this the top bits of two words could cancel.
            (a, b, c, d) = (a ^ a >> 29, b ^ b >> 31, c ^ c >> 29, d ^ d >> 31)
            at += 32
        }
        for byte in bytes[at...] { a = (a ^ UInt64(byte)) &* prime }
        lanes = SIMD4(a, b, c, d)
        count &+= UInt64(bytes.count)
    }

    var value: UInt64 {
        var sum = count
        for lane in 0..<4 { sum = (sum ^ lanes[lane]) &* 0xC2B2_AE3D_27D4_EB4F ^ sum >> 33 }
        return sum
    }
}
