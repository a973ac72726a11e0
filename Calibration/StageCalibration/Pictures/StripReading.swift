public import FrameModel

/// What the strips beside patches or dots say in one picture.
public struct StripReading: Sendable {
    /// The lower bits of the frame's number and how much of the next is in the exposure; nil where
    /// no strip tells it.
    public var frame: (number: Int, share: Double)?
    /// The pattern's step; nil where no strip tells it, or two steps are in one exposure.
    public var step: Int?
    /// Two steps are in one exposure.
    public var isMixed = false
    /// Every strip that was read, by its place.
    public var sightings: [StripSighting]

    /// Of an exposure so much may be of another step.
    private static let shareMax = 0.1

    /// Reads a picture.
    ///
    /// - Parameters:
    ///   - picture: as the camera took it.
    ///   - grid: the strips of the stage.
    ///   - isSparse: only some of them stand, as beside dots.
    public init(_ picture: GrayPicture, of grid: FrameStripGrid, isSparse: Bool) {
        let all = StripReader.sightings(in: picture, of: grid.count).filter {
            !isSparse || grid.standsAmongDots($0.strip)
        }
        sightings = all
        func told(step: Bool) -> (number: Int, share: Double)? {
            let times = all.filter { SparseStrips.tellsStep($0.strip) == step }.map {
                ($0.number, $0.share)
            }
            return times.isEmpty ? nil : StripSighting.median(times)
        }
        frame = told(step: false)
        if let told = told(step: true) {
            isMixed = abs(told.share) > Self.shareMax
            step = isMixed ? nil : told.number
        }
    }
}
