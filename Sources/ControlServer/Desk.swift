import Control
import NIOCore

/// What all clients share: the document and who is there.
///
/// `@unchecked Sendable` holds because everything in it is touched on its one event loop only,
/// which every entry checks.
final class Desk: @unchecked Sendable {
    private(set) var counts = ClientCounts()
    private var document: ShowDocument
    private let surroundings: ControlServer.Surroundings
    private let loop: any EventLoop
    private var clients: [ObjectIdentifier: Client] = [:]
    /// Clients taken in since the start.
    private var entered = 0

    init(
        document: ShowDocument, surroundings: ControlServer.Surroundings, loop: any EventLoop
    ) {
        self.document = document
        self.surroundings = surroundings
        self.loop = loop
    }

    /// The moment a request is answered in.
    private var moment: SessionContext {
        SessionContext(
            frame: surroundings.currentFrame(),
            nanoseconds: Int64(NIODeadline.now().uptimeNanoseconds),
            status: surroundings.status, events: surroundings.events,
            looks: surroundings.looks, corrections: surroundings.corrections,
            scenes: surroundings.scenes, probed: surroundings.probed())
    }

    /// Hands the live state on.
    func publish() {
        loop.preconditionInEventLoop()
        surroundings.publish(document.live)
        surroundings.keep(document.saved(atFrame: surroundings.currentFrame()))
    }

    /// Lets somebody at the document, then publishes and tells subscribers what changed.
    func change<R>(_ body: (inout ShowDocument, Int64) -> R) -> R {
        loop.preconditionInEventLoop()
        let before = document.revision
        let result = body(&document, surroundings.currentFrame())
        if document.revision != before {
            publish()
            tellSubscribers()
        }
        return result
    }

    /// Answers what a client sent; true when that changed the document.
    func receive(_ bytes: [UInt8], session: inout ControlSession, who: String) -> Bool {
        loop.preconditionInEventLoop()
        let before = document.revision
        session.receive(bytes, document: &document, context: moment)
        if document.revision == before { return false }
        publish()
        for edit in session.takeEdits() { surroundings.edited(edit, who) }
        return true
    }

    /// Notices one client is due.
    func notify(_ session: inout ControlSession) -> Int64? {
        loop.preconditionInEventLoop()
        return session.notify(document, context: moment)
    }

    /// Lets every subscriber look for changes.
    func tellSubscribers() {
        for client in clients.values { client.lookForNotices() }
    }

    /// Takes a client in and returns its number, from 1; nil when there are too many.
    func enter(_ client: Client) -> Int? {
        loop.preconditionInEventLoop()
        guard clients.count < ControlLimits.clients else {
            counts.turnedAway += 1
            surroundings.log(
                "control: client turned away – \(ControlLimits.clients) are connected already")
            return nil
        }
        clients[ObjectIdentifier(client)] = client
        counts.connected = clients.count
        entered += 1
        return entered
    }

    /// A client is gone.
    func leave(_ client: Client) {
        loop.preconditionInEventLoop()
        clients[ObjectIdentifier(client)] = nil
        counts.connected = clients.count
    }

    /// A client did not read its answers.
    func drop(_ client: Client) {
        counts.dropped += 1
        surroundings.log(
            "control: client dropped – \(ControlLimits.backlogBytes) bytes of answers not read")
        leave(client)
    }

    /// Ends every session.
    func closeAll() {
        loop.preconditionInEventLoop()
        for client in clients.values { client.close() }
    }
}
