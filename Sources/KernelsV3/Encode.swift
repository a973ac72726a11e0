import CLanes

/// Wall light of one channel to code values; reference: `Reference.code`.
/// - Frame path: yes
func encode(
    _ curve: UnsafePointer<cyc_curve>, _ dither: cyc_dither, _ region: cyc_region,
    _ light: UnsafePointer<Float>, _ lightStride: Int32, _ codes: UnsafeMutablePointer<UInt16>,
    _ codeStride: Int32, _ fetch: cyc_fetch
) {
    var ready = cyc_ready(curve)
    var row: Int32 = 0
    while row < region.height {
        var column: Int32 = 0
        let start = Int(row) &* Int(lightStride)
        let target = Int(row) &* Int(codeStride)
        let thresholds = dither.thresholds + Int((dither.row &+ row) & 63) &* 80
        var line = fetch.at.map { $0 + Int(row) &* Int(fetch.row_octets) }
        while column &+ 32 <= region.width {
            if let here = line {
                cyc_fetch_line(here)
                line = here + Int(fetch.step_octets)
            }
            let place = Int((dither.column &+ column) & 63)
            let next = Int((dither.column &+ column &+ 16) & 63)
            cyc_encode_two_steps(
                &ready, thresholds + place, thresholds + next, light + (start &+ Int(column)),
                codes + (target &+ Int(column)))
            column &+= 32
        }
        while column < region.width {
            cyc_encode_step(
                &ready, thresholds + Int((dither.column &+ column) & 63),
                light + (start &+ Int(column)), codes + (target &+ Int(column)),
                region.width &- column)
            column &+= 16
        }
        row &+= 1
    }
}
