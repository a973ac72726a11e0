public import Lanes

/// Three planes of code values to be written; packers read them as `CodePlanes`.
///
/// Plain pointers: whoever owns the memory outlives the frame.
public struct MutableCodePlanes: BitwiseCopyable {
    /// Red codes of the tile's top-left pixel.
    public var red: UnsafeMutablePointer<UInt16>
    /// Green codes of the tile's top-left pixel.
    public var green: UnsafeMutablePointer<UInt16>
    /// Blue codes of the tile's top-left pixel.
    public var blue: UnsafeMutablePointer<UInt16>
    /// Elements from one row to the next.
    public var stride: Int

    /// Planes of a tile; stride in elements.
    public init(
        red: UnsafeMutablePointer<UInt16>, green: UnsafeMutablePointer<UInt16>,
        blue: UnsafeMutablePointer<UInt16>, stride: Int
    ) {
        self.red = red
        self.green = green
        self.blue = blue
        self.stride = stride
    }

    /// The same planes, to be read.
    /// - Frame path: yes
    public var readable: CodePlanes {
        CodePlanes(
            red: UnsafePointer(red), green: UnsafePointer(green), blue: UnsafePointer(blue),
            stride: stride)
    }
}

/// Linear wall light → code values: curve, range, dither, rounding.
///
/// code = floor(V·scale + offset + t), t from a static blue-noise tile, another part of it for
/// each channel (colour spec §2.9). Below half a code there is no dither, so black stays off. The
/// dither is told by canvas place, so any cut into tiles gives the same codes. Not for packing
/// into a wire format.
///
/// Sendable although it holds pointers: nothing is written after `init`.
public final class CodeEncoder: @unchecked Sendable {
    private let kernels: cyc_kernels
    private let dither: DitherTile
    private let curve: UnsafeMutablePointer<cyc_curve>

    /// An encoder for a processor's curve, with bit depth and range in its scale and offset.
    public init(kernels: cyc_kernels, dither: DitherTile, curve: cyc_curve) {
        self.kernels = kernels
        self.dither = dither
        self.curve = .allocate(capacity: 1)
        self.curve.initialize(to: curve)
    }

    deinit { curve.deallocate() }

    /// Codes of `width` × `height` pixels; nothing outside them is written.
    /// - Parameters:
    ///   - light: 1.0 = the curve's full scale; NaN and negative give black.
    ///   - x: canvas column of the first pixel.
    ///   - y: canvas row of the first pixel.
    ///   - phase: `FramePlan.ditherPhase`.
    ///   - codes: where they go; the first pixel lands on the first word.
    ///   - fetching: octets the codes are packed into next, which are in no cache yet.
    /// - Frame path: yes
    public func encode(
        _ light: cyc_planes, width: Int, height: Int, x: Int, y: Int, phase: UInt32,
        into codes: MutableCodePlanes, fetching octets: TileOctets? = nil
    ) {
        let region = cyc_region(x: 0, y: 0, width: Int32(width), height: Int32(height))
        channel(0, light.red, light.stride, region, x, y, phase, codes.red, codes.stride, octets)
        channel(
            1, light.green, light.stride, region, x, y, phase, codes.green, codes.stride, octets)
        channel(2, light.blue, light.stride, region, x, y, phase, codes.blue, codes.stride, octets)
    }

    @inline(__always)
    private func channel(
        _ index: Int, _ light: UnsafeMutablePointer<Float>, _ lightStride: Int32,
        _ region: cyc_region, _ x: Int, _ y: Int, _ phase: UInt32,
        _ codes: UnsafeMutablePointer<UInt16>, _ stride: Int, _ octets: TileOctets?
    ) {
        let origin = DitherTile.origin(x: x, y: y, channel: index, phase: phase)
        kernels.encode(
            curve,
            cyc_dither(
                thresholds: dither.thresholds, column: origin.column, row: origin.row),
            region, light, lightStride, codes, Int32(stride),
            octets?.fetch(by: index) ?? cyc_fetch())
    }
}
