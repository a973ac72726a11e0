import Control
public import Foundation
public import FrameLoop

/// A take read back: its header, the loop's state at its start, and what happened, in order.
public struct Take: Sendable {
    /// One thing that happened.
    public enum Event: Sendable {
        /// The live state from the next frame on, as a saved show document.
        case document([UInt8])
        /// A frame's other inputs.
        case frame(FrameRecord)
    }

    /// How a take ended.
    public enum Ending: Sendable, Equatable {
        /// As asked.
        case asked
        /// Broken off: why.
        case broken(String)
        /// The file ends in the middle: the program or the machine died.
        case cut
    }

    /// All that is not in the frames.
    public let header: TakeHeader
    /// The loop's state before the first frame, in the form of the program that recorded it.
    public let state: [UInt8]
    /// What happened, in order.
    public let events: [Event]
    /// Looks its settings name, as they were recorded; takes of before there were any have none.
    package let lookTables: [[UInt8]]
    /// How it ended.
    public let ending: Ending
    /// The walls' corrections its settings name, as `CorrectionShelf` keeps them.
    let corrections: [[UInt8]]

    /// Frames in the take.
    public var frameCount: Int {
        events.reduce(0) { if case .frame = $1 { $0 + 1 } else { $0 } }
    }

    /// The looks its settings name.
    var looks: [ShowDocument.SavedLook] {
        events.flatMap { event in
            if case .document(let bytes) = event { return ShowDocument.looks(inSaved: bytes) }
            return []
        }
    }

    /// The scenes its settings name, each once, in the order they were shown; those of before there
    /// were several, and of a picture frozen at its start, are the header's.
    var scenes: [SceneReference] {
        var all: [SceneReference] = []
        for case .document(let bytes) in events {
            let named = ShowDocument.scenes(inSaved: bytes)
            for scene in [named.leaving, named.shown].compactMap(\.self) where !all.contains(scene)
            {
                all.append(scene)
            }
        }
        if all.isEmpty {
            all.append(
                SceneReference(source: header.scene, fingerprint: header.sceneFingerprint))
        }
        return all
    }

    /// The same take under another header.
    package func with(_ header: TakeHeader) -> Take {
        Take(
            header: header, state: state, events: events, lookTables: lookTables, ending: ending,
            corrections: corrections)
    }

    private init(
        header: TakeHeader, state: [UInt8], events: [Event], lookTables: [[UInt8]], ending: Ending,
        corrections: [[UInt8]]
    ) {
        (self.header, self.state, self.events) = (header, state, events)
        (self.lookTables, self.ending) = (lookTables, ending)
        self.corrections = corrections
    }

    /// The take of a file.
    ///
    /// Throws one sentence when it is none; a file cut off is a take up to there.
    public init(path: String) throws {
        guard let file = FileHandle(forReadingAtPath: path) else {
            throw RunError("\(path): cannot be read – give a .take file that a run has written")
        }
        defer { try? file.close() }
        guard let data = try? file.read(upToCount: TakeLimits.fileBytes + 1) else {
            throw RunError(
                "\(path): cannot be read – give a .take file; this is a folder, or empty")
        }
        guard data.count <= TakeLimits.fileBytes else {
            throw RunError(
                "\(path): over 2 GB – no take is as large; is this another kind of file?")
        }
        try self.init(data, name: path)
    }

    /// The header some JSON is; the form's version is looked at before anything else.
    private static func header(_ json: Data, name: String) throws -> TakeHeader {
        struct Form: Decodable { var version: Int }
        let form = try? JSONDecoder().decode(Form.self, from: json)
        guard form?.version == TakeFile.version else {
            throw RunError(
                "\(name): a take of form \(form.map { String($0.version) } ?? "unknown"), this "
                    + "program reads form \(TakeFile.version) – replay it with the version that "
                    + "recorded it")
        }
        guard let header = try? JSONDecoder().decode(TakeHeader.self, from: json) else {
            throw RunError("\(name): the take's header cannot be read – another program wrote it")
        }
        return header
    }

    /// The take some bytes are; `name` is what complaints call them.
    public init(_ data: Data, name: String) throws {
        guard data.starts(with: TakeFile.magic) else {
            throw RunError("\(name): not a take – a take begins with CYCTAKE1")
        }
        var header: TakeHeader?
        var state: [UInt8] = []
        var events: [Event] = []
        var lookTables: [[UInt8]] = []
        var ending = Ending.cut
        var corrections: [[UInt8]] = []
        for (kind, payload) in TakeFile.Records(data) {
            switch TakeFile.Kind(rawValue: kind) {
            case .header: header = try Take.header(payload, name: name)
            case .state: state = [UInt8](payload)
            case .document: events.append(.document([UInt8](payload)))
            case .frame:
                guard let frame = payload.withUnsafeBytes({ FrameRecord($0) }) else {
                    throw RunError(
                        "\(name): what follows frame \(events.count) cannot be read – another "
                            + "program wrote it")
                }
                events.append(.frame(frame))
            case .look: lookTables.append([UInt8](payload))
            case .end: ending = .asked
            case .correction: corrections.append([UInt8](payload))
            case .broken: ending = .broken(String(decoding: payload, as: UTF8.self))
            case nil: break
            }
        }
        guard let header else {
            throw RunError("\(name): the take has no header – it was cut off at its very start")
        }
        self.init(
            header: header, state: state, events: events, lookTables: lookTables, ending: ending,
            corrections: corrections)
    }
}
