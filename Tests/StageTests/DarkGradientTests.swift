import Color
import FrameLoop
import FrameModel
import Geometry
import Lanes
import Output
import Platform
import Scenes
import StageModel
import StageTwin
import Testing
import Timing

/// The darkest nit of a wall of 4096 × 16 LEDs that two machines feed, each with 12 bits.
@Suite struct DarkGradientTests {
    private static let (width, height) = (4096, 16)
    /// LEDs on the left that are black.
    private static let blackColumns = 64
    private static let pitch = 0.001

    private static func stage() -> Stage {
        let product = PanelProduct(
            name: "strip", width: 128 * pitch, height: 16 * pitch, columns: 128, rows: 16)
        let shape = WallShape.flat(
            stageFromWall: Pose(
                rotation: .identity,
                translation: Vector3(0, 4, 1.5 - Double(height) * pitch / 2)))
        let panels = (0..<32).map { at in
            Panel(
                name: "c\(at + 1)", wall: 0, product: 0,
                stageFromPanel: shape.stageFromPanel(
                    column: at, row: 0, columns: 32, rows: 1, width: product.width,
                    height: product.height),
                processor: at / 16,
                canvas: CanvasRect(x: at % 16 * 128, y: 0, width: 128, height: 16),
                quarterTurns: 0)
        }
        return Stage(
            name: "dark", rate: FrameRate(60, 1)!,
            processors: ["left", "right"].map {
                Processor(
                    name: $0, width: width / 2, height: height, bitDepth: 12, transfer: .pq,
                    range: .full, latency: 0)
            },
            walls: [
                Wall(
                    name: "wall", primaries: .rec2020, peakNits: 1500, nitsPerUnit: 100,
                    panels: 0..<32)
            ], products: [product], panels: panels,
            facets: Facet.merging(panels, products: [product]), sources: [], cameras: [],
            outerEye: Vector3(0, 0, 1.5), outputs: [], controlSocket: "")
    }

    /// A card that lies on the wall, a texel an LED and two more beyond every edge; `nits` of the
    /// column and row of LEDs.
    private static func scene(_ nits: (Int, Int) -> Double) -> Scene {
        let fromWall = ColorMatrix.rgb(from: .rec2020, to: .acesCG)
        var pixels: [Float] = []
        for row in -2..<height + 2 {
            for column in -2..<width + 2 {
                let place = (min(max(column, 0), width - 1), min(max(row, 0), height - 1))
                let light = fromWall * ColorTriple(repeating: nits(place.0, place.1) / 100)
                pixels += [Float(light.x), Float(light.y), Float(light.z), 1]
            }
        }
        let card = Card(
            name: "gradient",
            sceneFromCard: Pose(rotation: .identity, translation: Vector3(0, 4, 1.5)),
            width: Double(width + 4) * pitch, height: Double(height + 4) * pitch,
            picture: Picture(width: width + 4, height: height + 4, pixels: pixels))
        return Scene(name: "gradient", dome: nil, cards: [card])
    }

    /// One machine: the canvases of the processors it feeds, codes row by row.
    private static func canvases(
        _ scene: Scene, of processors: [Int], threads: Int
    ) throws -> [[SIMD3<Int>]] {
        let stage = stage()
        let path = FramePath(stage: stage, kernels: KernelTable.best()!, threads: threads)
        let rings = try processors.map { processor in
            let packer = try CanvasPacker(
                format: .raw(depth: 12), codes: CodeFormat(depth: 12, range: .full),
                width: width / 2, height: height)
            let ring = OutputRing(byteCount: packer.byteCount)
            path.add(ring: ring, packer: packer, processor: processor)
            return ring
        }
        let asset = SceneAsset(scene: scene)
        let tick = path.stage.grid.instant(of: 106_033_538_220)
        let host = HostTime(nanoseconds: 1_000_000_000)
        withUnsafePointer(to: LiveState()) { live in
            _ = path.prepare(
                FrameInputs(
                    frame: 106_033_538_220, tickTime: tick,
                    clock: ClockSample(
                        host: host, realtimeNanoseconds: tick.nanoseconds, tai: tick),
                    lightTime: host, packets: UnsafeBufferPointer(start: nil, count: 0),
                    live: live, scene: asset.prepared))
        }
        let pool = WorkerPool(threadCount: threads)
        pool.run(FramePath.share, context: path.context)
        var report = FrameReport(frame: 106_033_538_220)
        path.finish(&report)
        return try rings.map { ring in
            let canvas = try #require(ring.takeReady())
            defer { ring.release(canvas.index) }
            let words = UnsafeRawBufferPointer(start: canvas.bytes, count: ring.byteCount)
            return (0..<width / 2 * height).map { pixel in
                func code(_ channel: Int) -> Int {
                    let at = 2 * (3 * pixel + channel)
                    return Int(words.load(fromByteOffset: at, as: UInt16.self).littleEndian)
                }
                return SIMD3(code(0), code(1), code(2))
            }
        }
    }

    /// Both halves from a machine each, beside each other: code of a column and row.
    private static func wall(_ scene: Scene) throws -> (Int, Int) -> SIMD3<Int> {
        let left = try canvases(scene, of: [0], threads: 1)[0]
        let right = try canvases(scene, of: [1], threads: 2)[0]
        // A machine that feeds both makes the same codes.
        #expect(try canvases(scene, of: [0, 1], threads: 2) == [left, right])
        let half = width / 2
        return { column, row in
            column < half ? left[row * half + column] : right[row * half + column - half]
        }
    }

    /// Nits of the mean light of sixteen columns over the whole height.
    private static func mean(
        of block: Int, _ code: (Int, Int) -> SIMD3<Int>
    ) -> ColorTriple {
        func nits(_ code: Int) -> Double {
            ProcessorLight.nits(
                code: code, depth: 12, range: .full, transfer: .pq, peakNits: 1500)
        }
        var sum = ColorTriple(0, 0, 0)
        for column in 16 * block..<16 * block + 16 {
            for row in 0..<height {
                let codes = code(column, row)
                sum += ColorTriple(nits(codes.x), nits(codes.y), nits(codes.z))
            }
        }
        return sum / Double(16 * height)
    }

    /// Nits of a PQ signal (SMPTE ST 2084, 5.2).
    private static func nits(signal: Double) -> Double {
        TransferFunction.pq.light(signal: signal) * 10_000
    }

    @Test func `from 0 to 1 nit light rises without steps, across two machines, from true black`()
        throws
    {
        let top = TransferFunction.pq.signal(light: 1e-4)
        let last = Double(Self.width - Self.blackColumns)
        func wanted(_ column: Int) -> Double {
            Self.nits(
                signal: top * max(0, Double(column - Self.blackColumns) + 0.5) / last)
        }
        let code = try Self.wall(Self.scene { column, _ in wanted(column) })
        for column in 0..<Self.blackColumns - 1 {
            for row in 0..<Self.height { #expect(code(column, row) == SIMD3(0, 0, 0)) }
        }
        var before = ColorTriple(0, 0, 0)
        for block in Self.blackColumns / 16..<Self.width / 16 {
            let light = Self.mean(of: block, code)
            #expect(light.x > before.x && light.y > before.y && light.z > before.z, "\(block)")
            #expect(deltaEITP(before, light) <= 1, "\(block): \(before) \(light)")
            before = light
            let columns = 16 * block..<16 * block + 16
            let truth = columns.reduce(0) { $0 + wanted($1) } / 16
            #expect(
                deltaEITP(ColorTriple(repeating: truth), light) <= 0.5, "\(block): \(truth)")
        }
        #expect(abs(before.y - 1) < 0.02)
    }

    @Test func `what is alike on both sides of the machines' seam has the same codes`() throws {
        let code = try Self.wall(
            Self.scene { _, row in Self.nits(signal: 0.15 * (Double(row) + 0.5) / 16) })
        let seam = Self.width / 2
        for row in 0..<Self.height {
            for column in 0..<64 {
                #expect(code(seam - 64 + column, row) == code(seam + column, row))
            }
        }
    }
}
