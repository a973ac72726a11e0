import ArgumentParser
import Tracking

/// A tracking protocol by the word the command line and stage files have for it.
enum TrackProtocol: String, ExpressibleByArgument, CaseIterable {
    case freed
    case opentrackio
}

/// How an OpenTrackIO payload is written, by the command line's word.
enum TrackEncoding: String, ExpressibleByArgument, CaseIterable {
    case json
    case cbor

    var value: OpenTrackIOHeader.Encoding { self == .json ? .json : .cbor }
}
