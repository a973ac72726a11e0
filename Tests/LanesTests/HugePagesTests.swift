import Glibc
import Lanes
import TestSupport
import Testing

struct HugePagesTests {
    private static var isGranted: Bool {
        guard let file = fopen("/sys/kernel/mm/transparent_hugepage/enabled", "r") else {
            return false
        }
        defer { fclose(file) }
        var line = [CChar](repeating: 0, count: 256)
        guard fgets(&line, 256, file) != nil else { return false }
        return strstr(line, "[never]") == nil
    }

    @Test(arguments: [1, 4096, (2 << 20) - 1, 5 << 20])
    func `a block is zero, stands on 2 MB and can be written to its end`(bytes: Int) throws {
        let block = try #require(HugePages.find(bytes))
        defer { HugePages.free(block, bytes) }
        #expect(UInt(bitPattern: block) % (2 << 20) == 0)
        let words = UnsafeMutableRawBufferPointer(start: block, count: bytes)
        #expect(words.allSatisfy { $0 == 0 })
        words[bytes - 1] = 1
    }

    @Test func `more than the machine can address is nil`() {
        #expect(HugePages.find(1 << 60) == nil)
    }

    @Test(.enabled(if: isGranted, "this kernel gives no pages of 2 MB"))
    func `a block stands in pages of 2 MB`() throws {
        let block = try #require(HugePages.find(8 << 20))
        defer { HugePages.free(block, 8 << 20) }
        #expect(MemoryMap.bytes("AnonHugePages", at: block) == 8 << 20)
    }

    @Test func `a block is locked to its end when it is asked for, and not before`() throws {
        let size = (4 << 20) - 5000
        let block = try #require(HugePages.find(size))
        defer { HugePages.free(block, size) }
        #expect(MemoryMap.bytes("Locked", at: block) == 0)
        // A system that grants no locked memory says so.
        if HugePages.lock(block, size) {
            #expect(MemoryMap.bytes("Locked", at: block) == 4 << 20)
        }
    }
}
