import Foundation
import StageConfig
import StageModel
import StageRun
import Testing

/// The number operators go by, held against photographs of the same frames.
@Suite(.serialized) struct `Registration, live and photographed` {
    private func comparison(
        lead: Double, hiddenLatency: Double = 0
    ) throws -> RegistrationComparison {
        let demo = URL(fileURLWithPath: #filePath)
            .appending(path: "../../../stage-configs/demo/stage.yaml").standardizedFileURL
        var options = TwinRun.Options()
        options.move = .handheld
        options.moments = 8
        options.lead = lead
        options.hiddenLatency = hiddenLatency
        return try TwinRun(stage: try StageConfig.load(demo.path).get(), options: options)
            .compareRegistration()
    }

    @Test(arguments: [1.0, 3, 6])
    func `on a shoulder the live number is what photographs show`(
        _ frames: Double
    ) throws {
        let found = try comparison(lead: frames / 60)
        print("live against photographed, \(frames) frames ahead:", found.text)
        #expect(found.unseen == 0 && found.moments.count == 8)
        // Six frames are twice what a stage foresees: there an edge is no straight line any more.
        let bar = frames < 6 ? 0.2 : 0.05 * found.largestLive
        #expect(found.largestDifference <= bar, "\(found.text)")
        if frames == 6 { #expect(found.largestLive > 1, "there was something to see") }
    }

    @Test func `a delay wrong by a frame is plain in the photographs`() throws {
        let right = try comparison(lead: 3.0 / 60)
        let wrong = try comparison(lead: 3.0 / 60, hiddenLatency: 1.0 / 60)
        #expect(wrong.largestPhotographed > right.largestPhotographed + 0.5, "\(wrong.text)")
        #expect(wrong.largestDifference > 0.5, "\(wrong.text)")
    }
}
