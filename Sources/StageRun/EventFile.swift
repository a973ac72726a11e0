import Foundation
import Glibc
import Platform
package import Timing

/// The event log's file: lines are appended, at its largest size it becomes `FILE.1`, and the one
/// before that goes.
///
/// A disk that takes nothing costs one complaint until it takes something again; what was lost
/// meanwhile is counted in the file. One thread at a time.
package struct EventFile {
    /// Not blocking: a pipe without a reader is refused, not waited for.
    private static let flags = O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NONBLOCK
    private let path: String
    private let bytesMax: Int
    private var descriptor: Int32 = -1
    /// Only a file has a size; a pipe or a terminal never fills.
    private var isFile = false
    private var byteCount = 0
    /// The last thing that was tried failed, and that has been said.
    private var isInTrouble = false
    /// Lines that could not be written since.
    private var lost = 0
    private var nextTry = HostTime(nanoseconds: 0)

    /// A file that is not open yet.
    package init(path: String, bytesMax: Int = EventLimits.fileBytes) {
        self.path = path
        self.bytesMax = bytesMax
    }

    /// Opens the file and makes its folder; a complaint when that is not possible, once.
    package mutating func open(at now: HostTime) -> String? {
        do {
            let folder = URL(fileURLWithPath: path).deletingLastPathComponent()
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        } catch {
            return fail(error.localizedDescription, at: now)
        }
        descriptor = Glibc.open(path, Self.flags, 0o644)
        guard descriptor >= 0 else { return fail(errorText(errno), at: now) }
        var info = stat()
        isFile = fstat(descriptor, &info) == 0 && info.st_mode & S_IFMT == S_IFREG
        byteCount = isFile ? Int(info.st_size) : 0
        return nil
    }

    /// Appends lines; what the operator is to be told, or nil.
    package mutating func append(_ lines: [String], at now: HostTime) -> String? {
        if descriptor < 0 {
            let complaint = now >= nextTry ? open(at: now) : nil
            guard descriptor >= 0 else {
                lost += lines.count
                return complaint
            }
        }
        let gap = lost > 0 ? ["(\(lost) lines are missing here: they could not be written)"] : []
        let texts = (gap + lines).map { Array(($0 + "\n").utf8) }
        let size = texts.reduce(0) { $0 + $1.count }
        if isFile && byteCount > 0 && byteCount + size > bytesMax, let why = turnOver() {
            lost += lines.count
            return fail(why, at: now)
        }
        // A pipe takes a line whole or not at all (PIPE_BUF), not many.
        for text in isFile ? [Array(texts.joined())] : texts {
            guard let why = write(text) else { continue }
            lost += lines.count
            return fail(why, at: now)
        }
        byteCount += size
        defer { (lost, isInTrouble) = (0, false) }
        return isInTrouble ? "\(path): events are written again, \(lost) lines are missing" : nil
    }

    /// The newest lines of the file as it is, at most so many, oldest first.
    package func newest(_ count: Int) -> [String] {
        var info = stat()
        // What is no file may have no end.
        guard stat(path, &info) == 0, info.st_mode & S_IFMT == S_IFREG,
            let file = FileHandle(forReadingAtPath: path)
        else { return [] }
        defer { try? file.close() }
        let bytesMax = count * EventLimits.lineBytes
        let start = UInt64(max(0, Int(info.st_size) - bytesMax))
        guard (try? file.seek(toOffset: start)) != nil,
            let data = try? file.read(upToCount: bytesMax)
        else { return [] }
        let lines = String(decoding: data, as: UTF8.self).split(separator: "\n").map(String.init)
        // The first one may have been cut.
        return (start > 0 ? lines.dropFirst() : lines[...]).suffix(count)
    }

    /// Closes the file.
    package mutating func close() {
        if descriptor >= 0 { Glibc.close(descriptor) }
        descriptor = -1
    }

    /// Begins a new file beside the full one; why that is not possible, or nil.
    private mutating func turnOver() -> String? {
        guard rename(path, path + ".1") == 0 else {
            return "it is full and \(path).1 cannot be replaced: \(errorText(errno))"
        }
        close()
        descriptor = Glibc.open(path, Self.flags, 0o644)
        byteCount = 0
        return descriptor >= 0 ? nil : errorText(errno)
    }

    /// Writes all of it or nothing; why not, or nil.
    private func write(_ bytes: [UInt8]) -> String? {
        var done = 0
        while done < bytes.count {
            let count = bytes.withUnsafeBytes {
                Glibc.write(descriptor, $0.baseAddress! + done, $0.count - done)
            }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else {
                let why = errorText(errno)
                // Half a line at the end would spoil the next one.
                var info = stat()
                if isFile && done > 0 && fstat(descriptor, &info) == 0 {
                    ftruncate(descriptor, info.st_size - off_t(done))
                }
                return why
            }
            done += count
        }
        return nil
    }

    private mutating func fail(_ why: String, at now: HostTime) -> String? {
        close()
        nextTry = now + EventLimits.retry
        defer { isInTrouble = true }
        return isInTrouble
            ? nil
            : "\(path): events cannot be written there: \(why) – make room, or give another file "
                + "with --events; the wall goes on"
    }
}
