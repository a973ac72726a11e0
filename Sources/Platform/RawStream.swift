import Glibc
import Synchronization

/// Why a raw stream cannot be opened.
public struct RawStreamError: Error, CustomStringConvertible {
    /// One line for the operator: what, where, why and what to do.
    public let description: String
}

// SAFETY of @unchecked: the descriptor is changed only by the one thread that writes.

/// Whole frames to a file or a named pipe.
///
/// A pipe's reader may come and go: while there is none, or while it does not keep up, whole frames
/// are skipped and counted; a frame that was begun is finished, unless the reader leaves. A file is
/// written from its start. One thread writes. Writing to a pipe whose reader leaves raises
/// SIGPIPE: opening a stream makes the program ignore it.
public final class RawStream: @unchecked Sendable {
    /// The path it writes to.
    public let path: String
    /// Longest wait for a reader that does not keep up, milliseconds.
    private let timeout: Int32
    private let isPipe: Bool
    private var fd: Int32
    private let written = Atomic<Int>(0)
    private let skipped = Atomic<Int>(0)
    private let torn = Atomic<Int>(0)

    /// Opens a file, made when it is not there, or a named pipe.
    public init(path: String, timeoutMilliseconds: Int32 = 100) throws(RawStreamError) {
        signal(SIGPIPE, SIG_IGN)
        var status = stat()
        isPipe = stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFIFO
        self.path = path
        timeout = timeoutMilliseconds
        if isPipe {
            // Opened when there is a reader.
            fd = -1
        } else {
            fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
            guard fd >= 0 else {
                throw RawStreamError(
                    description: "raw stream \(path): cannot be opened: \(errorText(errno)) – "
                        + "give a file in a folder that can be written, or a pipe of mkfifo")
            }
        }
    }

    deinit { if fd >= 0 { close(fd) } }

    /// Frames written whole.
    public var writtenFrames: Int { written.load(ordering: .relaxed) }
    /// Frames not begun: no reader, a slow reader, or a full disk.
    public var skippedFrames: Int { skipped.load(ordering: .relaxed) }
    /// Frames begun and not finished.
    public var tornFrames: Int { torn.load(ordering: .relaxed) }

    /// Writes one frame; true when all of it is out.
    @discardableResult
    public func write(_ frame: UnsafeRawPointer, byteCount: Int) -> Bool {
        if fd < 0 { fd = open(path, O_WRONLY | O_NONBLOCK | O_CLOEXEC) }
        var done = 0
        var waits = 0
        while fd >= 0, done < byteCount {
            let count = Glibc.write(fd, frame + done, byteCount - done)
            if count > 0 {
                done += count
            } else if errno == EAGAIN {
                var wait = pollfd(fd: fd, events: Int16(POLLOUT), revents: 0)
                // A begun frame waits on, up to 50 times: half a frame shifts every later one.
                if poll(&wait, 1, timeout) == 0 {
                    waits += 1
                    if done == 0 || waits == 50 { break }
                }
            } else if errno != EINTR {
                if isPipe {
                    close(fd)
                    fd = -1
                }
                break
            }
        }
        if done == byteCount {
            written.wrappingAdd(1, ordering: .relaxed)
        } else if done == 0 {
            skipped.wrappingAdd(1, ordering: .relaxed)
        } else {
            torn.wrappingAdd(1, ordering: .relaxed)
        }
        return done == byteCount
    }
}
