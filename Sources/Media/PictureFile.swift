import Glibc

/// The formats we read.
public enum PictureFormat: String, Sendable {
    /// Radiance RGBE.
    case hdr
    /// OpenEXR.
    case exr
    /// Portable Network Graphics.
    case png
    /// JPEG.
    case jpeg
    /// TIFF.
    case tiff
    /// Digital Picture Exchange.
    case dpx

    /// The format by its first bytes; a file's name is never trusted.
    init?(bytes: UnsafeRawBufferPointer) {
        func starts(_ magic: [UInt8]) -> Bool { bytes.starts(with: magic) }
        if starts(Array("#?".utf8)) {
            self = .hdr
        } else if starts([0x76, 0x2F, 0x31, 0x01]) {
            self = .exr
        } else if starts([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) {
            self = .png
        } else if starts([0xFF, 0xD8, 0xFF]) {
            self = .jpeg
        } else if starts([0x49, 0x49, 0x2A, 0x00]) || starts([0x4D, 0x4D, 0x00, 0x2A]) {
            self = .tiff
        } else if starts(Array("SDPX".utf8)) || starts(Array("XPDS".utf8)) {
            self = .dpx
        } else {
            return nil
        }
    }
}

/// Reading of still pictures.
public enum PictureFile {
    /// A picture file as scene-linear ACEScg with premultiplied alpha.
    ///
    /// - Parameters:
    ///   - path: an ordinary file; its format is told by its bytes.
    ///   - colorSpace: what the numbers mean; `.auto` asks the file.
    /// - Throws: one line that names the file and the cause. Never crashes on any bytes; sizes
    ///   are checked against `PictureLimits` before they are allocated.
    public static func read(
        _ path: String, colorSpace: PictureColorSpace = .auto
    ) throws(PictureError) -> LinearPicture {
        do throws(PictureFault) {
            return try decode(try bytes(of: path), colorSpace: colorSpace)
        } catch {
            throw PictureError(path: path, fault: error)
        }
    }

    /// A picture from the bytes of its file.
    public static func decode(
        _ bytes: [UInt8], colorSpace: PictureColorSpace = .auto
    ) throws(PictureFault) -> LinearPicture {
        guard !bytes.isEmpty else { throw .noBytes }
        guard bytes.count <= PictureLimits.fileBytes else { throw .tooManyBytes(bytes.count) }
        guard let format = bytes.withUnsafeBytes({ PictureFormat(bytes: $0) }) else {
            throw .unknownFormat
        }
        switch format {
        case .hdr: return try RadianceReader.decode(bytes, colorSpace: colorSpace)
        case .exr, .png, .jpeg, .tiff, .dpx:
            let layout = try PictureLayout(bytes, format: format)
            return try FFmpegPicture.decode(bytes, layout: layout, colorSpace: colorSpace)
        }
    }

    /// All bytes of an ordinary file within the limit.
    static func bytes(of path: String) throws(PictureFault) -> [UInt8] {
        // Non-blocking, so that a pipe under a picture's name cannot hold us.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw .unreadable(String(cString: strerror(errno))) }
        defer { close(descriptor) }
        var facts = stat()
        guard fstat(descriptor, &facts) == 0 else {
            throw .unreadable(String(cString: strerror(errno)))
        }
        guard facts.st_mode & S_IFMT == S_IFREG else { throw .notAFile }
        let size = Int(facts.st_size)
        guard size > 0 else { throw .noBytes }
        guard size <= PictureLimits.fileBytes else { throw .tooManyBytes(size) }
        var failure: Int32 = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
            while count < size {
                let got = Glibc.read(descriptor, buffer.baseAddress! + count, size - count)
                if got < 0 {
                    if errno == EINTR { continue }
                    failure = errno
                    return
                }
                if got == 0 { return }
                count += got
            }
        }
        guard failure == 0 else { throw .unreadable(String(cString: strerror(failure))) }
        return bytes
    }
}
