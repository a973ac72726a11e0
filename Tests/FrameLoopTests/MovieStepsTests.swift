import FrameModel
import Testing

@Suite struct `How a movie's pictures fall on frames` {
    private func line(
        _ pictures: Int64, _ frames: Double, per denominator: Int64 = 1, speed: Double = 1
    ) -> String? {
        let lines = MovieSteps(rate: (pictures, denominator), speed: speed, isUneven: false)
            .lines(frames: frames)
        #expect(lines.count <= 1)
        return lines.first
    }

    @Test func `is told where a frame has not a picture of its own`() throws {
        #expect(line(24, 24) == nil && line(24000, 24000 / 1001.0, per: 1001) == nil)
        #expect(line(12, 24, speed: 2) == nil)
        #expect(try #require(line(30, 60)).contains("each picture stands for 2 frames"))
        #expect(try #require(line(50, 25)).contains("one picture in 2 is shown"))
        #expect(try #require(line(24, 60)).contains("for 2 or 3 frames in turn"))
        // 24 pictures in the time of 24/1.001 frames: one too many in 41.7 s.
        let slow = try #require(line(24, 24000 / 1001.0))
        #expect(slow.contains("every 41.708 s a picture stands for no frame"), "\(slow)")
        let fast = try #require(line(24000, 24, per: 1001))
        #expect(fast.contains("every 41.708 s a picture stands for one more frame"), "\(fast)")
        #expect(try #require(line(30, 24)).contains("20 % of its pictures are left out"))
    }

    @Test(arguments: [1e-300, 1e-20, -1e-20, 8, 1e300, .infinity])
    func `is told at every speed, however small or large`(speed: Double) {
        #expect(line(24, 60, speed: speed) != nil)
    }

    @Test func `is told of an uneven movie on any stage`() {
        let steps = MovieSteps(rate: (30, 1), speed: 1, isUneven: true)
        #expect(steps.lines(frames: nil).count == 1 && steps.lines(frames: 30).count == 1)
        #expect(steps.lines(frames: nil)[0].contains("variable rate"))
        #expect(steps.lines(frames: 24).count == 2)
    }
}
