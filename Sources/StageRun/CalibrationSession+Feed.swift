import Foundation
import StageCalibration

/// What the session records itself, where it has the camera's feed.
extension CalibrationSession {
    /// What the session records itself; nil: the person has the camera record, or did before.
    var feed: CameraFeed? { desk.request == nil ? nil : desk.feed }

    /// Recordings of the step that is under way, until they are kept.
    var recordings: String { "\(folder)/recordings" }

    /// Shows something while the feed, if there is one, is recorded: a movie more in the folder of
    /// that name among the recordings.
    ///
    /// Returns the movie, if there is one.
    @discardableResult
    func film(_ name: String, _ show: () throws -> Void) throws -> String? {
        guard let feed else {
            try show()
            return nil
        }
        let place = "\(recordings)/\(name)"
        try makeFolder(place)
        let count = (try FileManager.default.contentsOfDirectory(atPath: place)).count
        let movie = "\(place)/\(100 + count).mkv"
        let complaint: String?
        do { complaint = try feed.record(to: movie, show) } catch {
            // Part of a recording is none.
            try? FileManager.default.removeItem(atPath: movie)
            throw error
        }
        if let complaint {
            desk.say("  the feed came with faults, pictures of it may be left out: \(complaint)")
        }
        return movie
    }

    /// Shows patches once the camera is set, and records.
    func filmPatches(_ name: String, _ show: () throws -> Void) throws {
        _ = try answer(feed == nil ? "Camera set and recording? Enter" : "Camera set? Enter")
        try film(name, show)
    }

    /// Takes what was recorded under a name apart into pictures, and keeps both.
    func keepApart(
        _ entry: inout SessionRecord.Entry, _ name: String, as pictures: String
    ) throws -> SessionRecord.Capture {
        let place = "\(recordings)/\(name)"
        for movie in try FileManager.default.contentsOfDirectory(atPath: place) {
            try CameraFeed.takeApart("\(place)/\(movie)", into: "\(recordings)/\(pictures)")
        }
        // What is read from here on are the pictures; the feed itself may go when room is needed.
        let raw = try SessionRecord.keep(place, as: "\(name)-feed", in: folder)
        entry.settings[raw.path] = raw.sha256
        return try SessionRecord.keep("\(recordings)/\(pictures)", as: pictures, in: folder)
    }
}
