package import Control
import Foundation
package import FrameLoop
import FrameModel
import Glibc
import Platform
package import Scenes
package import StageModel
import Synchronization
import Timing

/// Writes takes down, off the loop: drains the tap's ring every few milliseconds into one file a
/// take, so that a run that is killed loses no more than the last of them.
///
/// `@unchecked Sendable` holds because everything but `stopping` belongs to the recorder's thread
/// from `start` to `stop`.
package final class TakeRecorder: @unchecked Sendable {
    /// What the takes of a run have in common.
    package struct Setting: Sendable {
        package var stage: Stage
        package var stageFile: String
        package var folder: String
        /// What the scene was loaded from.
        package var source: String
        package var asset: SceneAsset
        package var kernels: Int32
        package var status: StatusBoard
        /// Takes a line for the operator.
        package var log: @Sendable (String) -> Void

        package init(
            stage: Stage, stageFile: String, folder: String, source: String, asset: SceneAsset,
            kernels: Int32, status: StatusBoard, log: @escaping @Sendable (String) -> Void
        ) {
            self.stage = stage
            self.stageFile = stageFile
            self.folder = folder
            self.source = source
            self.asset = asset
            self.kernels = kernels
            self.status = status
            self.log = log
        }
    }

    /// Records wait this long at most: what a killed run may lose.
    private static let pause: Int64 = 20_000_000
    /// Room for a second of 16 sources that send 240 packets of a kilobyte.
    private static let ringBytes = 8 << 20

    /// The tap's other end.
    private let ring: JournalRing
    private let setting: Setting
    private lazy var sceneFingerprint = setting.asset.contentFingerprint
    private let stopping = Atomic<Bool>(false)
    private var thread: Threads.Running?
    private var file: TakeWriter?
    private var brokenCount = 0

    package init(ring: JournalRing, setting: Setting) {
        self.ring = ring
        self.setting = setting
    }

    /// A ring with room for what waits while the disk is slow.
    package static func makeRing() -> JournalRing { JournalRing(capacity: ringBytes) }

    func start() throws {
        thread = try Threads.start(name: "cyc-take") { [self] in run() }
    }

    /// Writes down what is left and ends; the loop must have stopped.
    package func stop() {
        stopping.store(true, ordering: .relaxed)
        thread?.join()
        thread = nil
        drain()
        finish(.end, saying: "the run ended")
    }

    private func run() {
        while !stopping.load(ordering: .relaxed) {
            drain()
            Clocks.sleep(until: Clocks.now() + Self.pause)
        }
    }

    /// Takes every record that waits; recorder's thread only.
    package func drain() {
        while ring.read({ kind, bytes in take(TakeRecord(rawValue: kind), bytes) }) {}
        file?.flush { fail($0) }
        if let file { setting.status.publish(.takeFrames, Double(file.frames)) }
    }

    private func take(_ kind: TakeRecord?, _ bytes: UnsafeRawBufferPointer) {
        switch kind {
        case .begin: begin(state: bytes)
        case .live: file?.append(.document, document(bytes))
        case .frame: file?.appendFrame(bytes)
        case .end: finish(.end, saying: "ended")
        case .broken:
            brokenCount += 1
            setting.status.publish(.takesBroken, Double(brokenCount))
            finish(.broken, saying: "broken off: the disk did not keep up – use a faster one")
        case nil: break
        }
    }

    private func begin(state: UnsafeRawBufferPointer) {
        do {
            let writer = try TakeWriter(
                folder: setting.folder, stage: setting.stage.name
            ) { number in
                TakeHeader(
                    number: number, stage: setting.stage.name, stageFile: setting.stageFile,
                    scene: setting.source, sceneFingerprint: sceneFingerprint,
                    program: Program.fingerprint, kernels: setting.kernels,
                    taiOffset: setting.stage.taiOffset)
            }
            writer.append(.state, [UInt8](state))
            file = writer
            setting.status.publish(.takeNumber, Double(writer.number))
            setting.log("take \(writer.number): recording to \(writer.path)")
        } catch {
            brokenCount += 1
            setting.status.publish(.takesBroken, Double(brokenCount))
            setting.log("\(error)")
        }
    }

    /// The live state as a document: it outlives the program's own form.
    private func document(_ bytes: UnsafeRawBufferPointer) -> [UInt8] {
        let live = bytes.loadUnaligned(as: LiveState.self)
        return ShowDocument(stage: setting.stage, showing: live).saved(
            atFrame: file?.lastFrame ?? 0)
    }

    private func finish(_ kind: TakeFile.Kind, saying text: String) {
        guard let file else { return }
        file.append(kind, Array(text.utf8))
        file.flush { _ in }
        file.close()
        self.file = nil
        setting.status.publish(.takeNumber, 0)
        setting.log("take \(file.number): \(text), \(file.frames) frames in \(file.path)")
    }

    private func fail(_ why: String) {
        guard let file else { return }
        brokenCount += 1
        setting.status.publish(.takesBroken, Double(brokenCount))
        setting.status.publish(.takeNumber, 0)
        setting.log(
            "take \(file.number): \(file.path) cannot be written: \(why) – recording ended after "
                + "\(file.frames) frames, the wall goes on; make room, then take/record off and on")
        file.close()
        self.file = nil
    }
}

/// One take's file while it is written.
final class TakeWriter {
    let number: Int
    let path: String
    private(set) var frames = 0
    /// The newest frame written.
    private(set) var lastFrame: Int64 = 0
    private let descriptor: Int32
    private var waiting: [UInt8] = TakeFile.magic

    /// Opens the next free number's file in a folder, which is made when it is not there.
    init(folder: String, stage: String, header: (Int) -> TakeHeader) throws {
        do {
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true)
        } catch {
            throw RunError("\(folder): takes cannot be written there – give a folder with --takes")
        }
        var number = 1
        while true {
            let digits = String(number)
            let zeros = String(repeating: "0", count: max(0, 4 - digits.count))
            let path = "\(folder)/\(stage)-\(zeros)\(digits).take"
            let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
            if descriptor >= 0 {
                (self.number, self.path, self.descriptor) = (number, path, descriptor)
                break
            }
            guard errno == EEXIST, number < 1_000_000 else {
                throw RunError("\(path): cannot be written: \(errorText(errno))")
            }
            number += 1
        }
        append(.header, Array(try JSONEncoder().encode(header(number))))
    }

    func append(_ kind: TakeFile.Kind, _ payload: [UInt8]) {
        payload.withUnsafeBytes { waiting += TakeFile.record(kind, $0) }
    }

    func appendFrame(_ bytes: UnsafeRawBufferPointer) {
        frames += 1
        if bytes.count >= 8 { lastFrame = bytes.loadUnaligned(as: Int64.self) }
        waiting += TakeFile.record(.frame, bytes)
    }

    /// Writes what waits; a fault is told once.
    func flush(_ fail: (String) -> Void) {
        var done = 0
        while done < waiting.count {
            let count = waiting.withUnsafeBytes {
                write(descriptor, $0.baseAddress! + done, $0.count - done)
            }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else {
                waiting = []
                fail(errorText(errno))
                return
            }
            done += count
        }
        waiting.removeAll(keepingCapacity: true)
    }

    func close() {
        fsync(descriptor)
        Glibc.close(descriptor)
    }
}

/// The running program itself.
enum Program {
    /// Fingerprint of its file: what it writes in its own form, only it can read.
    static let fingerprint: UInt64 = {
        let file = URL(fileURLWithPath: "/proc/self/exe")
        let data = try? Data(contentsOf: file, options: .alwaysMapped)
        return data?.withUnsafeBytes(wordFingerprint) ?? 0
    }()
}

/// Fingerprint of large memory: FNV-1a by words of eight bytes, the rest byte by byte.
package func wordFingerprint(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    let words = bytes.count / 8
    for i in 0..<words {
        hash =
            (hash ^ bytes.loadUnaligned(fromByteOffset: 8 * i, as: UInt64.self))
            &* 0x100_0000_01B3
    }
    for i in 8 * words..<bytes.count { hash = (hash ^ UInt64(bytes[i])) &* 0x100_0000_01B3 }
    return hash
}
