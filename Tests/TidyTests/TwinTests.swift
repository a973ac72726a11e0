import Testing

/// The judge shares no code with what it judges: it may read stored values of the model rooms but
/// call none of their functions, and never touch the rooms that make the picture.
@Suite struct `The twin shares nothing with what it judges` {
    static let banned = [
        // Geometry: projection, lens and pose functions.
        "Matrix3(", ".panTiltRoll", ".transposed", "Pose(", ".inverse", "Similarity(", "Outline",
        ".undistorted(", ".distorted(", ".project(", ".ray(", ".sensorFromPupil", ".cross(",
        ".dot(", ".normalized", ".blended(", "StraightPicture", "LensStops", ".lens(zoom",
        // StageModel: the facet map the renderer draws by.
        ".facets", "Facet", ".stagePoint(", ".canvasPixel(", "WallShape", "CanvasBlock",
        // Color: matrices, adaptation and transfer functions.
        "ColorMatrix", "WhiteBalance", "CurveTable", "PQ.", "GradeStack", "cyc_curve",
        "cyc_grade", "adaptation(", "deltaEITP(",
        // Tracking and Timing: decoding, prediction and the grid.
        "Timeline", "FreeD.", "FrameGrid", "ClockSample",
        // FrameModel: plans and live state belong to the judged.
        "FramePlan", "LiveState", "PreparedScene",
    ]

    @Test func `StageTwin names none of the functions it judges`() {
        let files = Tree.swiftFiles(below: "Sources/StageTwin")
        #expect(!files.isEmpty)
        for file in files {
            for (number, text) in file.code {
                for name in Self.banned {
                    #expect(!text.contains(name), "\(file.path):\(number): \(name) is banned here")
                }
            }
        }
    }
}
