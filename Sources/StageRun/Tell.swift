package import Foundation

/// Writes a line for a person.
///
/// A reader that is gone (a closed pipe or terminal, a full disk) is no reason to stop a wall. Not
/// `print`: its buffer would keep a line from a pipe until it is full.
package func tell(_ line: String, to file: FileHandle) {
    try? file.write(contentsOf: Data((line + "\n").utf8))
}
