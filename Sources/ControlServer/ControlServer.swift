public import Control
public import FrameModel
import NIOCore
import NIOPosix

/// The control thread and its Unix-domain socket: text sessions in, live states out.
///
/// One event loop on one thread owns the `ShowDocument` and every client; nothing else writes it.
/// Clients are bounded in number, line length and backlog; one that waits costs nothing. Not for
/// what requests mean: that is in `Control`.
///
/// The way through: `ControlSocket.listen` → `ControlServer` → a `ControlSession` a client →
/// `publish` with the new `LiveState`.
public final class ControlServer: Sendable {
    private let group: MultiThreadedEventLoopGroup
    private let desk: Desk
    private let channel: any Channel
    private let socket: ControlSocket.Listener

    /// What the server needs of the stage around it.
    ///
    /// Everything is called on the control thread.
    public struct Surroundings: Sendable {
        /// The first frame an edit made now can show with.
        public var currentFrame: @Sendable () -> Int64
        /// Takes each new live state: StageRun hands it to the loop.
        public var publish: @Sendable (LiveState) -> Void
        /// Takes the saved document after each change: StageRun keeps it for the supervisor.
        public var keep: @Sendable ([UInt8]) -> Void
        /// Takes a line for the log: clients refused or dropped.
        public var log: @Sendable (String) -> Void
        /// Takes each edit of a client, and who that is.
        public var edited: @Sendable (EditNote, String) -> Void
        /// The loop's numbers.
        public var status: StatusBoard
        /// The newest lines of the event log.
        public var events: EventTail
        /// What reads and writes look files.
        public var looks: LookActions
        /// What reads walls' corrections.
        public var corrections: CorrectionActions
        /// What loads scenes and gives them back.
        public var scenes: SceneActions
        /// What was found at the probed pixel last.
        public var probed: @Sendable () -> ProbeSample?

        /// A stage that says its frame and takes live states; keeping and logging as wanted.
        public init(
            status: StatusBoard, events: EventTail = EventTail(), looks: LookActions = .none,
            corrections: CorrectionActions = .none, scenes: SceneActions = .none,
            probed: @escaping @Sendable () -> ProbeSample? = { nil },
            currentFrame: @escaping @Sendable () -> Int64,
            publish: @escaping @Sendable (LiveState) -> Void,
            keep: @escaping @Sendable ([UInt8]) -> Void = { _ in },
            log: @escaping @Sendable (String) -> Void = { _ in },
            edited: @escaping @Sendable (EditNote, String) -> Void = { _, _ in }
        ) {
            self.status = status
            self.events = events
            self.looks = looks
            self.corrections = corrections
            self.scenes = scenes
            self.probed = probed
            self.edited = edited
            self.currentFrame = currentFrame
            self.publish = publish
            self.keep = keep
            self.log = log
        }
    }

    /// Listens on a socket path, readable by its owner only, and publishes the document as it is.
    /// - Throws: `ControlSocketError` when the path cannot be used.
    public init(path: String, document: ShowDocument, surroundings: Surroundings) throws {
        let socket = try ControlSocket.listen(path: path)
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let desk = Desk(
            document: document, surroundings: surroundings, loop: group.next())
        let bootstrap = ServerBootstrap(group: group)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Client(desk: desk))
                }
            }
            .childChannelOption(.maxMessagesPerRead, value: 4)
        do {
            channel = try bootstrap.withBoundSocket(socket.descriptor).wait()
        } catch {
            try? group.syncShutdownGracefully()
            socket.remove()
            throw ControlSocketError.system(path: path, step: "listen", number: 0)
        }
        self.group = group
        self.desk = desk
        self.socket = socket
        try group.next().submit { desk.publish() }.wait()
    }

    /// Does something with the document on the control thread, waits, and publishes what changed:
    /// for edits that do not come over the socket, and scenes that have become ready.
    ///
    /// The second argument is the frame an edit made now shows with. Not to be called from a
    /// closure of `Surroundings`.
    public func withDocument<R: Sendable>(
        _ body: @escaping @Sendable (inout ShowDocument, Int64) -> R
    ) throws -> R {
        try group.next().submit { [desk] in desk.change(body) }.wait()
    }

    /// Clients there are, and those turned away or dropped since the start.
    public func counts() throws -> ClientCounts {
        try group.next().submit { [desk] in desk.counts }.wait()
    }

    /// Ends every session, closes and removes the socket, ends the thread: the last thing done.
    public func stop() {
        try? channel.close().wait()
        try? group.next().submit { [desk] in desk.closeAll() }.wait()
        try? group.syncShutdownGracefully()
        socket.remove()
    }
}

/// How the server's clients fare.
public struct ClientCounts: Sendable, Equatable {
    /// Connected now.
    public var connected = 0
    /// Turned away because there were too many.
    public var turnedAway = 0
    /// Dropped because they did not read their answers.
    public var dropped = 0

    /// Counts, all 0 when nothing is given.
    public init(connected: Int = 0, turnedAway: Int = 0, dropped: Int = 0) {
        self.connected = connected
        self.turnedAway = turnedAway
        self.dropped = dropped
    }
}
