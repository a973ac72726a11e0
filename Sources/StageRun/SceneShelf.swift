package import Control
package import FrameLoop
package import FrameModel
import Foundation
import Glibc
import Platform
package import Scenes
import Synchronization
import Timing

/// The scenes of a run: known, on their way, ready side by side in the asset table, given back.
///
/// One thread that stands back (`cyc-scenes`) loads, one scene after the other, and gives back; the
/// control thread asks. A scene counts as ready when all of its memory has been touched and, where
/// the system grants it, locked. One that cannot be loaded leaves everything as it is.
///
/// `@unchecked Sendable` holds because the entries are behind a lock and the thread is started and
/// joined by the session alone.
package final class SceneShelf: @unchecked Sendable {
    /// Gets a scene: its source, who says whether there is room for so many bytes, who takes a
    /// line for the operator, and who tells that nobody wants it any more.
    package typealias Loader =
        @Sendable (
            _ source: String, _ admit: BakedScene.Admission, _ say: (String) -> Void,
            _ isCanceled: () -> Bool
        ) throws -> SceneAsset

    /// What the shelf has around it.
    package struct Surroundings: Sendable {
        package var table: AssetTable
        package var status: StatusBoard
        /// Bytes all scenes may take together.
        package var memoryLimit: Int
        package var load: Loader
        /// Touches memory that frames of such a scene write to.
        package var touch: @Sendable (UnsafePointer<PreparedScene>) -> Void
        /// Takes a line for the operator and the event log.
        package var tell: @Sendable (String) -> Void
        /// The first frame an edit made now can show with.
        package var currentFrame: @Sendable () -> Int64
        /// Takes what the scenes were loaded from that are ready or on their way.
        package var hold: @Sendable ([String]) -> Void = { _ in }
        /// Starts decoding the movies of a scene; nil of one that has none.
        package var decode: @Sendable (SceneAsset, _ source: String) throws -> SceneDecoders? = {
            _, _ in nil
        }

        package init(
            table: AssetTable, status: StatusBoard, memoryLimit: Int, load: @escaping Loader,
            touch: @escaping @Sendable (UnsafePointer<PreparedScene>) -> Void,
            tell: @escaping @Sendable (String) -> Void,
            currentFrame: @escaping @Sendable () -> Int64
        ) {
            self.table = table
            self.status = status
            self.memoryLimit = memoryLimit
            self.load = load
            self.touch = touch
            self.tell = tell
            self.currentFrame = currentFrame
        }
    }

    /// From one look at what is asked for to the next, nanoseconds.
    private static let pause: Int64 = 20_000_000
    /// Scenes that are known at once: names of a folder, and what was asked for by its path.
    private static let knownMax = 256
    /// Scenes that were in a slot and that takes may still ask for: more than a day's.
    private static let pastMax = 4096

    private let shelf: Mutex<Shelf>
    private let around: Surroundings
    private let stopping = Atomic<Bool>(false)
    private var thread: Threads.Running?

    /// A shelf of sources, none of them ready.
    package init(_ sources: [String], _ around: Surroundings) {
        self.around = around
        var shelf = Shelf()
        for source in sources.prefix(Self.knownMax) { _ = shelf.know(source) }
        self.shelf = Mutex(shelf)
    }

    /// Puts a scene that is there already in the next free slot.
    package func put(
        _ asset: SceneAsset, source: String, decoders: SceneDecoders? = nil
    ) -> WarmScene {
        let scene = shelf.withLock { shelf -> WarmScene in
            let index = shelf.know(source)
            guard let slot = shelf.freeSlot else {
                preconditionFailure("a run begins with one scene")
            }
            shelf.entries[index].slot = slot
            return shelf.makeReady(index, asset, decoders, around.table)
        }
        publish()
        return scene
    }

    package func start() throws {
        thread = try Threads.start(name: "cyc-scenes") { [self] in
            Threads.standBack()
            run()
        }
    }

    /// Ends the thread, after the scene it is loading; the scenes go with the shelf.
    package func stop() {
        stopping.store(true, ordering: .relaxed)
        thread?.join()
        thread = nil
    }

    private func run() {
        while !stopping.load(ordering: .relaxed) {
            if !work() { Clocks.sleep(until: Clocks.now() + Self.pause) }
            publishMovies()
        }
    }

    /// Loads the next scene that is asked for and gives back what no frame draws any more.
    ///
    /// False when there was nothing to do. Shelf's thread only.
    package func work() -> Bool {
        let isFreed = giveBack()
        guard let next = shelf.withLock({ $0.next }) else { return isFreed }
        let begin = Clocks.now()
        var lacksRoom = false
        do {
            let asset = try around.load(
                next.source,
                { (bytes: Int) throws(SceneComplaints) in
                    lacksRoom = true
                    try self.admit(bytes)
                    lacksRoom = false
                }, { around.tell("scene \(next.name): \($0)") }, { !self.isWanted(next) })
            if !asset.lockMemory() {
                around.tell(
                    "scene \(next.name): its memory could not be locked, it may be paged out, and "
                        + "a frame then comes late – run as root, or raise `ulimit -l`")
            }
            lacksRoom = true
            let rings = SceneDecoders.byteCount(of: asset.prepared)
            if rings > 0 { try admit(asset.byteCount + rings) }
            lacksRoom = false
            let decoders = try around.decode(asset, next.source)
            decoders?.fill { !self.isWanted(next) }
            around.touch(asset.prepared)
            let isTaken = shelf.withLock { shelf -> Bool in
                guard let index = shelf.index(source: next.source),
                    shelf.entries[index].state == .loading
                else { return false }
                _ = shelf.makeReady(index, asset, decoders, around.table)
                return true
            }
            let seconds = String(format: "%.1f", Double(Clocks.now() - begin) / 1e9)
            around.tell(
                isTaken
                    ? "scene \(next.name) is ready, \(asset.byteCount / 1_000_000) MB in "
                        + "\(seconds) s" : "scene \(next.name) is unloaded")
        } catch {
            if !isWanted(next) {
                around.tell("scene \(next.name) is unloaded")
            } else if !lacksRoom || !postpone(next) {
                fail(next, "\(error)")
            }
        }
        publish()
        return true
    }

    /// Nobody has unloaded it while it was being loaded.
    private func isWanted(_ entry: Entry) -> Bool {
        shelf.withLock { shelf in
            shelf.index(source: entry.source).map { shelf.entries[$0].state == .loading } ?? false
        }
    }

    /// Puts a scene that has no room off until those on their way out are gone; false when none is.
    private func postpone(_ entry: Entry) -> Bool {
        let going = shelf.withLock { shelf -> [String] in
            let going = shelf.entries.filter(\.isGoing).map(\.name)
            if !going.isEmpty, let index = shelf.index(source: entry.source) {
                shelf.entries[index].waits = true
            }
            return going
        }
        guard !going.isEmpty else { return false }
        around.tell(
            "scene \(entry.name) waits for the memory of \(going.joined(separator: ", ")) – a "
                + "frozen wall keeps its scene until frustum/freeze is off")
        return true
    }

    private func fail(_ entry: Entry, _ why: String) {
        let count = shelf.withLock { shelf -> Int in
            shelf.failures += 1
            if let index = shelf.index(source: entry.source) {
                shelf.entries[index].slot = nil
                shelf.entries[index].state = .failed
            }
            return shelf.failures
        }
        around.status.publish(.scenesFailed, Double(count))
        let line = why.split(separator: "\n").first.map(String.init) ?? ""
        let more = why.split(separator: "\n").count - 1
        around.tell(
            "scene \(entry.name) is not loaded: \(line)"
                + (more > 0 ? " (and \(more) more: `cyclorama scene check`)" : "")
                + " – the wall is as it was")
    }

    /// Throws when a scene of so many bytes has no room beside the others.
    private func admit(_ bytes: Int) throws(SceneComplaints) {
        let used = shelf.withLock { $0.byteCount }
        guard used + bytes > around.memoryLimit else { return }
        func megabytes(_ bytes: Int) -> Int { bytes / 1_000_000 }
        throw SceneComplaints([
            "it takes \(megabytes(bytes)) MB and \(megabytes(used)) of "
                + "\(megabytes(around.memoryLimit)) MB are taken – `scene unload` one, or raise "
                + "sceneMemoryMegabytes"
        ])
    }

    /// Frees scenes that were unloaded and that no frame draws any more; true when there were some.
    private func giveBack() -> Bool {
        let oldest = around.table.oldestFrameInUse
        let gone = shelf.withLock { shelf -> [Entry] in
            let gone = shelf.entries.filter { $0.isDone(oldest) }
            for entry in gone {
                guard let index = shelf.index(source: entry.source) else { continue }
                // Not before: the live state on the wall may have named it until now.
                if let slot = entry.slot { around.table.take(slot: slot) }
                shelf.entries[index].asset = nil
                // `gone` has it until the lock is open again: its processes are waited for.
                shelf.entries[index].decoders = nil
                shelf.entries[index].slot = nil
                shelf.entries[index].state = .known
            }
            return gone
        }
        guard !gone.isEmpty else { return false }
        for entry in gone { around.tell("scene \(entry.name) is unloaded") }
        publish()
        return true
    }
}

extension SceneShelf {
    /// One scene.
    fileprivate struct Entry {
        enum State: Equatable {
            case known
            case loading
            case failed
            case ready
            /// Asked to go; frames up to this one may draw it, nil: the live state on the wall
            /// still names it.
            case going(after: Int64?)
        }

        var name: String
        var source: String
        var state = State.known
        var slot: Int?
        var generation: UInt32 = 0
        var asset: SceneAsset?
        var decoders: SceneDecoders?
        /// It is not loaded before those on their way out are gone.
        var waits = false

        /// Its memory, its movies' included.
        var byteCount: Int { (asset?.byteCount ?? 0) + (decoders?.byteCount ?? 0) }

        var isGoing: Bool { if case .going = state { true } else { false } }

        /// Nothing draws it any more.
        func isDone(_ oldest: Int64) -> Bool {
            if case .going(let frame?) = state { oldest > frame } else { false }
        }

        /// A live state draws it in frames from one on.
        func isDrawn(by live: LiveState, at frame: Int64) -> Bool {
            isIn(live.scene) || isIn(live.leaving) && live.sceneMix.value(at: frame) < 1
        }

        /// It is the scene a live state names.
        func isIn(_ scene: SceneInUse) -> Bool {
            slot.map(Int32.init) == scene.slot && generation == scene.generation
        }

        var warm: WarmScene? {
            guard state == .ready, let slot, let asset else { return nil }
            return WarmScene(
                name: name, slot: Int32(slot), generation: generation,
                reference: SceneReference(source: source, fingerprint: asset.fingerprint),
                viewpoints: asset.viewpoints, cues: asset.cues, movieSpeeds: asset.movieSpeeds)
        }
    }

    /// All scenes, in the order they are listed.
    fileprivate struct Shelf {
        var entries: [Entry] = []
        var failures = 0
        /// The scenes of the newest live state.
        var shown = LiveState()
        /// What every slot and generation was, for takes that are still being written down.
        var past: [UInt64: SceneReference] = [:]
        /// Keys of `past`, oldest first.
        var pastOrder: [UInt64] = []

        /// The scene to load now.
        var next: Entry? {
            let isGoing = entries.contains(where: \.isGoing)
            return entries.first { $0.state == .loading && !($0.waits && isGoing) }
        }

        var byteCount: Int { entries.reduce(0) { $0 + $1.byteCount } }

        var freeSlot: Int? {
            (0..<AssetTable.slotCount).first { slot in !entries.contains { $0.slot == slot } }
        }

        func index(source: String) -> Int? { entries.firstIndex { $0.source == source } }

        /// By its name, or by its source.
        func index(named name: String) -> Int? {
            let wanted = name.lowercased()
            return entries.firstIndex { $0.name.lowercased() == wanted }
                ?? entries.firstIndex { $0.source == name }
        }

        /// Its place in the list; a new one is added, its name made its own.
        mutating func know(_ source: String) -> Int {
            if let index = index(source: source) { return index }
            let name = SceneShelf.name(of: source)
            var unique = name
            var number = 2
            while entries.contains(where: { $0.name.lowercased() == unique.lowercased() }) {
                unique = "\(name)-\(number)"
                number += 1
            }
            entries.append(Entry(name: unique, source: source))
            return entries.count - 1
        }

        mutating func makeReady(
            _ index: Int, _ asset: SceneAsset, _ decoders: SceneDecoders?, _ table: AssetTable
        ) -> WarmScene {
            let slot = entries[index].slot ?? 0
            entries[index].generation = table.give(
                asset.prepared, movies: decoders?.movies ?? SceneMovies(), slot: slot)
            (entries[index].asset, entries[index].decoders) = (asset, decoders)
            entries[index].state = .ready
            guard let warm = entries[index].warm else { preconditionFailure("just made ready") }
            entries[index].waits = false
            let key = SceneShelf.key(warm.slot, warm.generation)
            past[key] = warm.reference
            pastOrder.append(key)
            forget()
            return warm
        }

        /// Drops the oldest scene of the past that is in no slot, where there are too many.
        private mutating func forget() {
            guard pastOrder.count > SceneShelf.pastMax else { return }
            let held = Set(
                entries.compactMap { entry in
                    entry.slot.map { SceneShelf.key(Int32($0), entry.generation) }
                })
            if let oldest = pastOrder.firstIndex(where: { !held.contains($0) }) {
                past[pastOrder.remove(at: oldest)] = nil
            }
        }

        /// Makes room for one more name: drops one that could not be loaded; false when all are
        /// needed.
        mutating func makeRoom() -> Bool {
            guard entries.count >= SceneShelf.knownMax else { return true }
            guard let broken = entries.firstIndex(where: { $0.state == .failed }) else {
                return false
            }
            entries.remove(at: broken)
            return true
        }
    }

    /// The last step of a path without its ending, or what follows `generated:`.
    fileprivate static func name(of source: String) -> String {
        if source.hasPrefix("generated:") { return String(source.dropFirst(10)) }
        let last = URL(fileURLWithPath: source).deletingPathExtension().lastPathComponent
        return last.isEmpty ? "scene" : last
    }

    fileprivate static func key(_ slot: Int32, _ generation: UInt32) -> UInt64 {
        UInt64(UInt32(bitPattern: slot)) << 32 | UInt64(generation)
    }
}

// MARK: - What sessions ask for

extension SceneShelf {
    /// What the scene in a slot is, or was, by itself; any thread.
    package func reference(of scene: SceneInUse) -> SceneReference? {
        shelf.withLock { $0.past[Self.key(scene.slot, scene.generation)] }
    }

    /// Every scene that has been in a slot, as a take's header tells them; any thread.
    package var told: [TakeScene] {
        shelf.withLock { shelf in
            shelf.past.map { key, reference in
                TakeScene(
                    slot: Int32(truncatingIfNeeded: key >> 32),
                    generation: UInt32(truncatingIfNeeded: key), source: reference.source,
                    fingerprint: reference.fingerprint)
            }.sorted { ($0.slot, $0.generation) < ($1.slot, $1.generation) }
        }
    }

    /// Asks for a scene; says what will come of it.
    package func request(_ name: String) -> Result<String, SceneActions.Refusal> {
        // Files are looked at before the lock: a folder on a network may keep its reader waiting.
        let isKnown = shelf.withLock { $0.index(named: name) != nil }
        let isSource = !isKnown && Self.isSource(name)
        let result = shelf.withLock { shelf -> Result<String, SceneActions.Refusal> in
            let known = shelf.index(named: name)
            guard known != nil || isSource else {
                let names = shelf.entries.map(\.name).joined(separator: ", ")
                return .failure(
                    SceneActions.Refusal(
                        "no scene “\(name.prefix(80))” – known are \(names); a folder's path from "
                            + "the root, or generated:NAME, is taken too"))
            }
            guard known != nil || shelf.makeRoom() else {
                return .failure(
                    SceneActions.Refusal(
                        "\(Self.knownMax) scenes are known already – name one of them"))
            }
            let index = known ?? shelf.know(name)
            let entry = shelf.entries[index]
            switch entry.state {
            case .ready: return .success("\(entry.name) is ready")
            case .loading: return .success("\(entry.name) is being loaded")
            case .going:
                return .failure(
                    SceneActions.Refusal("\(entry.name) is being given back – ask again"))
            case .known, .failed: break
            }
            guard let slot = shelf.freeSlot else {
                return .failure(
                    SceneActions.Refusal(
                        "all \(AssetTable.slotCount) slots have a scene – `scene unload` one"))
            }
            shelf.entries[index].slot = slot
            shelf.entries[index].state = .loading
            shelf.entries[index].waits = false
            return .success("\(entry.name) is being loaded, status/scene/\(slot + 1)/state tells")
        }
        publish()
        return result
    }

    /// A path from the root that is there, or the name of one of our own.
    private static func isSource(_ name: String) -> Bool {
        name.hasPrefix("generated:")
            ? GeneratedScene.names.contains(String(name.dropFirst(10)))
            : name.hasPrefix("/") && FileManager.default.fileExists(atPath: name)
    }

    private func giveUp(
        _ name: String, _ inUse: [SceneInUse]
    ) -> Result<String, SceneActions.Refusal> {
        let result = shelf.withLock { shelf -> Result<String, SceneActions.Refusal> in
            guard let index = shelf.index(named: name) else {
                return .failure(SceneActions.Refusal("no scene “\(name.prefix(80))”"))
            }
            if shelf.entries[index].state == .loading {
                shelf.entries[index].slot = nil
                shelf.entries[index].state = .known
                return .success("\(shelf.entries[index].name) is loaded no further")
            }
            guard let scene = shelf.entries[index].warm else {
                return .failure(
                    SceneActions.Refusal("\(shelf.entries[index].name) is not loaded"))
            }
            guard !inUse.contains(where: shelf.entries[index].isIn) else {
                return .failure(
                    SceneActions.Refusal("\(scene.name) is on the wall – take another one first"))
            }
            // The take that put it off the wall may still wait to be published: its generation
            // stays, or the frames until then would be black.
            let frame = around.currentFrame()
            let isDrawn = shelf.entries[index].isDrawn(by: shelf.shown, at: frame)
            shelf.entries[index].state = .going(after: isDrawn ? nil : frame)
            return .success("\(scene.name) is given back when no frame draws it any more")
        }
        publish()
        return result
    }

    private func ready(_ name: String) -> Result<WarmScene, SceneActions.Refusal> {
        shelf.withLock { shelf in
            guard let index = shelf.index(named: name) else {
                let names = shelf.entries.map(\.name).joined(separator: ", ")
                return .failure(
                    SceneActions.Refusal("no scene “\(name.prefix(80))” – known are \(names)"))
            }
            if let scene = shelf.entries[index].warm { return .success(scene) }
            let entry = shelf.entries[index]
            return .failure(
                SceneActions.Refusal(
                    entry.state == .loading
                        ? "\(entry.name) is still being loaded"
                        : "\(entry.name) is not loaded – `scene load \(entry.name)` first"))
        }
    }

    private func next(after scene: SceneInUse) -> Result<WarmScene, SceneActions.Refusal> {
        shelf.withLock { shelf in
            let all = shelf.entries.filter { $0.warm != nil }
            let at = all.firstIndex { $0.isIn(scene) }
            let next = all.isEmpty ? nil : all[((at ?? -1) + 1) % all.count].warm
            guard let next, at == nil || all.count > 1 else {
                return .failure(
                    SceneActions.Refusal("no other scene is ready – `scene load` one first"))
            }
            return .success(next)
        }
    }

    private var lines: [String] {
        shelf.withLock { shelf in
            shelf.entries.map { entry in
                let memory = entry.asset == nil ? "" : " \(entry.byteCount / 1_000_000) MB"
                let slot = entry.slot.map { " slot \($0 + 1)" } ?? ""
                return "\(entry.name) \(Self.word(entry.state))\(slot)\(memory) \(entry.source)"
            }
        }
    }

    private static func word(_ state: Entry.State) -> String {
        switch state {
        case .known: "not-loaded"
        case .loading: "loading"
        case .failed: "failed"
        case .ready: "ready"
        case .going: "given-back"
        }
    }

    /// What sessions are given.
    package var actions: SceneActions {
        SceneActions(
            list: { self.lines }, load: { self.request($0) }, unload: { self.giveUp($0, $1) },
            ready: { self.ready($0) }, next: { self.next(after: $0) },
            shown: { scene in
                self.shelf.withLock { $0.entries.first { $0.isIn(scene) }?.warm }
            })
    }

    // MARK: - Status

    /// Takes the live state that has just been published: which scenes are on the wall.
    package func note(_ live: LiveState) {
        let frame = around.currentFrame()
        shelf.withLock { shelf in
            shelf.shown = live
            for index in shelf.entries.indices
            where shelf.entries[index].state == .going(after: nil)
                && !shelf.entries[index].isDrawn(by: live, at: frame)
            {
                // The frame being made now may have begun with it.
                shelf.entries[index].state = .going(after: frame)
            }
        }
        publish()
    }

    /// Pins up what the movies of the scene on the wall show.
    private func publishMovies() {
        let decoders = shelf.withLock { shelf in
            shelf.entries.first { $0.isIn(shelf.shown.scene) }?.decoders
        }
        for movie in decoders?.figures() ?? [] {
            around.status.publish(.picture, movie: movie.movie, Double(movie.picture))
            around.status.publish(.position, movie: movie.movie, movie.position)
            around.status.publish(.late, movie: movie.movie, Double(movie.late))
            around.status.publish(.restarts, movie: movie.movie, Double(movie.restarts))
        }
    }

    /// Pins up what the scenes do now.
    package func publish() {
        let status = around.status
        let frame = around.currentFrame()
        shelf.withLock { shelf in
            status.publish(.scenesReady, Double(shelf.entries.count { $0.warm != nil }))
            status.publish(.scenesMemory, Double(shelf.byteCount) / 1e6)
            status.publish(.sceneSlot, Double(shelf.shown.scene.slot + 1))
            for slot in 0..<AssetTable.slotCount {
                let entry = shelf.entries.first { $0.slot == slot }
                status.publish(.memory, slot: slot, Double(entry?.byteCount ?? 0) / 1e6)
                status.publish(.state, slot: slot, shelf.number(of: entry, at: frame))
            }
            around.hold(
                shelf.entries.filter { $0.state == .ready || $0.state == .loading }.map(\.source))
        }
    }
}

extension SceneShelf.Shelf {
    /// A slot's state as the status tree has it.
    fileprivate func number(of entry: SceneShelf.Entry?, at frame: Int64) -> Double {
        guard let entry else { return 0 }
        switch entry.state {
        case .known, .failed: return 0
        case .loading: return 1
        case .going: return 5
        case .ready:
            if entry.isIn(shown.scene) { return 3 }
            let isFading = shown.sceneMix.value(at: frame) < 1
            return isFading && entry.isIn(shown.leaving) ? 4 : 2
        }
    }
}
