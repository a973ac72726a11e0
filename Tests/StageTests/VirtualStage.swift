import Color
import Control
import Foundation
import FrameLoop
import FrameModel
import Geometry
import Glibc
import Lanes
import LookFiles
import Output
import Platform
import Scenes
import StageModel
import StageRun
import TestSupport
import Timing
import Tracking

/// The whole frame path without a clock, a socket or a sender thread: packets and edits in,
/// canvases in wire format out.
final class VirtualStage {
    /// A datagram on its way to a stage.
    struct Datagram {
        var source = 0
        var sender: UInt32 = 0x0A00_0001
        var arrivalTime: HostTime
        var bytes: [UInt8]
    }

    static let grid = FrameGrid(rate: FrameRate(60000, 1001)!)
    static let period = 1_001_000_000 / 60.0
    static let firstFrame: Int64 = 106_033_538_220
    /// TAI at host time 0.
    private static let boot: Int64 = 1_767_000_000_000_000_000

    let stage: Stage
    let path: FramePath
    let ring: OutputRing
    let packets: RTPFramePackets
    var document: ShowDocument
    /// Quality step of the frames to come.
    var quality: UInt8 = 0
    /// The movies of each scene, by its slot.
    var movies: [MovieDriver?] = []
    /// Notes the frames to come, when a take is recorded.
    var tap: TakeTap?
    private let pool: WorkerPool
    /// Scenes, each in the slot of its place, generation 1; the first is shown.
    let assets: [SceneAsset]
    var asset: SceneAsset { assets[0] }
    /// Its looks.
    let looks = LookShelf()
    /// Its walls' corrections.
    let corrections: CorrectionShelf
    private let live: UnsafeMutablePointer<LiveState>
    private var bakes: [PreparedLook] = []

    init(
        _ scene: Scene, others: [Scene] = [], stage: Stage = VirtualStage.stage(), threads: Int = 1
    ) throws {
        self.stage = stage
        let processor = stage.processors[0]
        path = FramePath(
            stage: stage, kernels: KernelTable.best()!, threads: threads, looks: looks.table)
        corrections = CorrectionShelf(path.stage)
        pool = WorkerPool(threadCount: threads)
        let packer = try CanvasPacker(
            format: .rgb(depth: 10), codes: CodeFormat(depth: 10, range: processor.range),
            width: processor.width, height: processor.height)
        ring = OutputRing(byteCount: packer.byteCount, count: 4)
        path.add(ring: ring, packer: packer, processor: 0)
        packets = RTPFramePackets(
            cut: try RTPCut(
                format: packer.format, width: processor.width, height: processor.height),
            rowBytes: packer.rowBytes, payloadType: 96, source: 1)
        assets = ([scene] + others).map { SceneAsset(scene: $0) }
        document = ShowDocument(stage: stage)
        document.show(sceneSlot: 0, generation: 1)
        live = .allocate(capacity: 1)
        live.initialize(to: document.live)
    }

    deinit { live.deallocate() }

    static func host(_ tai: TAITime) -> HostTime { HostTime(nanoseconds: tai.nanoseconds - boot) }

    /// Host time of a place on the grid, in frames.
    static func host(_ frame: Int64, plus periods: Double = 0) -> HostTime {
        host(grid.instant(of: frame)) + Int64(periods * period)
    }

    /// The clocks at a host time, TAI having been set forward by so much.
    static func clock(_ host: HostTime, stepped: Int64 = 0) -> ClockSample {
        let tai = host.nanoseconds + boot + stepped
        return ClockSample(
            host: host, realtimeNanoseconds: tai - 37_000_000_000, tai: TAITime(nanoseconds: tai))
    }

    /// Plans a frame with what has arrived by then; returns outputs without a canvas.
    @discardableResult
    func prepare(_ frame: Int64, _ datagrams: [Datagram] = []) -> Int {
        prepare(FrameTurn(frame: frame), Self.clock(Self.host(frame)), datagrams)
    }

    /// The same by clocks that may have been set.
    func prepare(_ turn: FrameTurn, _ clock: ClockSample, _ datagrams: [Datagram]) -> Int {
        live.pointee = document.live
        let tick = Self.grid.instant(of: turn.frame)
        let end = clock.host(tai: Self.grid.instant(of: turn.frame + 1))
        return datagrams.flatMap(\.bytes).withUnsafeBytes { bytes in
            var at = 0
            let packets = datagrams.map { datagram in
                defer { at += datagram.bytes.count }
                return TrackingPacket(
                    source: datagram.source, sender: datagram.sender,
                    arrivalTime: datagram.arrivalTime,
                    bytes: UnsafeRawBufferPointer(
                        rebasing: bytes[at..<at + datagram.bytes.count]))
            }
            return packets.withUnsafeBufferPointer { packets in
                var inputs = FrameInputs(
                    frame: turn.frame, liveFrame: turn.liveFrame, tickTime: tick,
                    clock: clock, lightTime: end + 8_000_000, packets: packets,
                    live: UnsafePointer(live), scene: prepared(live.pointee.scene),
                    leaving: UnsafePointer(live).isCrossfading(at: turn.liveFrame)
                        ? prepared(live.pointee.leaving) : nil,
                    wallLight: path.wallLight, quality: quality)
                inputs.movies = pictures(
                    live.pointee.scene, inputs.scene, live.pointee.movies, turn.liveFrame)
                inputs.leavingMovies = pictures(
                    live.pointee.leaving, inputs.leaving, live.pointee.leavingMovies,
                    turn.liveFrame)
                tap?.note(inputs, path.state)
                return path.prepare(inputs)
            }
        }
    }

    private func pictures(
        _ inUse: SceneInUse, _ scene: UnsafePointer<PreparedScene>?,
        _ transports: InlineArray<4, MovieTransport>, _ frame: Int64
    ) -> MoviePictures {
        guard scene != nil, movies.indices ~= Int(inUse.slot), let movie = movies[Int(inUse.slot)]
        else { return .none }
        return movie.pick(scene, transports, at: frame, isFrozen: path.isFrozen)
    }

    private func prepared(_ scene: SceneInUse) -> UnsafePointer<PreparedScene>? {
        assets.indices ~= Int(scene.slot) ? assets[Int(scene.slot)].prepared : nil
    }

    /// A scene by its slot.
    func warm(_ slot: Int) -> WarmScene {
        WarmScene(
            name: "scene\(slot)", slot: Int32(slot), generation: 1,
            reference: SceneReference(
                source: "scene\(slot)", fingerprint: assets[slot].fingerprint))
    }

    /// Puts a scene on the wall from a frame on.
    func take(_ slot: Int, fade: Fade = .none, at frame: Int64) {
        let answer = document.take(warm(slot), fade: fade, atFrame: frame)
        if case .applied = answer { return }
        preconditionFailure("scene \(slot): \(answer.line)")
    }

    func render() { pool.run(FramePath.share, context: path.context) }

    /// Makes a frame and sends it: the octets of its canvas.
    func make(_ frame: Int64, _ datagrams: [Datagram] = []) -> [UInt8] {
        prepare(frame, datagrams)
        render()
        var report = FrameReport(frame: frame)
        path.finish(&report)
        guard let canvas = ring.takeReady() else { return [] }
        defer { ring.release(canvas.index) }
        return octets(canvas)
    }

    /// Makes an edit that shows from a frame on.
    func edit(_ path: String, _ values: Double..., fade: Fade = .none, at frame: Int64) {
        let answer = document.apply(
            .set(path: path, values: values, fade: fade), atFrame: frame)
        if case .applied = answer { return }
        preconditionFailure("\(path): \(answer.line)")
    }

    /// Chooses one of a parameter's words from a frame on.
    func choose(_ path: String, _ word: String, at frame: Int64) {
        let answer = document.apply(.choose(path: path, word: word), atFrame: frame)
        if case .applied = answer { return }
        preconditionFailure("\(path): \(answer.line)")
    }

    /// Sets a switch from a frame on.
    func choose(_ path: String, on isOn: Bool, at frame: Int64) {
        edit(path, isOn ? 1 : 0, at: frame)
    }

    /// Bakes every stack that is worth it, as a stage does while nobody edits; how many.
    func bake() -> Int {
        let stacks = withUnsafePointer(to: document.live) { path.stage.costlyStacks($0) }
        var names: [BakedStack] = []
        for settled in stacks {
            let look = path.stage.baked(settled).look
            looks.table.bakes.give(look.reference, slot: bakes.count)
            bakes.append(look)
            names.append(
                BakedStack(
                    key: settled.key, fingerprint: look.reference.constants.fingerprint))
        }
        document.show(bakes: names)
        return names.count
    }

    /// The last frame's outer picture on the left wall was drawn by a table.
    var isBaked: Bool { path.plan.pointee.grades[0].baked.points != nil }

    /// Loads a look file into a slot, from 1.
    func load(look path: String, slot: Int) throws {
        let loaded = try looks.load(path).get()
        document.show(look: loaded.fingerprint, name: path, slot: slot - 1)
    }

    /// Puts a correction on its wall.
    func correct(_ file: WallCorrectionFile) throws {
        let folder = TemporaryFolder()
        defer { withExtendedLifetime(folder) {} }
        try FileManager.default.createDirectory(
            atPath: folder.path, withIntermediateDirectories: true)
        let path = "\(folder.path)/\(file.wall).json"
        try file.write(to: path)
        let wall = self.path.stage.stage.walls.firstIndex { $0.name == file.wall }!
        let loaded = try corrections.load(path, wall: wall).get()
        document.show(correction: loaded.fingerprint, name: path, wall: wall)
    }

    func octets(_ canvas: OutputRing.Canvas) -> [UInt8] {
        [UInt8](UnsafeRawBufferPointer(start: canvas.bytes, count: ring.byteCount))
    }
}

// MARK: - The stage

extension VirtualStage {
    static let width = 512
    static let height = 96
    /// Meters from one LED to the next.
    static let pitch = 0.015625

    /// Two walls of 4 × 1.5 m side by side in one plane 4 m ahead, and two tracked cameras.
    static func stage() -> Stage {
        let product = PanelProduct(name: "tile", width: 0.5, height: 0.5, columns: 32, rows: 32)
        let panels = wall(0, "left", middle: -2, x: 0) + wall(1, "right", middle: 2, x: 256)
        func light(_ name: String, _ panels: Range<Int>) -> Wall {
            Wall(
                name: name, primaries: .rec2020, peakNits: 1500, nitsPerUnit: 100, panels: panels)
        }
        func source(_ name: String, port: UInt16) -> TrackingSource {
            TrackingSource(name: name, transport: .freeD(FreeDOptions(port: port)))
        }
        func camera(_ name: String, source: Int) -> Camera {
            Camera(
                name: name, sensor: Sensor(widthMillimeters: 24, heightMillimeters: 13.5),
                imageWidth: 1920, imageHeight: 1080, lens: Lens(focalLengthMillimeters: 48),
                source: source)
        }
        return Stage(
            name: "virtual", rate: grid.rate,
            processors: [
                Processor(
                    name: "P", width: width, height: height, bitDepth: 10, transfer: .pq,
                    range: .full, latency: 0.008)
            ],
            walls: [light("left", 0..<24), light("right", 24..<48)], products: [product],
            panels: panels, facets: Facet.merging(panels, products: [product]),
            sources: [source("one", port: 40000), source("two", port: 40001)],
            cameras: [camera("A", source: 0), camera("B", source: 1)],
            outerEye: Vector3(0, 0, 1.5), outputs: [], controlSocket: "")
    }

    private static func wall(_ index: Int, _ name: String, middle: Double, x: Int) -> [Panel] {
        let shape = WallShape.flat(
            stageFromWall: Pose(
                rotation: .identity, translation: Vector3(middle, 4, 0.75)))
        return (0..<24).map { at in
            let (row, column) = at.quotientAndRemainder(dividingBy: 8)
            return Panel(
                name: "\(name)/c\(column + 1)r\(row + 1)", wall: index, product: 0,
                stageFromPanel: shape.stageFromPanel(
                    column: column, row: row, columns: 8, rows: 3, width: 0.5, height: 0.5),
                processor: 0,
                canvas: CanvasRect(x: x + 32 * column, y: 32 * row, width: 32, height: 32),
                quarterTurns: 0)
        }
    }
}

// MARK: - What goes in and comes out

/// A FreeD packet of a body that stands somewhere: pan to the left as on the stage.
func freeD(
    pan: Double, tilt: Double = 0, roll: Double = 0, _ x: Double, _ y: Double, _ z: Double,
    id: UInt8 = 1, zoom: Double = 0, focus: Double = 0
) -> [UInt8] {
    func count(_ value: Double) -> Int32 { Int32(value.rounded()) }
    var bytes = [UInt8](repeating: 0, count: FreeD.messageSize)
    bytes.withUnsafeMutableBytes {
        FreeD.encode(
            FreeD.Message(
                cameraID: id, pan: count(-pan * 32768), tilt: count(tilt * 32768),
                roll: count(roll * 32768),
                x: count(x * 64000), y: count(y * 64000), z: count(z * 64000),
                zoom: UInt32(zoom * 65535), focus: UInt32(focus * 65535)),
            into: $0)
    }
    return bytes
}

/// A packet a frame of a camera that pans and moves sideways, a little after each instant.
func movingShot(_ frame: Int64, source: Int = 0) -> VirtualStage.Datagram {
    let t = Double(frame - VirtualStage.firstFrame) / 60
    return VirtualStage.Datagram(
        source: source, arrivalTime: VirtualStage.host(frame, plus: 0.6),
        bytes: freeD(pan: 15 * t - 10, tilt: 2, 0.3 * t, 0.1, 1.5))
}

/// The code values of a packed 10-bit canvas row by row, read bit by bit.
func codes(_ octets: [UInt8]) -> [SIMD3<Int>] {
    func sample(_ index: Int) -> Int {
        (0..<10).reduce(0) { value, bit in
            let at = index * 10 + bit
            return value << 1 | Int(octets[at / 8] >> (7 - at % 8)) & 1
        }
    }
    return (0..<octets.count * 8 / 30).map {
        SIMD3(sample(3 * $0), sample(3 * $0 + 1), sample(3 * $0 + 2))
    }
}

/// The 10-bit PQ code of a neutral light (SMPTE ST 2084, 5.3), before rounding.
func pqCode(nits: Double) -> Double {
    let y = pow(nits / 10000, 2610.0 / 16384)
    return 1023 * pow((3424.0 / 4096 + 2413.0 / 128 * y) / (1 + 2392.0 / 128 * y), 2523.0 / 32)
}
