import Control
import Synchronization

/// Keeps the show for the supervisor: what the control thread saves, and which scenes are held
/// beside the one on the wall, so that after a fault they are got ready again.
package final class ShowKeeper: Sendable {
    private struct Kept {
        var document: [UInt8] = []
        var held: [String] = []
    }

    /// Takes both as one saved document.
    private let write: @Sendable ([UInt8]) -> Void
    private let kept = Mutex(Kept())

    /// Keeps nothing yet.
    package init(_ write: @escaping @Sendable ([UInt8]) -> Void) { self.write = write }

    /// Takes the saved document after a change; any thread.
    package func keep(document: [UInt8]) {
        kept.withLock { kept in
            kept.document = document
            write(kept.document + SavedScenes.heldLines(kept.held))
        }
    }

    /// Takes the sources of the scenes that are held or are being loaded; any thread.
    package func keep(held: [String]) {
        kept.withLock { kept in
            guard held != kept.held else { return }
            kept.held = held
            // Before the first document there is no show to come back to.
            if !kept.document.isEmpty { write(kept.document + SavedScenes.heldLines(held)) }
        }
    }
}
