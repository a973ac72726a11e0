import Dispatch
import Foundation
import FrameModel
import Media
import StageCalibration

/// A folder of pictures a camera recorded of the wall's frame strips, each read.
struct StripPictures {
    /// What one picture shows.
    struct Picture: Sendable {
        var width: Int
        var height: Int
        /// The lower bits of the wall frame's number, and how much later the exposure's middle is.
        var number: Int
        var share: Double
        var sightings: [StripSighting]
    }

    /// Pictures of a folder: five minutes of 60 a second; a pan takes ten seconds.
    static let picturesMax = 18_000

    /// Those with strips, in the order of their names.
    let pictures: [Picture]
    /// Pictures without a strip that can be read.
    let withoutStrips: Int
    /// Complaints about files that are no pictures.
    let complaints: [String]

    /// Reads every picture of a folder.
    ///
    /// Throws one sentence when there is none to be read; `count` is the stage's strips.
    init(folder: String, of count: Int) throws {
        let names: [String]
        do {
            names = try FileManager.default.contentsOfDirectory(atPath: folder)
                .filter { !$0.hasPrefix(".") }.sorted()
        } catch {
            throw RunError("\(folder): cannot be read – give the folder of the recorded pictures")
        }
        guard !names.isEmpty else {
            throw RunError(
                "\(folder): is empty – give the folder of the recorded pictures, one file each "
                    + "(ffmpeg -i CLIP \(folder)/%05d.png makes them of a clip)")
        }
        guard names.count <= Self.picturesMax else {
            throw RunError(
                "\(folder): \(names.count) files, more than \(Self.picturesMax) – ten seconds of a "
                    + "pan are enough")
        }
        let results = Self.read(names.map { "\(folder)/\($0)" }, count)
        pictures = results.compactMap { try? $0.get() }.compactMap { $0 }
        complaints = results.compactMap { result in
            if case .failure(let error) = result { return "\(error)" }
            return nil
        }
        withoutStrips = results.count - pictures.count - complaints.count
        guard let first = complaints.first, complaints.count == results.count else { return }
        throw RunError(first)
    }

    /// Each picture; nil where it shows no strip.
    private static func read(_ paths: [String], _ count: Int) -> [Result<Picture?, any Error>] {
        var results = [Result<Picture?, any Error>](repeating: .success(nil), count: paths.count)
        results.withUnsafeMutableBufferPointer { buffer in
            // Holds because each picture writes only its own place, and the call returns last.
            nonisolated(unsafe) let all = buffer
            DispatchQueue.concurrentPerform(iterations: paths.count) { index in
                all[index] = Result { try picture(paths[index], count) }
            }
        }
        return results
    }

    private static func picture(_ path: String, _ count: Int) throws -> Picture? {
        let gray = GrayPicture(try PictureFile.read(path))
        let sightings = StripReader.sightings(in: gray, of: count)
        guard !sightings.isEmpty else { return nil }
        // What most strips say; one read wrongly is in the minority.
        let (number, share) = StripSighting.median(sightings.map { ($0.number, $0.share) })
        return Picture(
            width: gray.width, height: gray.height, number: number, share: share,
            sightings: sightings.filter {
                let off = Double(FrameStrip.frames(from: number, to: $0.number)) + $0.share - share
                return abs(off) < 0.5
            })
    }
}
