/// The operating system: clocks, sockets, the framebuffer; a leaf nothing below depends on.
///
/// Everything here moves bytes and times in or out and knows nothing of stages, frames or
/// protocols. Not for decisions: those are made by pure code that is handed what was read here.
///
/// The way through: `Clocks` (three clocks at one instant, absolute sleep) → `UDPReceiver`
/// (datagrams with kernel arrival times) → the senders and the framebuffer.
public enum Platform {}
