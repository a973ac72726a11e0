import Glibc

/// Memory of pixels in pages of 2 MB where the system has them: a block of the wall touches many
/// rows of texels and of its canvas, and small pages would exhaust the TLB.
///
/// On the bench's path at 1920 × 1080, 0.9 of 19.5 ms came of a canvas in small pages.
public enum HugePages {
    /// MADV_HUGEPAGE of linux/mman.h.
    private static let advice: Int32 = 14
    private static let size = 2 << 20

    /// Zeroed and touched; given back by `free` with the same size.
    public static func allocate(_ bytes: Int) -> UnsafeMutableRawPointer {
        guard let block = find(bytes) else {
            preconditionFailure("no memory for \(bytes >> 20) MB of pixels")
        }
        return block
    }

    /// The same, or nil where the system has not so much, or may not keep so much from being paged
    /// out.
    ///
    /// A process that has locked its memory (`mlockall`) has new memory filled with pages before
    /// anyone can say of what size, so it is mapped without access, advised, and opened then.
    /// Locked memory that is opened is filled while every other thread waits that maps any (500 MB
    /// took 370 ms), so it is unlocked, and filled by being touched. It stays unlocked: whoever
    /// needs it locked locks it (`lock`), in no time by then.
    public static func find(_ bytes: Int) -> UnsafeMutableRawPointer? {
        let whole = rounded(bytes)
        let flags = MAP_PRIVATE | MAP_ANONYMOUS
        guard let place = mmap(nil, whole + size, PROT_NONE, flags, -1, 0), place != MAP_FAILED
        else { return nil }
        let block = UnsafeMutableRawPointer(
            bitPattern: (UInt(bitPattern: place) + UInt(size - 1)) & ~UInt(size - 1))!
        let before = block - place
        if before > 0 { munmap(place, before) }
        munmap(block + whole, size - before)
        // Where the system has none, small ones do.
        _ = madvise(block, whole, advice)
        munlock(block, whole)
        guard mprotect(block, whole, PROT_READ | PROT_WRITE) == 0 else {
            munmap(block, whole)
            return nil
        }
        for page in stride(from: 0, to: whole, by: Int(getpagesize())) {
            block.storeBytes(of: 0, toByteOffset: page, as: UInt8.self)
        }
        return block
    }

    /// Keeps what `allocate` or `find` gave for so many bytes from being paged out; false when the
    /// system refuses.
    public static func lock(_ block: UnsafeRawPointer, _ bytes: Int) -> Bool {
        mlock(block, rounded(bytes)) == 0
    }

    /// Gives back what `allocate` or `find` gave for so many bytes.
    public static func free(_ block: UnsafeMutableRawPointer, _ bytes: Int) {
        munmap(block, rounded(bytes))
    }

    /// Whole pages, one at least.
    private static func rounded(_ bytes: Int) -> Int {
        (max(1, bytes) + size - 1) & ~(size - 1)
    }
}
