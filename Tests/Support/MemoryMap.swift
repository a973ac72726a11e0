import Glibc

/// What the kernel says of this process's memory (/proc/self/smaps).
public enum MemoryMap {
    /// Bytes of the mapping that begins at a place which are so: `AnonHugePages`, `Locked`; nil
    /// where none begins there.
    public static func bytes(_ field: String, at place: UnsafeRawPointer) -> Int? {
        guard let file = fopen("/proc/self/smaps", "r") else { return nil }
        defer { fclose(file) }
        var line = [CChar](repeating: 0, count: 4096)
        let start = String(UInt(bitPattern: place), radix: 16)
        var isOurs = false
        while fgets(&line, Int32(line.count), file) != nil {
            let bytes = line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
            let text = String(decoding: bytes, as: UTF8.self)
            if text.hasPrefix(start + "-") { isOurs = true }
            let words = text.split(separator: " ")
            if isOurs, words.first == "\(field):", words.count > 1, let count = Int(words[1]) {
                return count << 10
            }
        }
        return nil
    }
}
