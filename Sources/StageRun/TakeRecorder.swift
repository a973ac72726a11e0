import Color
package import Control
import Foundation
package import FrameLoop
package import FrameModel
import Glibc
import Platform
package import Scenes
package import StageModel
import Synchronization
import Timing

/// Writes takes down, off the loop: drains the tap's ring every 20 ms into one file a take, so that
/// a run that is killed loses no more than what waited.
///
/// `@unchecked Sendable` holds because everything but `stopping` belongs to the recorder's thread
/// from `start` to `stop`.
package final class TakeRecorder: @unchecked Sendable {
    /// What the takes of a run have in common.
    package struct Setting: Sendable {
        package var stage: Stage
        package var stageFile: StageText
        package var folder: String
        /// What the scene a run began with was loaded from.
        package var source: String
        /// Every scene that has been in a slot.
        package var scenes: @Sendable () -> [TakeScene]
        /// What the scene in a slot is, or was.
        package var scene: @Sendable (SceneInUse) -> SceneReference?
        package var kernels: Int32
        package var status: StatusBoard
        /// Takes a line for the operator.
        package var log: @Sendable (String) -> Void
        /// The looks there are.
        package var looks: LookShelf
        /// What takes the walls' corrections from; nil: there are none.
        package var corrections: CorrectionShelf?
        /// Takes what happened to a take: its number, 0 for one that could not begin, and a line.
        package var note: @Sendable (Int, String) -> Void

        package init(
            stage: Stage, stageFile: StageText, folder: String, source: String,
            scenes: @escaping @Sendable () -> [TakeScene],
            scene: @escaping @Sendable (SceneInUse) -> SceneReference?,
            kernels: Int32, status: StatusBoard, log: @escaping @Sendable (String) -> Void,
            looks: LookShelf = LookShelf(), corrections: CorrectionShelf? = nil,
            note: @escaping @Sendable (Int, String) -> Void = { _, _ in }
        ) {
            self.stage = stage
            self.stageFile = stageFile
            self.folder = folder
            self.source = source
            self.scenes = scenes
            self.scene = scene
            self.kernels = kernels
            self.status = status
            self.log = log
            self.looks = looks
            self.corrections = corrections
            self.note = note
        }

        /// Takes of a run that shows one scene.
        package init(
            stage: Stage, stageFile: StageText, folder: String, source: String, asset: SceneAsset,
            kernels: Int32, status: StatusBoard, log: @escaping @Sendable (String) -> Void,
            looks: LookShelf = LookShelf(), corrections: CorrectionShelf? = nil
        ) {
            let reference = SceneReference(source: source, fingerprint: asset.fingerprint)
            self.init(
                stage: stage, stageFile: stageFile, folder: folder, source: source, scenes: { [] },
                scene: { $0.slot >= 0 ? reference : nil }, kernels: kernels, status: status,
                log: log, looks: looks, corrections: corrections)
        }
    }

    /// From one look at the ring to the next, nanoseconds.
    private static let pause: Int64 = 20_000_000

    /// The tap's other end.
    private let ring: JournalRing
    private let setting: Setting
    private let stopping = Atomic<Bool>(false)
    private var thread: Threads.Running?
    private var file: TakeWriter?
    private var brokenCount = 0
    /// The live state of a take that has no frame yet.
    private var firstLive: [UInt8]?

    package init(ring: JournalRing, setting: Setting) {
        self.ring = ring
        self.setting = setting
    }

    /// A ring with room for what waits while the disk is slow.
    package static func makeRing() -> JournalRing { JournalRing(capacity: TakeLimits.ringBytes) }

    func start() throws {
        thread = try Threads.start(name: "cyc-take") { [self] in run() }
    }

    /// What keeps takes from being written, or nil.
    var complaint: String? {
        do {
            try TakeWriter.make(setting.folder)
            return nil
        } catch {
            return "\(error)"
        }
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
        // What a take's first file would wait for; the stage's start need not.
        _ = Program.fingerprint
        while !stopping.load(ordering: .relaxed) {
            drain()
            Clocks.sleep(until: Clocks.now() + Self.pause)
        }
    }

    /// Takes every record that waits; recorder's thread only.
    package func drain() {
        while ring.read({ kind, bytes in take(TakeRecord(rawValue: kind), bytes) }) {}
        guard let file else { return }
        if let why = file.flush() { return fail(why) }
        setting.status.publish(.takeFrames, Double(file.frames))
        guard file.isFull else { return }
        breakOff("the file has its full size – set take/record off and on for the next take")
    }

    private func take(_ kind: TakeRecord?, _ bytes: UnsafeRawBufferPointer) {
        switch kind {
        case .begin: begin(state: bytes)
        case .live:
            // How far fades have come is known with the frame: a take's first is still to come.
            guard let frame = file?.lastLiveFrame else {
                firstLive = Array(bytes)
                return
            }
            appendDocument(bytes, at: frame)
        case .frame:
            if let live = firstLive, let frame = TakeWriter.liveFrame(of: bytes) {
                live.withUnsafeBytes { appendDocument($0, at: frame) }
                firstLive = nil
            }
            file?.appendFrame(bytes)
        case .end: finish(.end, saying: "ended")
        case .broken:
            breakOff(
                "frames came faster than they could be written – set take/record off and on; use "
                    + "a faster disk, or give the machine less to do")
        case nil: break
        }
    }

    private func breakOff(_ why: String) {
        countBroken()
        finish(.broken, saying: "broken off: \(why)")
    }

    private func countBroken() {
        brokenCount += 1
        setting.status.publish(.takesBroken, Double(brokenCount))
    }

    private func begin(state: UnsafeRawBufferPointer) {
        firstLive = nil
        let clock = Clocks.sample(taiOffset: setting.stage.taiOffset)
        let grid = FrameGrid(rate: setting.stage.rate)
        let label = Timecode(
            frame: grid.frame(at: clock.tai), of: grid, utcOffset: -clock.taiOffset)
        let timecode = "\(label)"
        let scenes = setting.scenes()
        let first = scenes.first { $0.source == setting.source }
        do {
            let writer = try TakeWriter(
                folder: setting.folder, stage: setting.stage.name
            ) { number in
                TakeHeader(
                    number: number, stage: setting.stage.name, stageFile: setting.stageFile.text,
                    lensFiles: setting.stageFile.lensFiles,
                    otherFiles: setting.stageFile.otherFiles,
                    scene: setting.source, sceneFingerprint: first?.fingerprint ?? 0,
                    scenes: scenes,
                    program: Program.fingerprint, kernels: setting.kernels,
                    timecode: timecode)
            }
            writer.append(.state, [UInt8](state))
            file = writer
            // A frozen picture may have looks that no slot has any more.
            appendLooks(setting.looks.held)
            setting.status.publish(.takeNumber, Double(writer.number))
            tell(
                writer.number,
                "take \(writer.number): recording to \(writer.path) from \(timecode) UTC")
        } catch {
            countBroken()
            tell(0, "\(error)")
        }
    }

    /// Tells the operator and the event log.
    private func tell(_ number: Int, _ line: String) {
        setting.log(line)
        setting.note(number, line)
    }

    /// Writes a live state down as a document, the looks and corrections it names before it.
    private func appendDocument(_ bytes: UnsafeRawBufferPointer, at frame: Int64) {
        guard let file else { return }
        let live = bytes.loadUnaligned(as: LiveState.self)
        appendLooks((0..<LiveLayout.lookSlots).map { live.looks[$0] })
        for wall in 0..<setting.stage.walls.count { appendCorrection(live.corrections[wall]) }
        file.append(.document, document(bytes, at: frame))
    }

    /// Writes looks down that the file has not yet; one that is gone is known by its name alone.
    private func appendLooks(_ fingerprints: [UInt64]) {
        guard let file else { return }
        for fingerprint in fingerprints where fingerprint != 0 {
            guard file.looks.insert(fingerprint).inserted,
                let look = setting.looks.look(of: fingerprint)
            else { continue }
            file.append(.look, look.recorded)
        }
    }

    /// Writes a wall's correction down that the file has not yet.
    private func appendCorrection(_ fingerprint: UInt64) {
        guard let file, fingerprint != 0, file.isNew(correction: fingerprint),
            let kept = setting.corrections?.recorded(fingerprint)
        else { return }
        file.append(.correction, kept)
    }

    /// The live state as a document: it outlives the program's own form.
    private func document(_ bytes: UnsafeRawBufferPointer, at frame: Int64) -> [UInt8] {
        let live = bytes.loadUnaligned(as: LiveState.self)
        return ShowDocument(
            stage: setting.stage, showing: live, lookName: setting.looks.name,
            correctionName: { [setting] in setting.corrections?.name(of: $0) ?? "" },
            scene: setting.scene
        ).saved(atFrame: frame)
    }

    private func finish(_ kind: TakeFile.Kind, saying text: String) {
        guard let file else { return }
        file.append(kind, Array(text.utf8))
        if let why = file.flush() { return fail(why) }
        setting.status.publish(.takeFrames, Double(file.frames))
        tell(
            file.number, "take \(file.number): \(text), \(file.frames) frames in \(file.path)")
        leave(file)
    }

    private func fail(_ why: String) {
        guard let file else { return }
        countBroken()
        tell(
            file.number,
            "take \(file.number): \(file.path) cannot be written: \(why) – recording ended after "
                + "\(file.frames) frames, the wall goes on; make room, then set take/record off "
                + "and on")
        leave(file)
    }

    private func leave(_ file: TakeWriter) {
        file.close()
        self.file = nil
        setting.status.publish(.takeNumber, 0)
    }
}

/// One take's file while it is written.
final class TakeWriter {
    let number: Int
    let path: String
    /// Frames that are in the file.
    private(set) var frames = 0
    /// The frame the live state of the newest frame was read at: what fades are counted in; nil: it
    /// has none yet.
    private(set) var lastLiveFrame: Int64?
    /// Fingerprints of the looks that are in the file, or are nowhere.
    var looks: Set<UInt64> = []
    private let descriptor: Int32
    private var waiting: [UInt8] = TakeFile.magic
    private var waitingFrames = 0
    private var byteCount = 0
    /// Those that are in the file.
    private var corrections: Set<UInt64> = []

    /// No more fits a file that is to be read again.
    var isFull: Bool {
        byteCount + waiting.count > TakeLimits.fileBytes - TakeLimits.recordBytesMax
    }

    /// Opens the file of the number after the highest in a folder, which is made when it is not
    /// there.
    init(folder: String, stage: String, header: (Int) -> TakeHeader) throws {
        try TakeWriter.make(folder)
        let number = 1 + TakeWriter.highest(in: folder, stage: stage)
        let digits = String(number)
        let zeros = String(repeating: "0", count: max(0, 4 - digits.count))
        path = "\(folder)/\(stage)-\(zeros)\(digits).take"
        self.number = number
        descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else {
            throw RunError("\(path): the take cannot be written: \(errorText(errno))")
        }
        append(.header, Array(try JSONEncoder().encode(header(number))))
    }

    /// Makes the folder and sees that it can be written to.
    static func make(_ folder: String) throws {
        do {
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true)
        } catch {
            throw RunError(
                "\(folder): takes cannot be written there: \(error.localizedDescription) – give "
                    + "another folder with --takes")
        }
        guard access(folder, W_OK | X_OK) == 0 else {
            throw RunError(
                "\(folder): takes cannot be written there: \(errorText(errno)) – give another "
                    + "folder with --takes")
        }
    }

    private static func highest(in folder: String, stage: String) -> Int {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.compactMap { name in
            guard name.hasPrefix(stage + "-"), name.hasSuffix(".take") else { return nil }
            return Int(name.dropFirst(stage.count + 1).dropLast(5))
        }.max() ?? 0
    }

    /// A correction that was not asked for before.
    func isNew(correction fingerprint: UInt64) -> Bool {
        corrections.insert(fingerprint).inserted
    }

    func append(_ kind: TakeFile.Kind, _ payload: [UInt8]) {
        payload.withUnsafeBytes { waiting += TakeFile.record(kind, $0) }
    }

    /// The frame a frame's record says its live state was read at.
    static func liveFrame(of record: UnsafeRawBufferPointer) -> Int64? {
        record.count >= 16 ? record.loadUnaligned(fromByteOffset: 8, as: Int64.self) : nil
    }

    func appendFrame(_ bytes: UnsafeRawBufferPointer) {
        waitingFrames += 1
        lastLiveFrame = Self.liveFrame(of: bytes) ?? lastLiveFrame
        waiting += TakeFile.record(.frame, bytes)
    }

    /// Writes what waits; why it could not, or nil.
    func flush() -> String? {
        var done = 0
        while done < waiting.count {
            let count = waiting.withUnsafeBytes {
                write(descriptor, $0.baseAddress! + done, $0.count - done)
            }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else {
                waiting = []
                return errorText(errno)
            }
            done += count
        }
        byteCount += done
        frames += waitingFrames
        waitingFrames = 0
        waiting.removeAll(keepingCapacity: true)
        return nil
    }

    func close() { Glibc.close(descriptor) }
}

/// The running program itself.
enum Program {
    /// Fingerprint of its file: what it writes in its own form, only it can read.
    static let fingerprint: UInt64 = {
        let file = URL(fileURLWithPath: "/proc/self/exe")
        let data = try? Data(contentsOf: file, options: .alwaysMapped)
        // 0 is nobody's: a program that cannot be read does not know its own takes.
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
