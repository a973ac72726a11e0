import Foundation
import StageModel

/// An output as read.
struct OutputDraft {
    var port: OutputPort
    /// Where it goes, and the key that says so: no two outputs may share it.
    var target: (key: String, place: String)
}

/// The kinds of output.
private enum OutputKind {
    case rtp
    case framebuffer
    case stills
    case raw

    static let words: [(String, OutputKind)] = [
        ("rtp", .rtp), ("framebuffer", .framebuffer), ("stills", .stills), ("raw", .raw),
    ]
}

extension Reading {
    /// An output of one processor's canvas.
    func output(_ reader: MapReader, _ processors: Section<Processor>) -> OutputDraft? {
        let index = processors.names.index(
            of: reader.required("processor", "the name of a processor"))
        guard let kind = reader.choice("kind", OutputKind.words) else {
            reader.ignoresUnknownKeys = true
            return nil
        }
        let name = reader.givenName
        func draft(_ kind: OutputPort.Kind?, _ key: String, _ place: String) -> OutputDraft? {
            guard let name, let index, let kind else { return nil }
            return OutputDraft(
                port: OutputPort(name: name, processor: index, kind: kind), target: (key, place))
        }
        switch kind {
        case .rtp:
            guard let rtp = rtp(reader, processors[index]) else { return nil }
            guard case .rtp(let host, let port, _, _, _) = rtp else { return nil }
            return draft(rtp, "port", "\(host):\(port)")
        case .framebuffer:
            let device = path(reader, "device", default: "/dev/fb0")
            return draft(device.map { .framebuffer(device: $0) }, "device", device ?? "")
        case .stills:
            let folder = path(reader, "directory")
            let every = reader.integer(
                "everyFrames", 1...1_000_000, default: 60, "frames from still to still")
            guard let every else { return nil }
            return draft(
                folder.map { .stills(directory: $0, every: every) }, "directory", folder ?? "")
        case .raw:
            let file = path(reader, "path")
            return draft(file.map { .raw(path: $0) }, "path", file ?? "")
        }
    }

    private func rtp(_ reader: MapReader, _ processor: Processor?) -> OutputPort.Kind? {
        let host = reader.required("host", "the receiver's IPv4 address")
        let address = host.flatMap(ipv4)
        let port = reader.integer("port", 1...65535, default: 5004, "UDP port")
        let type = reader.integer("payloadType", 96...127, default: 96, "RTP payload type")
        let sampling = reader.choice(
            "sampling", [("rgb", OutputPort.Sampling.rgb), ("ycbcr422", .yCbCr422)],
            default: .rgb)
        let depth = reader.choice(
            "depth", [("8", 8), ("10", 10), ("12", 12)], default: processor?.bitDepth ?? 8)
        guard let address, let port, let type, let sampling, let depth, let processor,
            !reader.hasUnknownKeys
        else { return nil }
        guard address != 0, let text = host?.word else {
            return host?.complain("the receiver's IPv4 address is expected")
        }
        if sampling == .yCbCr422, depth == 12 {
            reader.complain("sampling", "ycbcr422 at 12 bit", "4:2:2 has a depth of 8 or 10")
            return nil
        }
        // ST 2110-20, 6.1: a row is a whole number of pixel groups.
        let group = sampling == .yCbCr422 ? 2 : depth == 10 ? 4 : depth == 12 ? 2 : 1
        guard processor.width.isMultiple(of: group) else {
            reader.complain(
                "processor", processor.name,
                "its canvas is \(processor.width) wide; \(sampling == .rgb ? "RGB" : "4:2:2") "
                    + "at \(depth) bit needs a multiple of \(group)")
            return nil
        }
        return .rtp(
            host: text, port: UInt16(port), sampling: sampling, depth: depth,
            payloadType: UInt8(type))
    }

    /// A path as written; the working directory is where a relative one begins.
    private func path(_ reader: MapReader, _ key: String, default: String? = nil) -> String? {
        let what = "a path"
        guard let item = `default` == nil ? reader.required(key, what) : reader.optional(key) else {
            return `default`
        }
        guard let text = item.text(what) else { return nil }
        guard text.utf8.count <= 1024, !text.utf8.contains(0) else {
            return item.complain("a path of at most 1024 bytes is expected")
        }
        return text
    }

    /// The control socket's path: a relative one is beside `$XDG_RUNTIME_DIR`, or in `/tmp`.
    func controlSocket(_ reader: MapReader, stage: String) -> String? {
        let item = reader.optional("controlSocket")
        let written = item.map { $0.text("the path of a Unix-domain socket") }
        guard let name = written ?? "cyclorama-\(stage).sock" else { return nil }
        let folder = ProcessInfo.processInfo.environment["XDG_RUNTIME_DIR"] ?? "/tmp"
        let path = name.hasPrefix("/") ? name : "\(folder)/\(name)"
        // sockaddr_un has room for 108 bytes with the closing zero.
        guard path.utf8.count <= 107, !path.utf8.contains(0) else {
            complain(
                item?.line ?? 1, "controlSocket", path,
                "a socket's path has at most 107 bytes; write a shorter one")
            return nil
        }
        return path
    }
}
