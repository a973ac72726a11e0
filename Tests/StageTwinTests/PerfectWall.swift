import Color
import Foundation
import FrameModel
import Geometry
import StageModel
import StageTwin

/// A wall that shows each LED exactly what the camera ought to see there, by brute force: the
/// judge's counterpart, and with a planted fault its touchstone.
struct PerfectWall: WallUnderTest {
    /// The stage it believes in.
    var stage: Stage
    /// The shot it believes in.
    var moments: [CameraMoment]
    /// The stage's first camera as it believes it to be.
    var camera: Camera
    /// The stream's bits a sample.
    let depth: Int
    /// Swaps red and blue.
    var swapsRedAndBlue = false
    /// Shown in place of the scene asked for.
    var sceneShown: (Scene) -> Scene = { $0 }
    /// Shown in place of the moment asked for.
    var momentShown: (Int) -> Int = { $0 }

    private var scene = Scene(name: "none", dome: nil)
    private var sequence: UInt32 = 65530
    private var timestamp: UInt32 = 0

    init(stage: Stage, moments: [CameraMoment], depth: Int) {
        self.stage = stage
        self.moments = moments
        camera = stage.cameras[0]
        self.depth = depth
    }

    /// The stream of its canvas: RGB, payload type 96.
    static func format(_ stage: Stage, depth: Int) -> StreamFormat {
        StreamFormat(
            width: stage.processors[0].width, height: stage.processors[0].height, sampling: .rgb,
            depth: depth, payloadType: 96)
    }

    mutating func show(_ scene: Scene) { self.scene = sceneShown(scene) }

    mutating func emit(_ moment: Int, to receivers: inout [StreamReceiver]) {
        let codes = canvas(momentShown(moment))
        timestamp &+= 1500
        for packet in packets(codes) {
            packet.withUnsafeBytes { receivers[0].take($0) }
        }
    }

    /// R, G, B codes of the canvas, rows top to bottom.
    private func canvas(_ moment: Int) -> [Int] {
        let processor = stage.processors[0]
        let eye = SimulatedCamera(camera, at: moments[moment]).pupil.origin
        let sight = SceneSight(scene: scene, sceneFromStage: .identity, eye: eye)
        let curve = CurveByTable(processor, depth: depth, peak: stage.walls[0].peakNits)
        let matrix = PerfectWall.p3FromWorking
        let nits = stage.walls[0].nitsPerUnit
        var codes = [Int](repeating: 0, count: processor.width * processor.height * 3)
        for panel in stage.panels {
            let product = stage.products[panel.product]
            let pose = panel.stageFromPanel
            let turns = panel.quarterTurns
            for y in 0..<panel.canvas.height {
                for x in 0..<panel.canvas.width {
                    // Canvas pixel → LED, the inverse of the convention in StageModel.
                    let (c, r): (Int, Int)
                    switch turns {
                    case 0: (c, r) = (x, y)
                    case 1: (c, r) = (y, product.rows - 1 - x)
                    case 2: (c, r) = (product.columns - 1 - x, product.rows - 1 - y)
                    default: (c, r) = (product.columns - 1 - y, x)
                    }
                    let at =
                        pose.rotation.x
                        * (((Double(c) + 0.5) / Double(product.columns) - 0.5) * product.width)
                        + pose.rotation.z
                        * ((0.5 - (Double(r) + 0.5) / Double(product.rows)) * product.height)
                        + pose.translation
                    let d = at - eye
                    let light =
                        sight.color(along: d / (d * d).sum().squareRoot())
                    let k = 3 * ((panel.canvas.y + y) * processor.width + panel.canvas.x + x)
                    for channel in 0..<3 {
                        let row = matrix[channel]
                        let value = (row * light).sum() * nits
                        // Ordered dither of 4 × 4 keeps the mean of a flat patch.
                        let threshold = Double((x & 3) * 5 + (y & 3) * 11 & 15)
                        codes[k + (swapsRedAndBlue ? 2 - channel : channel)] = curve.code(
                            value, threshold: (threshold + 0.5) / 16)
                    }
                }
            }
        }
        return codes
    }

    /// ACEScg → P3-D65 by Bradford, from the published matrices (ACEScg → BT.709 → P3).
    private static let p3FromWorking: [SIMD3<Double>] = {
        let video: [SIMD3<Double>] = [
            SIMD3(1.7050509927, -0.6217921207, -0.0832588720),
            SIMD3(-0.1302564175, 1.1408047366, -0.0105483191),
            SIMD3(-0.0240033568, -0.1289689761, 1.1529723329),
        ]
        let cinema: [SIMD3<Double>] = [
            SIMD3(0.8224619687, 0.1775380313, 0), SIMD3(0.0331941989, 0.9668058011, 0),
            SIMD3(0.0170826307, 0.0723974407, 0.9105199286),
        ]
        return cinema.map { video[0] * $0.x + video[1] * $0.y + video[2] * $0.z }
    }()

    /// One packet a row.
    private mutating func packets(_ codes: [Int]) -> [[UInt8]] {
        let width = stage.processors[0].width
        let height = stage.processors[0].height
        let parts = (width * 3 * depth / 8 + 1199) / 1200
        let pixels = (width / parts + 3) / 4 * 4
        var list: [[UInt8]] = []
        for row in 0..<height {
            for first in stride(from: 0, to: width, by: pixels) {
                let last = min(width, first + pixels)
                var data: [UInt8] = []
                var pool = 0
                var bits = 0
                for sample in codes[3 * (row * width + first)..<3 * (row * width + last)] {
                    pool = pool << depth | sample
                    bits += depth
                    while bits >= 8 {
                        data.append(UInt8(pool >> (bits - 8) & 0xFF))
                        bits -= 8
                    }
                    pool &= (1 << bits) - 1
                }
                let ends = row == height - 1 && last == width
                list.append(header(ends, row, first, data.count) + data)
                sequence &+= 1
            }
        }
        return list
    }

    private func header(_ ends: Bool, _ row: Int, _ pixel: Int, _ length: Int) -> [UInt8] {
        func two(_ v: Int) -> [UInt8] { [UInt8(v >> 8 & 0xFF), UInt8(v & 0xFF)] }
        func four(_ v: UInt32) -> [UInt8] { two(Int(v >> 16)) + two(Int(v & 0xFFFF)) }
        return [0x80, ends ? 0xE0 : 0x60] + two(Int(sequence & 0xFFFF)) + four(timestamp)
            + four(0xC0FFEE) + two(Int(sequence >> 16)) + two(length) + two(row) + two(pixel)
    }
}

/// Nits → code by looking through the processor's own table of every code's light.
struct CurveByTable {
    private let nits: [Double]
    private let lowest: Int

    init(_ processor: Processor, depth: Int, peak: Double) {
        let codes: ClosedRange<Int>
        switch processor.range {
        case .full: codes = 0...(1 << depth) - 1
        case .narrow: codes = 16 << (depth - 8)...235 << (depth - 8)
        }
        lowest = codes.lowerBound
        nits = codes.map {
            ProcessorLight.nits(
                code: $0, depth: depth, range: processor.range, transfer: processor.transfer,
                peakNits: peak)
        }
    }

    /// The code below or above, so that over many thresholds the mean light is right.
    func code(_ value: Double, threshold: Double) -> Int {
        var (low, high) = (0, nits.count - 1)
        if value <= nits[0] { return lowest }
        while high - low > 1 {
            let middle = (low + high) / 2
            if nits[middle] <= value { low = middle } else { high = middle }
        }
        guard nits[high] > nits[low] else { return lowest + low }
        let share = (value - nits[low]) / (nits[high] - nits[low])
        return lowest + (share > threshold ? high : low)
    }
}
