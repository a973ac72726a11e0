import Glibc

/// A light or a reflectance: R, G, B in ACEScg.
typealias Light = SIMD3<Float>

/// A color named by its linear Rec.709 parts, as ACEScg (Bradford; matrix of the color room's
/// facts, derived from the primaries).
@inline(__always)
func light(_ r: Float, _ g: Float, _ b: Float) -> Light {
    Light(
        0.6130974 * r + 0.3395232 * g + 0.0473795 * b,
        0.0701937 * r + 0.9163539 * g + 0.0134524 * b,
        0.0206156 * r + 0.1095698 * g + 0.8698146 * b)
}

@inline(__always)
func mix(_ a: Light, _ b: Light, _ t: Float) -> Light { a + (b - a) * t }

@inline(__always)
func mix(_ a: Float, _ b: Float, _ t: Float) -> Float { a + (b - a) * t }

@inline(__always)
func limited(_ t: Float) -> Float { t > 0 ? (t < 1 ? t : 1) : 0 }

/// 0 below a, 1 above b, smooth between.
@inline(__always)
func step(_ a: Float, _ b: Float, _ x: Float) -> Float {
    let t = limited((x - a) / (b - a))
    return t * t * (3 - 2 * t)
}

@inline(__always)
func dot(_ a: SIMD3<Float>, _ b: SIMD3<Float>) -> Float { a.x * b.x + a.y * b.y + a.z * b.z }

@inline(__always)
func unit(_ v: SIMD3<Float>) -> SIMD3<Float> { v * (1 / dot(v, v).squareRoot()) }
