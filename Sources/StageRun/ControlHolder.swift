import Control
import ControlServer
import FrameModel
import Synchronization

/// The control server of a run for those who are made before it.
final class ControlHolder: Sendable {
    private let control = Mutex<ControlServer?>(nil)

    /// Takes the server in, once it is there; nil lets it go, or the two would keep each other.
    func hold(_ server: ControlServer?) { control.withLock { $0 = server } }

    /// Names baked stacks if the document is still of a revision; the frame they show with.
    func name(_ bakes: [BakedStack], revision: UInt64) -> Int64? {
        guard let server = control.withLock({ $0 }) else { return nil }
        let frame = try? server.withDocument { document, frame -> Int64? in
            guard document.revision == revision else { return nil }
            document.show(bakes: bakes)
            return frame
        }
        return frame ?? nil
    }

    /// Puts a look in a slot; false when there is no control server any more.
    func show(_ look: UInt64, name: String, slot: Int) -> Bool {
        guard let server = control.withLock({ $0 }) else { return false }
        let done: Void? = try? server.withDocument { document, _ in
            document.show(look: look, name: name, slot: slot)
        }
        return done != nil
    }
}
