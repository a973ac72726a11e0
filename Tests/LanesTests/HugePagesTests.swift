import Glibc
import Lanes
import Testing

struct HugePagesTests {
    /// Bytes of a process's memory that stand in pages of 2 MB, by the kernel's own account.
    private static func huge(_ block: UnsafeMutableRawPointer) throws -> Int? {
        let file = try #require(fopen("/proc/self/smaps", "r"))
        defer { fclose(file) }
        var line = [CChar](repeating: 0, count: 4096)
        let start = String(UInt(bitPattern: block), radix: 16)
        var isOurs = false
        while fgets(&line, Int32(line.count), file) != nil {
            let bytes = line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
            let text = String(decoding: bytes, as: UTF8.self)
            if text.hasPrefix(start + "-") { isOurs = true }
            let words = text.split(separator: " ")
            if isOurs, words.first == "AnonHugePages:", words.count > 1, let count = Int(words[1]) {
                return count << 10
            }
        }
        return nil
    }

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
        #expect(try Self.huge(block) == 8 << 20)
    }
}
