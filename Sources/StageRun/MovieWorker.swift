import Foundation
import FrameLoop
import FrameModel
import Media
import Platform
import Scenes
import Timing

/// The process that decodes one movie of a running stage (`cyclorama movie-worker`): what breaks in
/// a codec, or hangs there, is that movie's next pictures.
package enum MovieWorker {
    /// Its exit code when it said what is wrong with the movie.
    package static let refusal: Int32 = 65
    /// Memory it may take besides the ring, bytes: a decoder's pictures in 4K and their light.
    private static let memoryMax = 1 << 30
    /// From one look at what is asked for to the next, nanoseconds.
    private static let pause: Int64 = 2_000_000

    /// Decodes until it is stopped; returns the exit code where it cannot.
    /// - Parameter scene: the folder or scene file; which of its movies, the memory says.
    package static func work(_ scene: String) -> Int32 {
        Threads.stopWithParent()
        ChildProcess.goFirst()
        guard let memory = MovieMemory(inherited: ChildProcess.inherited) else {
            tell("\(scene): there is no memory to decode into", to: .standardOutput)
            return refusal
        }
        ChildProcess.limitMemory(to: ChildProcess.addressSpace + memoryMax)
        let (ring, movie, period) = (memory.ring, memory.movie, memory.period)
        do {
            let bake = try MoviePictureBake(of: scene, movie)
            let feeder = MovieFeeder(ring, movie, bake, period: period)
            ring.takeOver()
            while true {
                ring.tick()
                let begun = Clocks.now()
                if try feeder.step() {
                    let frames = Double(Clocks.now() - begun) * 1e-9 / period
                    feeder.lag = Int64(min(1000, frames.rounded(.up)))
                } else {
                    Clocks.sleep(until: Clocks.now() + pause)
                }
            }
        } catch {
            tell("\(error)", to: .standardOutput)
            return refusal
        }
    }
}
