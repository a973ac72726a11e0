import Foundation
public import LookFiles

/// What a result says of the file it came from.
public enum SourceHash {
    /// SHA-256 of a file, hexadecimal; of no bytes where it cannot be read.
    public static func sha256(of path: String) -> String {
        (try? SHA256.file(path)) ?? SHA256().digest
    }
}

extension WallCorrectionFile.Source {
    /// A part that is solved now from a file.
    public init(part: String, solvedFrom path: String) {
        self.init(
            part: part, file: URL(fileURLWithPath: path).lastPathComponent,
            sha256: SourceHash.sha256(of: path), made: Date().ISO8601Format())
    }
}

extension [Verdict] {
    /// The same as a correction's file keeps them.
    public var findings: [WallCorrectionFile.Finding] {
        map {
            WallCorrectionFile.Finding(
                subject: $0.subject, level: $0.level.rawValue, finding: $0.finding,
                advice: $0.advice)
        }
    }
}
