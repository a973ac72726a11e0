/// Where a picture leaves the house: from code planes to the octets of an output.
///
/// Canvases in wire format, and the packets, stills and descriptions around them. Pure bytes. Not
/// for sockets, devices and clocks: those are in `Platform`, and `StageRun` joins the two.
///
/// The way through: `WireFormat` → `CanvasPacker` (a tile of `CodePlanes` into canvas memory) →
/// `OutputRing` (canvases between the loop and a sender) → `RTPCut`, `RTPFramePackets` (headers
/// and where the pixels lie) and `SessionDescription` (SDP); `PNG` for stills; `SignalPattern` to
/// check a link.
public enum Output {}
