import Glibc

/// Why a control socket cannot be used.
public enum ControlSocketError: Error, Equatable, CustomStringConvertible {
    /// The path does not fit a socket's address.
    case pathTooLong(path: String, bytes: Int)
    /// Something else is at the path.
    case notASocket(path: String)
    /// Another stage listens on it.
    case inUse(path: String)
    /// Nobody listens on it.
    case nobodyThere(path: String)
    /// The system refused a step, with its error number.
    case system(path: String, step: String, number: Int32)

    /// One line for the operator: what, where, what to do.
    public var description: String {
        switch self {
        case .pathTooLong(let path, let bytes):
            return "control socket \(path): \(bytes) bytes long – a socket's path has at most "
                + "\(ControlSocket.pathBytes); use a shorter one"
        case .notASocket(let path):
            return "control socket \(path): something that is not a socket is there – move it away "
                + "or use another path"
        case .inUse(let path):
            return "control socket \(path): another stage is running on it – stop that one, or use "
                + "another path"
        case .nobodyThere(let path):
            return "control socket \(path): no stage is running there – start it with "
                + "`cyclorama run`, or check the path"
        case .system(let path, let step, let number):
            let why = number == 0 ? "not possible" : String(cString: strerror(number))
            return "control socket \(path): \(step): \(why) – check that its folder is there and "
                + "yours to write"
        }
    }
}

/// Unix-domain sockets of the control protocol.
public enum ControlSocket {
    /// Bytes of a path: `sun_path` without its end (108 − 1, unix(7)).
    public static let pathBytes = 107

    /// A listening socket and the file it is known by.
    struct Listener: Sendable {
        let descriptor: Int32
        let path: String
        let device: UInt
        let inode: UInt

        /// Removes the file if it is still the one this socket was bound to.
        func remove() {
            var info = stat()
            if lstat(path, &info) == 0, UInt(info.st_dev) == device, UInt(info.st_ino) == inode {
                unlink(path)
            }
        }
    }

    /// Connects to a running stage.
    /// - Returns: a blocking stream socket; the caller closes it.
    public static func connect(path: String) throws -> Int32 {
        let descriptor = try stream(path)
        let result = try withAddress(path) { Glibc.connect(descriptor, $0, $1) }
        if result == 0 { return descriptor }
        let number = errno
        close(descriptor)
        if number == ENOENT || number == ECONNREFUSED {
            throw ControlSocketError.nobodyThere(path: path)
        }
        throw ControlSocketError.system(path: path, step: "connect", number: number)
    }

    /// Binds and listens, for the owner only.
    ///
    /// A socket file nobody listens on is removed first.
    static func listen(path: String) throws -> Listener {
        try clear(path)
        let descriptor = try stream(path)
        func fail(_ step: String) -> ControlSocketError {
            let number = errno
            close(descriptor)
            if number == EADDRINUSE { return .inUse(path: path) }
            return .system(path: path, step: step, number: number)
        }
        // The mode of the socket before bind is the mode of its file: there is no moment at which
        // others could connect, and the process' umask is left alone.
        guard fchmod(descriptor, 0o600) == 0 else { throw fail("set its mode") }
        guard try withAddress(path, { Glibc.bind(descriptor, $0, $1) }) == 0 else {
            throw fail("bind")
        }
        var info = stat()
        guard lstat(path, &info) == 0 else { throw fail("look at it") }
        guard Glibc.listen(descriptor, 16) == 0 else { throw fail("listen") }
        return Listener(
            descriptor: descriptor, path: path, device: UInt(info.st_dev),
            inode: UInt(info.st_ino))
    }

    /// Makes room at a path: removes a socket nobody listens on, refuses everything else.
    ///
    /// Listening does it too; who has slow work to do before can ask early.
    public static func clear(_ path: String) throws {
        var info = stat()
        guard path.utf8.count <= pathBytes else {
            throw ControlSocketError.pathTooLong(path: path, bytes: path.utf8.count)
        }
        guard lstat(path, &info) == 0 else { return }
        guard info.st_mode & S_IFMT == S_IFSOCK else {
            throw ControlSocketError.notASocket(path: path)
        }
        do {
            close(try connect(path: path))
            throw ControlSocketError.inUse(path: path)
        } catch ControlSocketError.nobodyThere {
            guard unlink(path) == 0 || errno == ENOENT else {
                throw ControlSocketError.system(path: path, step: "remove", number: errno)
            }
        }
    }

    private static func stream(_ path: String) throws -> Int32 {
        let type = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        let descriptor = socket(AF_UNIX, type, 0)
        guard descriptor >= 0 else {
            throw ControlSocketError.system(path: path, step: "make a socket", number: errno)
        }
        return descriptor
    }

    /// A path as the socket calls want it.
    private static func withAddress(
        _ path: String, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
    ) throws -> Int32 {
        let bytes = Array(path.utf8)
        guard bytes.count <= pathBytes, !bytes.contains(0) else {
            throw ControlSocketError.pathTooLong(path: path, bytes: bytes.count)
        }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        return withUnsafePointer(to: &address) {
            // A sockaddr_un begins like every sockaddr: that is how the calls take it.
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
    }
}
