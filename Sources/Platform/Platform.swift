/// Sockets, framebuffer, clocks, threads: the only room that touches the machine.
///
/// A leaf.
///
/// It knows nothing of frames or colour: bytes, instants and threads go in and out. `StageRun`
/// wires it to the rooms that do.
public enum Platform {}
