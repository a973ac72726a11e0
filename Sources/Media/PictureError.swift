/// What is wrong with a picture file.
public enum PictureFault: Error, Sendable, Equatable {
    /// There is no such file, or it cannot be opened; the system's reason.
    case unreadable(String)
    /// It cannot be written; the system's reason.
    case unwritable(String)
    /// A folder, pipe or device.
    case notAFile
    /// No bytes.
    case noBytes
    /// More bytes than `PictureLimits.fileBytes`.
    case tooManyBytes(Int)
    /// Not one of the five formats.
    case unknownFormat
    /// A width or height of zero or less.
    case empty(width: Int, height: Int)
    /// Larger than `PictureLimits`.
    case tooLarge(width: Int, height: Int)
    /// Ends before all rows are there.
    case endsAfterRow(Int, of: Int)
    /// Ends before the picture does, place unknown.
    case truncated
    /// Bytes that cannot be; what and where.
    case damaged(String)
    /// A valid file of a kind we do not read; what, and what to do instead.
    case unsupported(String)
}

/// A refused picture file: one line that names the file, the cause and what to do.
public struct PictureError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The file as it was named by the caller.
    public let path: String
    /// What is wrong with it.
    public let fault: PictureFault

    /// A fault of a file.
    public init(path: String, fault: PictureFault) {
        self.path = path
        self.fault = fault
    }

    /// One line for the operator.
    public var description: String { "\(PictureError.printable(path)): \(fault.sentence)" }

    /// A name without line breaks or control characters, so that a message stays one line.
    private static func printable(_ text: String) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.map { $0.value < 32 ? "?" : $0 }))
    }
}

extension PictureFault {
    /// The cause and what to do about it.
    public var sentence: String {
        switch self {
        case .unreadable(let reason): "cannot be opened (\(reason)) – check name and permissions"
        case .unwritable(let reason): "cannot be written (\(reason)) – check folder and space"
        case .notAFile: "is not a file – name a picture file"
        case .noBytes: "has no bytes – copy the file again"
        case .tooManyBytes(let count):
            "has \(count) bytes, at most \(PictureLimits.fileBytes) are taken – save it smaller"
        case .unknownFormat: "is no picture we know – save it as EXR, HDR, PNG, JPEG or TIFF"
        case .empty(let width, let height):
            "says it is \(width)×\(height) pixels – save the picture again"
        case .tooLarge(let width, let height):
            "is \(width)×\(height) pixels, at most \(PictureLimits.side) a side and "
                + "\(PictureLimits.pixels) in all are taken – save it smaller"
        case .endsAfterRow(let row, let rows):
            "ends after row \(row) of \(rows) – copy the file again"
        case .truncated: "ends before the picture does – copy the file again"
        case .damaged(let what): "is damaged: \(what) – copy the file again"
        case .unsupported(let what): what
        }
    }
}
