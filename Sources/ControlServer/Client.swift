import Control
import Glibc
import NIOCore

/// One connection: bytes between the socket and a `ControlSession`, its backlog bounded.
final class Client: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let desk: Desk
    private var session = ControlSession()
    /// Who it is, for the event log.
    private var who = "a client"
    private var context: ChannelHandlerContext?
    /// Bytes written that the kernel has not taken.
    private var unsent = 0
    private var isClosing = false
    private var timer: Scheduled<Void>?

    init(desk: Desk) { self.desk = desk }

    func channelActive(context: ChannelHandlerContext) {
        self.context = context
        if let number = desk.enter(self) { return introduce(number, context) }
        isClosing = true
        let line = "refused: \(ControlLimits.clients) clients are connected – close one\n"
        let loopBound = NIOLoopBound(context, eventLoop: context.eventLoop)
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: line))).whenComplete { _ in
            loopBound.value.close(promise: nil)
        }
    }

    /// The client's number, and the user the kernel says is at the other end.
    private func introduce(_ number: Int, _ context: ChannelHandlerContext) {
        who = "client \(number)"
        guard let channel = context.channel as? any SocketOptionProvider else { return }
        let loopBound = NIOLoopBound(self, eventLoop: context.eventLoop)
        // Unsafe only in that the type must be as large as what the option holds: it is.
        let peer: EventLoopFuture<PeerCredentials> = channel.unsafeGetSocketOption(
            level: .socket, name: NIOBSDSocket.Option(rawValue: SO_PEERCRED))
        peer.whenSuccess { loopBound.value.who += " of user \($0.user)" }
    }

    func channelInactive(context: ChannelHandlerContext) {
        timer?.cancel()
        timer = nil
        self.context = nil
        desk.leave(self)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if isClosing { return }
        let buffer = unwrapInboundIn(data)
        let isChanged = desk.receive(Array(buffer.readableBytesView), session: &session, who: who)
        send()
        if isChanged { desk.tellSubscribers() } else { lookForNotices() }
        if session.isEnding { closeWhenSent() }
    }

    /// A client that does not read its answers is not read either, until it does.
    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if isClosing { return }
        _ = context.channel.setOption(.autoRead, value: context.channel.isWritable)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    /// Sends the notices that are due and comes back when more will be.
    func lookForNotices() {
        guard let context, !isClosing, session.hasSubscriptions else { return }
        timer?.cancel()
        timer = nil
        let wait = desk.notify(&session)
        send()
        guard let wait, !isClosing else { return }
        let loopBound = NIOLoopBound(self, eventLoop: context.eventLoop)
        timer = context.eventLoop.scheduleTask(in: .nanoseconds(wait)) {
            loopBound.value.lookForNotices()
        }
    }

    /// Ends the session now.
    func close() { context?.close(promise: nil) }

    private func send() {
        guard let context, !isClosing else { return }
        let bytes = session.takeOutput()
        if session.isOverflowing || unsent + bytes.count > ControlLimits.backlogBytes {
            isClosing = true
            desk.drop(self)
            return context.close(promise: nil)
        }
        guard !bytes.isEmpty else { return }
        let count = bytes.count
        unsent += count
        let loopBound = NIOLoopBound(self, eventLoop: context.eventLoop)
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: bytes))).whenComplete { _ in
            loopBound.value.unsent -= count
            loopBound.value.closeIfDone()
        }
    }

    private func closeWhenSent() {
        isClosing = true
        timer?.cancel()
        closeIfDone()
    }

    private func closeIfDone() {
        if isClosing && session.isEnding && unsent == 0 { context?.close(promise: nil) }
    }
}

/// What SO_PEERCRED tells of the process that connected (unix(7), `struct ucred`).
private struct PeerCredentials: BitwiseCopyable, Sendable {
    var process: Int32
    var user: UInt32
    var group: UInt32
}
