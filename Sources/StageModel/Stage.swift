public import Color
public import Geometry
public import Timing
public import Tracking

/// Everything that is built on one stage, checked and immutable.
public struct Stage: Sendable {
    /// The stage's name.
    public var name: String
    /// Frames a second of every output.
    public var rate: FrameRate
    /// Processors, each with a canvas.
    public var processors: [Processor]
    /// Walls, by name and light.
    public var walls: [Wall]
    /// LED cabinet models.
    public var products: [PanelProduct]
    /// Every panel of every wall.
    public var panels: [Panel]
    /// Planar groups of panels; what is rendered.
    ///
    /// Disjoint canvas rectangles.
    public var facets: [Facet]
    /// Tracking sources.
    public var sources: [TrackingSource]
    /// Tracked cameras, in priority order: later ones are drawn over earlier ones.
    public var cameras: [Camera]
    /// Eye point of the outer frustum, stage metres.
    public var outerEye: Vector3
    /// Side in pixels of the squares the outer frustum is drawn in at best: 1, 2 or 4.
    public var outerReduction: Int
    /// Where canvases go.
    public var outputs: [OutputPort]
    /// Path of the control socket.
    public var controlSocket: String
    /// TAI − UTC in seconds used when the kernel has none (37 since 2017).
    public var taiOffset: Int64
    /// Bytes all scenes that are held ready may take together.
    public var sceneMemory: Int

    /// A stage of checked parts.
    public init(
        name: String, rate: FrameRate, processors: [Processor], walls: [Wall],
        products: [PanelProduct], panels: [Panel], facets: [Facet], sources: [TrackingSource],
        cameras: [Camera], outerEye: Vector3, outputs: [OutputPort], controlSocket: String,
        taiOffset: Int64 = 37, outerReduction: Int = 1, sceneMemory: Int = 4_000_000_000
    ) {
        self.name = name
        self.rate = rate
        self.processors = processors
        self.walls = walls
        self.products = products
        self.panels = panels
        self.facets = facets
        self.sources = sources
        self.cameras = cameras
        self.outerEye = outerEye
        self.outerReduction = outerReduction
        self.outputs = outputs
        self.controlSocket = controlSocket
        self.taiOffset = taiOffset
        self.sceneMemory = sceneMemory
    }
}

/// An LED processor and its raster, the canvas.
public struct Processor: Sendable, Equatable {
    /// The processor's name.
    public var name: String
    /// Canvas width, pixels.
    public var width: Int
    /// Canvas height, pixels.
    public var height: Int
    /// Bits of a code value: 8, 10 or 12.
    public var bitDepth: Int
    /// How it turns code values into light.
    public var transfer: TransferFunction
    /// Which codes it takes.
    public var range: CodeRange
    /// From the end of the picture's arrival to light on the wall, seconds.
    public var latency: Double

    /// A processor; latency in seconds.
    public init(
        name: String, width: Int, height: Int, bitDepth: Int, transfer: TransferFunction,
        range: CodeRange, latency: Double
    ) {
        self.name = name
        self.width = width
        self.height = height
        self.bitDepth = bitDepth
        self.transfer = transfer
        self.range = range
        self.latency = latency
    }
}

/// A wall: a named group of panels that make the same light.
public struct Wall: Sendable, Equatable {
    /// The wall's name.
    public var name: String
    /// The light its panels make.
    public var primaries: Primaries
    /// Brightest white, nits.
    public var peakNits: Double
    /// Nits of scene-linear 1.0 (100 by default).
    public var nitsPerUnit: Double
    /// Indices into `Stage.panels`.
    public var panels: Range<Int>
    /// The file of its correction, from the stage file's folder; nil: it is shown as it is.
    public var correction: String?

    /// A wall; light in nits.
    public init(
        name: String, primaries: Primaries, peakNits: Double, nitsPerUnit: Double,
        panels: Range<Int>, correction: String? = nil
    ) {
        self.correction = correction
        self.name = name
        self.primaries = primaries
        self.peakNits = peakNits
        self.nitsPerUnit = nitsPerUnit
        self.panels = panels
    }
}

/// An LED cabinet model.
public struct PanelProduct: Sendable, Equatable {
    /// The model's name.
    public var name: String
    /// Width, metres.
    public var width: Double
    /// Height, metres.
    public var height: Double
    /// Pixels across.
    public var columns: Int
    /// Pixels down.
    public var rows: Int

    /// A product; lengths in metres.
    public init(name: String, width: Double, height: Double, columns: Int, rows: Int) {
        self.name = name
        self.width = width
        self.height = height
        self.columns = columns
        self.rows = rows
    }
}

/// A rectangle of canvas pixels; origin top left.
public struct CanvasRect: BitwiseCopyable, Sendable, Hashable {
    /// Leftmost column.
    public var x: Int
    /// Topmost row.
    public var y: Int
    /// Columns.
    public var width: Int
    /// Rows.
    public var height: Int

    /// A rectangle of canvas pixels.
    @inlinable
    public init(x: Int, y: Int, width: Int, height: Int) {
        self.x = x
        self.y = y
        self.width = width
        self.height = height
    }
}

/// One cabinet: where it hangs and which canvas pixels it shows.
///
/// Panel space has its origin in the centre of the LED surface; X runs right and Z up as seen
/// from the stage, Y away from the viewer into the wall. Pixel (column c, row r), counted from the
/// panel's top left as it hangs, has its centre at
/// `x = ((c + 0.5) / columns − 0.5) · width`, `z = (0.5 − (r + 0.5) / rows) · height`, `y = 0`.
///
/// `quarterTurns` = q: on the canvas the panel's picture stands turned q · 90° clockwise. For a
/// panel of W × H pixels and a canvas rectangle at (x, y), pixel (c, r) is fed by canvas pixel
///
///     q = 0   (x + c,         y + r)            rectangle W × H
///     q = 1   (x + H − 1 − r, y + c)            rectangle H × W
///     q = 2   (x + W − 1 − c, y + H − 1 − r)    rectangle W × H
///     q = 3   (x + r,         y + W − 1 − c)    rectangle H × W
public struct Panel: Sendable, Equatable {
    /// The panel's name, unique on the stage.
    public var name: String
    /// Index into `Stage.walls`.
    public var wall: Int
    /// Index into `Stage.products`.
    public var product: Int
    /// Where it hangs.
    public var stageFromPanel: Pose
    /// Index into `Stage.processors`.
    public var processor: Int
    /// The canvas pixels it shows.
    public var canvas: CanvasRect
    /// Clockwise quarter turns of its picture on the canvas, 0 … 3.
    public var quarterTurns: Int

    /// A panel on a wall, fed by a canvas rectangle.
    public init(
        name: String, wall: Int, product: Int, stageFromPanel: Pose, processor: Int,
        canvas: CanvasRect, quarterTurns: Int = 0
    ) {
        self.name = name
        self.wall = wall
        self.product = product
        self.stageFromPanel = stageFromPanel
        self.processor = processor
        self.canvas = canvas
        self.quarterTurns = quarterTurns
    }
}

/// A planar group of panels on one canvas: canvas pixel → stage point is affine.
///
/// The centre of canvas pixel (X, Y) stands at
/// `origin + (X − canvas.x) · alongX + (Y − canvas.y) · alongY`.
public struct Facet: BitwiseCopyable, Sendable, Equatable {
    /// Index into `Stage.processors`.
    public var processor: Int
    /// Index into `Stage.walls`.
    public var wall: Int
    /// The canvas pixels it covers.
    public var canvas: CanvasRect
    /// Stage point of the centre of the rectangle's top-left pixel, metres.
    public var origin: Vector3
    /// Stage step of one canvas pixel to the right, metres.
    public var alongX: Vector3
    /// Stage step of one canvas pixel down, metres.
    public var alongY: Vector3

    /// A facet of a canvas rectangle and its affine map.
    public init(
        processor: Int, wall: Int, canvas: CanvasRect, origin: Vector3, alongX: Vector3,
        alongY: Vector3
    ) {
        self.processor = processor
        self.wall = wall
        self.canvas = canvas
        self.origin = origin
        self.alongX = alongX
        self.alongY = alongY
    }
}

/// A tracked film camera.
public struct Camera: Sendable, Equatable {
    /// The camera's name.
    public var name: String
    /// The recorded area of its sensor.
    public var sensor: Sensor
    /// Recorded picture width, pixels: the unit errors are told in.
    public var imageWidth: Int
    /// Recorded picture height, pixels.
    public var imageHeight: Int
    /// Its lens; at the wide end where `zoomRange` is set.
    public var lens: Lens
    /// Focal lengths in mm at the source's wide and tele zoom counts; nil for a prime.
    public var zoomRange: SIMD2<Double>?
    /// What the tracker says of the lens is believed; `lens` stands for what it does not say.
    public var usesLensData: Bool
    /// Sensor centre and axes in the tracked body.
    public var bodyFromSensor: Pose
    /// Index into `Stage.sources`.
    public var source: Int
    /// Measured lenses to choose from, the usual one first; none: `lens` is used.
    public var lenses: [LensTable]
    /// Sensor modes to choose from, beside `sensor`.
    public var sensorModes: [SensorMode]
    /// Its inner frustum is no longer drawn when its tracker is lost.
    public var leavesWhenLost: Bool

    /// A camera with its lens, its place on the tracked body and its tracking source.
    public init(
        name: String, sensor: Sensor, imageWidth: Int, imageHeight: Int, lens: Lens,
        zoomRange: SIMD2<Double>? = nil, usesLensData: Bool = true,
        bodyFromSensor: Pose = .identity, source: Int, lenses: [LensTable] = [],
        sensorModes: [SensorMode] = [], leavesWhenLost: Bool = false
    ) {
        self.name = name
        self.lenses = lenses
        self.sensorModes = sensorModes
        self.leavesWhenLost = leavesWhenLost
        self.sensor = sensor
        self.imageWidth = imageWidth
        self.imageHeight = imageHeight
        self.lens = lens
        self.zoomRange = zoomRange
        self.usesLensData = usesLensData
        self.bodyFromSensor = bodyFromSensor
        self.source = source
    }
}

/// Where one processor's canvas goes.
public struct OutputPort: Sendable, Equatable {
    /// Component layout of an RTP stream.
    public enum Sampling: UInt8, Sendable, Equatable {
        /// RGB, every component at every pixel.
        case rgb
        /// Y′CbCr, chroma at every second pixel.
        case yCbCr422
    }

    /// What kind of output, with its own settings.
    public enum Kind: Sendable, Equatable {
        /// SMPTE ST 2110-20 over RTP/UDP; depth 8, 10 or 12 (4:2:2: 8 or 10).
        case rtp(host: String, port: UInt16, sampling: Sampling, depth: Int, payloadType: UInt8)
        /// A Linux framebuffer device, canvas at its top left.
        case framebuffer(device: String)
        /// A PNG still every `every` frames into a folder.
        case stills(directory: String, every: Int)
        /// Raw interleaved little-endian RGB codes (8 bit: bytes, else 16-bit words) to a file or
        /// pipe.
        case raw(path: String)
    }

    /// The output's name.
    public var name: String
    /// Index into `Stage.processors`.
    public var processor: Int
    /// What kind of output.
    public var kind: Kind

    /// An output of one processor's canvas.
    public init(name: String, processor: Int, kind: Kind) {
        self.name = name
        self.processor = processor
        self.kind = kind
    }
}
