import Foundation
import StageConfig
import StageModel

/// The package's folder.
let package = URL(fileURLWithPath: #filePath).appending(path: "../../..").standardizedFileURL

/// The text of a stage in stage-configs.
func text(_ stage: String) throws -> String {
    try String(
        contentsOf: package.appending(path: "stage-configs/\(stage)/stage.yaml"), encoding: .utf8)
}

let stages = ["demo", "volume", "flat", "everything"]

/// A stage of ours, or the one below that uses what they do not.
func anyText(_ stage: String) throws -> String {
    stage == "everything" ? everything : try text(stage)
}

/// The lens file below stands for any that a stage names, but for one.
func lensFile(_ name: String) -> Result<String, Complaints> {
    name == "none" ? StageConfig.noLens(name) : .success(everyNodeKey)
}

/// A lens file with every key.
let everyNodeKey = """
    nodes:
      - zoom: 0
        focus: 1
        focalLengthMillimeters: 40
        entrancePupilOffsetMillimeters: 80
        distortion:
          model: Brown-Conrady D-U
          radial: [1.0e-5]
          tangential: [0, 0]
        distortionOffsetMillimeters: [0.1, 0]
        projectionOffsetMillimeters: [0, 0.1]
    """

/// What is wrong with a text; empty for a right one.
func complaints(_ text: String) -> [Complaint] {
    switch StageConfig.parse(text, file: "stage.yaml", lens: lensFile).result {
    case .success: []
    case .failure(let complaints): complaints.list
    }
}

/// A stage with every key the shipped ones do without.
let everything = """
    stage: everything
    frameRate: "60000/1001"
    outerEyeMeters: [0, 0, 1.5]
    outerResolution: half
    sceneMemoryMegabytes: 2500
    taiOffsetSeconds: 37
    controlSocket: everything.sock
    processors:
      - name: one
        width: 640
        height: 480
        bitDepth: 12
        transfer: linear
        range: full
        latencyMilliseconds: 0
    products:
      - name: tile
        widthMillimeters: 500
        heightMillimeters: 250
        columns: 100
        rows: 50
    walls:
      - name: steps
        kind: panels
        product: tile
        light:
          primaries:
            red: [0.69, 0.3]
            green: [0.2, 0.72]
            blue: [0.14, 0.05]
            white: [0.3127, 0.329]
          peakNits: 1200
          nitsPerUnit: 100
        panels:
          - name: low
            product: tile
            positionMeters: [0, 4, 0.5]
            panDegrees: 10
            tiltDegrees: -5
            rollDegrees: 1
            canvas: {processor: one, x: 0, y: 0, rotationDegrees: 90}
          - positionMeters: [0, 4, 1.5]
            canvas: {processor: one, x: 60, y: 0}
      - name: split
        kind: flat
        product: tile
        columns: 3
        rows: 2
        positionMeters: [0, 5, 0]
        panDegrees: 1
        tiltDegrees: 2
        rollDegrees: 3
        light:
          primaries: rec709
          peakNits: 900
        canvas:
          - {processor: one, x: 0, y: 200, fromColumn: 1, toColumn: 2, fromRow: 1, toRow: 2}
          - {processor: one, x: 300, y: 200, fromColumn: 3, toColumn: 3, fromRow: 1, toRow: 2}
    tracking:
      - name: tracker
        kind: freed
        vendor: sony
        port: 7000
        address: 192.168.0.5
        cameraID: 3
        ignoresChecksum: true
        axisOrder: [y, x, z]
        axisSigns: [1, -1, 1]
        angleSigns: [-1, 1, 1]
        zoomCounts: [10, 2000]
        focusCounts: [0, 3000]
        delayMilliseconds: 12.5
        lensDelayMilliseconds: 40
        staleMilliseconds: 150
        lostMilliseconds: 800
        positionLimitMeters: 20
        packetsPerSecond: 59.94
        prediction:
          kind: linear
          turningSamples: 4
          velocitySamples: 9
        stageFromTracker:
          positionMeters: [1, 2, 0]
          panDegrees: 90
          tiltDegrees: 1
          rollDegrees: -1
      - name: locked
        kind: fixed
      - name: streams
        kind: opentrackio
        port: 55556
        address: 192.168.0.5
        group: 239.135.1.7
        sourceNumber: 7
        checksum: "1.0.1"
        clock: ptp
        zoomCounts: [0, 4095]
        focusCounts: [4095, 0]
    cameras:
      - name: B
        source: tracker
        sensorMillimeters: [24, 13.5]
        imagePixels: [1280, 720]
        lens:
          focalLengthMillimeters: 35
          entrancePupilOffsetMillimeters: 60
          distortion:
            model: Brown-Conrady D-U
            radial: [1.0e-5]
            tangential: [1.0e-6, 0]
          distortionOffsetMillimeters: [0, 0]
          projectionOffsetMillimeters: [0, 0]
        bodyFromSensor:
          positionMillimeters: [0, 0, 10]
          panDegrees: 1
          tiltDegrees: 2
          rollDegrees: 3
      - name: C
        source: locked
        lensData: false
        sensorMillimeters: [24, 13.5]
        imagePixels: [1280, 720]
        whenLost: leave
        lenses: [prime, zoom-24-70]
        sensorModes:
          - name: crop
            sensorMillimeters: [16, 9]
            imagePixels: [1280, 720]
        lens:
          zoomRangeMillimeters: [20, 60]
    outputs:
      - name: net
        processor: one
        kind: rtp
        host: 239.1.1.1
        port: 5004
        sampling: ycbcr422
        depth: 10
        payloadType: 97
      - name: screen
        processor: one
        kind: framebuffer
        device: /dev/fb1
      - name: pictures
        processor: one
        kind: stills
        directory: pictures
        everyFrames: 100
      - name: file
        processor: one
        kind: raw
        path: codes.raw

    """
