import Glibc
public import Lanes

/// Colour constants of one wall on one kind of processor, made once at start; turns grades into
/// what the kernels are given.
///
/// Not for pixels: `applied` is the scalar reference tests judge kernels by.
public struct WallColor: BitwiseCopyable, Sendable {
    /// ACEScg → the wall's primaries (Bradford).
    public let wallFromWorking: ColorMatrix
    /// Full scales of the processor's curve that scene-linear 1.0 is.
    public let scale: Double
    /// The wall's peak in full scales.
    public let clip: Double
    /// Nits of full scale.
    public let fullScaleNits: Double
    /// Luminance of full scale on each channel, nits.
    public let luminance: ColorTriple
    /// How colors the wall cannot make are brought into its gamut.
    let compression: GamutCompression
    /// CAT02 cones of neutral content on a D65 wall, and the same as neutral at 6500 K.
    let neutralCones: ColorTriple
    /// ACEScg → CAT02 cones of the light a D65 wall makes.
    let conesFromWorking: ColorMatrix
    /// Its inverse.
    let workingFromCones: ColorMatrix
    /// CAT02 cones of light → its luminance.
    let luminanceFromCones: ColorTriple

    /// A wall of some primaries, peak in nits, nits of scene-linear 1.0, and its processor's curve.
    public init(
        primaries: Primaries, peakNits: Double, nitsPerUnit: Double, transfer: TransferFunction
    ) {
        let fullScale = transfer.fullScaleNits(peakNits: peakNits)
        wallFromWorking = ColorMatrix.rgb(from: .acesCG, to: primaries)
        fullScaleNits = fullScale
        luminance = ColorMatrix.xyzFromRGB(primaries).row1 * fullScale
        compression = GamutCompression(reaching: wallFromWorking, sums: true)
        scale = nitsPerUnit / fullScale
        clip = Swift.min(peakNits / fullScale, 1)
        let cones = ConeSpace.cat02.matrix
        let light =
            ColorMatrix.adaptation(from: Primaries.acesWhite, to: Primaries.d65)
            * ColorMatrix.xyzFromRGB(.acesCG)
        conesFromWorking = cones * light
        workingFromCones = conesFromWorking.inverse
        luminanceFromCones = cones.inverse.row1
        neutralCones = cones * WhiteBalance().chromaticity.xyz
    }

    /// Luminance of light in full scales of each channel, nits.
    /// - Frame path: yes
    public func nits(ofMean mean: SIMD3<Float>) -> Double {
        (luminance * ColorTriple(mean)).sum()
    }

    /// The white balance as a matrix in ACEScg; neutral is exactly the identity.
    ///
    /// CAT02 from 6500 K on the daylight locus to the asked white, on a D65 wall, or, as a camera's
    /// balance, from that white to 6500 K; the luminance of neutrals is kept.
    /// - Frame path: yes
    public func matrix(_ balance: WhiteBalance) -> ColorMatrix {
        if balance.isNeutral { return .identity }
        let cones = ConeSpace.cat02.matrix * balance.chromaticity.xyz
        var gains = balance.isCameraBalance ? neutralCones / cones : cones / neutralCones
        let white = conesFromWorking * ColorTriple(1, 1, 1)
        gains /= (luminanceFromCones * gains * white).sum()
        return workingFromCones * ColorMatrix(diagonal: gains) * conesFromWorking
    }

    /// The kernels' constants of a stack of grades under a blackout that leaves `light` (1 … 0).
    ///
    /// Matrices between two scopes with a CDL or a look are merged, and so is what a CDL on light
    /// has of them; with nothing else everything is in `out_matrix`. The clip goes down with the
    /// light, so that a picture at peak fades like any other. Measured: under 1 µs with three
    /// grades in use.
    /// - Frame path: yes
    public func constants(
        _ grades: GradeStack, limits: WallLimits = WallLimits(), light: Double = 1
    ) -> cyc_grade {
        var result = cyc_grade()
        var pending = ColorMatrix.identity
        var count = 0
        for i in 0..<3 {
            let grade = grades[i]
            if !grade.whiteBalance.isNeutral { pending = matrix(grade.whiteBalance) * pending }
            if grade.exposure != 0 { pending = pending * exp2(grade.exposure) }
            let cdl = grade.activeCorrection
            if cdl.isNeutral && !grade.hasLook { continue }
            let isMergeable = grade.isCorrectionOfLightAlone
            if isMergeable && cdl.isLinear {
                pending = cdl.saturationMatrix * ColorMatrix(diagonal: cdl.slope) * pending
                continue
            }
            var stage = cyc_grade_stage(matrix: pending, grade, cdl: cdl)
            if isMergeable { stage.saturation = 1 }
            if count == 0 {
                result.stages.0 = stage
            } else if count == 1 {
                result.stages.1 = stage
            } else {
                result.stages.2 = stage
            }
            count += 1
            pending = isMergeable ? cdl.saturationMatrix : .identity
        }
        result.stage_count = Int32(count)
        result.out_matrix = (wallFromWorking * pending * (scale * light)).floats
        finish(&result, limits, light)
        return result
    }

    /// The same of a stack that is baked into a table of this wall.
    /// - Frame path: yes
    public func constants(
        baked: LookReference, limits: WallLimits = WallLimits(), light: Double = 1
    ) -> cyc_grade {
        var result = cyc_grade()
        result.baked = baked.constants
        result.out_matrix = (ColorMatrix.identity * light).floats
        finish(&result, limits, light)
        return result
    }

    /// Gives a grade other limits; the light is at its fullest.
    /// - Frame path: yes
    public func limit(_ grade: inout cyc_grade, to limits: WallLimits) {
        finish(&grade, limits, 1)
    }

    private func finish(_ result: inout cyc_grade, _ limits: WallLimits, _ light: Double) {
        result.clip = Float(peak(limits) * light)
        result.limits = constants(limits, light: light)
    }

    /// One colour through the whole grade in doubles, nothing merged: scene-linear ACEScg → light
    /// in full scales, 0 … clip per channel.
    public func applied(
        _ grades: GradeStack, to color: ColorTriple, limits: WallLimits = WallLimits(),
        light: Double = 1
    ) -> ColorTriple {
        var v = limited(wallFromWorking * graded(grades, color) * scale, limits)
        let peak = peak(limits)
        for i in 0..<3 { v[i] = Swift.min(Swift.max(v[i], 0), peak) }
        return v * light
    }

    /// One colour through every scope in doubles: scene-linear ACEScg in and out.
    public func graded(_ grades: GradeStack, _ color: ColorTriple) -> ColorTriple {
        var v = color
        for i in 0..<3 {
            v = matrix(grades[i].whiteBalance) * (v * exp2(grades[i].exposure))
            v = grades[i].toned(v)
        }
        return v
    }
}

/// Nine floats as C sees them.
typealias MatrixFloats = (Float, Float, Float, Float, Float, Float, Float, Float, Float)

extension ColorTriple {
    /// As C sees them.
    /// - Frame path: yes
    var floats: (Float, Float, Float) { (Float(x), Float(y), Float(z)) }
}

extension ColorMatrix {
    /// Row major, as kernels are given them.
    /// - Frame path: yes
    var floats: MatrixFloats {
        (
            Float(row0.x), Float(row0.y), Float(row0.z), Float(row1.x), Float(row1.y),
            Float(row1.z), Float(row2.x), Float(row2.y), Float(row2.z)
        )
    }
}

extension cyc_grade_stage {
    /// One scope with a CDL or a look in use.
    /// - Frame path: yes
    init(matrix: ColorMatrix, _ grade: Grade, cdl: CDL) {
        self.init()
        self.matrix = matrix.floats
        if !cdl.isNeutral {
            has_cdl = 1
            in_codes = grade.isInCodes ? 1 : 0
            is_clamped = grade.isClamped ? 1 : 0
            is_inverse = grade.isInverted ? 1 : 0
            let way = grade.isInverted ? cdl.numbersBack : cdl
            slope = way.slope.floats
            offset = way.offset.floats
            power = way.power.floats
            saturation = Float(way.saturation)
        }
        if grade.hasLook {
            look = grade.look.constants
            strength = Float(grade.lookStrength)
        }
    }
}

extension Grade {
    /// After the white balance there is a CDL on light, done without a clamp, and no look.
    fileprivate var isCorrectionOfLightAlone: Bool {
        !isInCodes && !isClamped && !isInverted && !hasLook
    }

    /// What CDL, wheels and look make of light, in doubles.
    func toned(_ light: ColorTriple) -> ColorTriple {
        let cdl = activeCorrection
        func corrected(_ v: ColorTriple) -> ColorTriple {
            if cdl.isNeutral { return v }
            if isInverted { return cdl.inverted(v, isClamped: isClamped) }
            return isClamped ? cdl.appliedClamped(to: v) : cdl.applied(to: v)
        }
        if !isInCodes && !hasLook { return corrected(light) }
        var codes = ACEScct.codes(light: isInCodes ? light : corrected(light))
        if isInCodes { codes = corrected(codes) }
        if hasLook {
            codes += lookStrength * (Reference.looked(look.constants, codes) - codes)
        }
        return ACEScct.lights(code: codes)
    }
}
