import Color
import Platform
import StageConfig
import StageModel

/// A small stage that has one of everything: a flat wall with a turned panel, an arc, two
/// processors, two tracked cameras, outputs by network in RGB and YCbCr and to a file.
enum ProbeStage {
    /// Ports nobody listens on; free again when this returns.
    static func freePorts(_ count: Int) throws -> [UInt16] {
        let receivers = try (0..<count).map { _ in try UDPReceiver(port: 0) }
        defer { receivers.forEach { $0.close() } }
        return receivers.map(\.port)
    }

    /// The stage: two ports for tracking, then two for pictures.
    static func make(ports: [UInt16]) throws -> Stage {
        try StageConfig.parse(text(ports), file: "probe").result.get()
    }

    private static func text(_ ports: [UInt16]) -> String {
        """
        stage: allocation-probe
        frameRate: 60000/1001
        outerEyeMeters: [0, 0, 1.5]
        processors:
          - name: flat
            width: 256
            height: 128
            bitDepth: 10
            transfer: pq
            range: full
            latencyMilliseconds: 16
          - name: bent
            width: 192
            height: 128
            bitDepth: 10
            transfer: pq
            range: narrow
            latencyMilliseconds: 16
        products:
          - {name: tile, widthMillimeters: 500, heightMillimeters: 500, columns: 64, rows: 64}
        walls:
          - name: flat
            kind: flat
            product: tile
            columns: 4
            rows: 2
            positionMeters: [0, 4, 1]
            light: {primaries: p3d65, peakNits: 1500}
            canvas: {processor: flat, x: 0, y: 0}
            panelOverrides:
              - panel: flat/c2r2
                canvas: {processor: flat, x: 64, y: 64, rotationDegrees: 90}
          - name: bent
            kind: arc
            product: tile
            columns: 3
            rows: 2
            centerMeters: [-2, 0, 0.5]
            radiusMeters: 3
            light: {primaries: rec709, peakNits: 800}
            canvas: {processor: bent, x: 0, y: 0}
        tracking:
          - {name: one, kind: freed, port: \(ports[0]), cameraID: 1, positionLimitMeters: 50}
          - {name: two, kind: freed, port: \(ports[1]), cameraID: 2, delayMilliseconds: 12}
        cameras:
          - name: A
            source: one
            sensorMillimeters: [35.9, 20.2]
            imagePixels: [1920, 1080]
            lens:
              zoomRangeMillimeters: [24, 35]
              entrancePupilOffsetMillimeters: 150
              distortion: {model: Brown-Conrady D-U, radial: [1.55e-4]}
          - name: B
            source: two
            sensorMillimeters: [24, 13.5]
            imagePixels: [1920, 1080]
            lens: {focalLengthMillimeters: 20}
        outputs:
          - name: flat-rtp
            processor: flat
            kind: rtp
            host: 127.0.0.1
            port: \(ports[2])
            sampling: rgb
            depth: 10
          - name: bent-rtp
            processor: bent
            kind: rtp
            host: 127.0.0.1
            port: \(ports[3])
            sampling: ycbcr422
            depth: 10
          - {name: flat-raw, processor: flat, kind: raw, path: /dev/null}
        """
    }

    /// A look with curves and a table; the channels mix.
    static func look(gain: Double) -> Look {
        let curves = CurveLUT(points: (0..<17).map { SIMD3(repeating: Float($0) / 16) })
        let turn = ColorMatrix(
            rows: ColorTriple(0.9, 0.1, 0), ColorTriple(0, 0.9, 0.1), ColorTriple(0.1, 0, 0.9))
        return Look(
            title: "\(gain)",
            steps: [.curves(curves), .matrix(turn * gain, offset: ColorTriple(0, 0, 0))])
    }

    /// A correction of every part; of two, one has a table.
    static func correction(of wall: Wall, _ hasTable: Bool) -> WallCorrection {
        var made = WallCorrection()
        made.matrix = ColorMatrix(
            rows: ColorTriple(1.02, -0.01, 0), ColorTriple(0, 0.98, 0.02), ColorTriple(0, 0, 1))
        made.offset = ColorTriple(repeating: -1e-4)
        let curve = DriveCurve(drives: [0.01, 0.1, 1], lights: [0.009, 0.095, 1])!
        made.curves = [curve, curve, curve]
        made.gains = wall.panels.map { _ in ColorTriple(0.97, 1, 1.03) }
        made.viewAngle = ViewAngle(
            terms: [ColorTriple(), ColorTriple(repeating: -0.3), ColorTriple(), ColorTriple()],
            widest: 1)
        if hasTable { made.table = look(gain: 0.98) }
        return made
    }
}
