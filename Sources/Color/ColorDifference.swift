extension ColorMatrix {
    /// Linear BT.2020 → LMS (ITU-R BT.2100, table 7).
    static var lmsFromRec2020: ColorMatrix {
        ColorMatrix(
            rows: ColorTriple(1688, 2146, 262), ColorTriple(683, 2951, 462),
            ColorTriple(99, 309, 3688)) * (1 / 4096)
    }

    /// PQ L′M′S′ → ICtCp (ITU-R BT.2100, table 7).
    static var ictcpFromLMS: ColorMatrix {
        ColorMatrix(
            rows: ColorTriple(2048, 2048, 0), ColorTriple(6610, -13613, 7003),
            ColorTriple(17933, -17390, -543)) * (1 / 4096)
    }
}

/// ICtCp of linear BT.2020 light in nits (ITU-R BT.2100, table 7, PQ).
public func ictcp(rec2020Nits: ColorTriple) -> ColorTriple {
    let lms = ColorMatrix.lmsFromRec2020 * rec2020Nits
    let signal = ColorTriple(
        TransferFunction.pq.signal(light: lms.x / 10_000),
        TransferFunction.pq.signal(light: lms.y / 10_000),
        TransferFunction.pq.signal(light: lms.z / 10_000))
    return ColorMatrix.ictcpFromLMS * signal
}

/// ΔE_ITP of two lights in linear BT.2020 nits; 1 is just noticeable to the most critical eye.
///
/// ITU-R BT.2124, annex 1.
public func deltaEITP(_ a: ColorTriple, _ b: ColorTriple) -> Double {
    let d = ictcp(rec2020Nits: a) - ictcp(rec2020Nits: b)
    return 720 * (d.x * d.x + 0.25 * d.y * d.y + d.z * d.z).squareRoot()
}
