import Foundation

/// A run that cannot go on: one sentence for the operator.
public struct RunError: Error, CustomStringConvertible, Sendable {
    /// What happened, where, what to do.
    public var description: String

    /// An error of one sentence.
    public init(_ description: String) { self.description = description }
}

/// Makes a folder and those it lies in, where they are not there.
package func makeFolder(_ path: String) throws(RunError) {
    do {
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: true)
    } catch {
        throw RunError(
            "\(path): this folder cannot be made: \(error.localizedDescription) – choose another")
    }
}
