import Foundation

/// What somebody measured in recorded pictures: the wall frame each shows, and the pan in it.
public struct PictureTable: Sendable, Equatable {
    /// One picture.
    public struct Row: Sendable, Equatable {
        /// Number of the wall frame on the strip: its index on the TAI grid.
        public var frame: Int64
        /// How much later than that frame the exposure's middle is, frames, −½ … ½.
        public var share = 0.0
        /// Degrees, from anywhere, + to either side.
        public var panDegrees: Double
    }

    /// First line a table may have.
    public static let header = "frame,panDegrees"
    /// Two hours at 120 pictures a second; a pan takes ten seconds.
    public static let rowsMax = 864_000
    /// Bytes of such a table with 60 a line, twice what two plain numbers take.
    public static let bytesMax = rowsMax * 60

    /// The pictures, in the table's order.
    public let rows: [Row]

    /// A table of rows.
    init(rows: [Row]) { self.rows = rows }

    /// The table of a file.
    ///
    /// Throws one sentence when it is none.
    public init(path: String) throws {
        guard let file = FileHandle(forReadingAtPath: path),
            let data = try? file.read(upToCount: Self.bytesMax + 1)
        else {
            throw RunError(
                "\(path): cannot be read – give a table of lines FRAME,PANDEGREES, one a picture")
        }
        guard data.count <= Self.bytesMax else {
            throw RunError(
                "\(path): more than \(Self.rowsMax) pictures – ten seconds of a pan are enough")
        }
        try self.init(text: String(decoding: data, as: UTF8.self), name: path)
    }

    /// The table some text is; `name` is what complaints call it.
    public init(text: String, name: String) throws {
        var rows: [Row] = []
        for (index, line) in text.split(
            omittingEmptySubsequences: false, whereSeparator: \.isNewline
        ).enumerated() {
            let line = line.trimmingCharacters(in: .whitespaces)
            if line.isEmpty || index == 0 && line.lowercased() == Self.header.lowercased() {
                continue
            }
            let cells = line.split(separator: ",", omittingEmptySubsequences: false).map {
                $0.trimmingCharacters(in: .whitespaces)
            }
            guard cells.count == 2, let frame = Int64(cells[0]), let pan = Double(cells[1]),
                pan.isFinite, abs(pan) <= 36000
            else {
                throw RunError(
                    "\(name):\(index + 1): “\(line.prefix(60))” – expected FRAME,PANDEGREES, the "
                        + "number on the strip and the pan measured, as in 106033538220,-3.25")
            }
            guard rows.count < Self.rowsMax else {
                throw RunError(
                    "\(name):\(index + 1): more than \(Self.rowsMax) pictures – ten seconds of a "
                        + "pan are enough")
            }
            rows.append(Row(frame: frame, panDegrees: pan))
        }
        self.rows = rows
    }
}
