import FrameModel

extension ParameterTree {
    /// How the movies of the scene on the wall play: by their numbers, the dome's first, then the
    /// cards' in their order.
    static func movies() -> [Parameter] {
        (0..<SceneLimits.movies).flatMap { movie -> [Parameter] in
            func place(_ field: MovieField) -> Int { LiveLayout.movie(movie) + field.rawValue }
            let path = "movie/\(movie + 1)"
            return [
                toggle(
                    "\(path)/playing", place(.isPlaying),
                    help: "It plays; off: it stands at its picture."),
                live(
                    "\(path)/speed", [place(.speed)], -8...8,
                    help: "How fast it plays: 1 as it was made, less than 0 backwards; a scene "
                        + "begins with its file's. Changes at once."),
                live(
                    "\(path)/position", [place(.position)], unit: "s", 0...36_000,
                    help: "Goes to a place, from its start; reads where it was last set to, "
                        + "status/movie/\(movie + 1)/position where it is."),
                toggle(
                    "\(path)/blend", place(.blends),
                    help: "Pictures are blended where a frame of the wall falls between two; off: "
                        + "each stays until the next is due."),
            ]
        }
    }

    /// Movies do not fade: what they do follows from where they were when it was asked.
    static func isMovie(_ path: String) -> Bool { path.hasPrefix("movie/") }

    static func status(_ field: MovieStatusField, movie: Int) -> Parameter {
        Parameter(
            path: "status/movie/\(movie + 1)/\(field.name)",
            kind: field == .position ? .float : .integer, unit: field == .position ? "s" : "",
            range: -Double.infinity...Double.infinity, defaults: [0], help: field.help,
            place: .movieStatus(field, movie: movie))
    }
}

/// A number the running stage tells of each movie of the scene on the wall.
public enum MovieStatusField: Int, CaseIterable, Sendable {
    /// The picture it shows, from 0.
    case picture = 0
    /// Where that is, seconds from its start.
    case position
    /// Frames that had to do without the picture they asked for.
    case late
    /// Times its decoder had to be started again.
    case restarts

    var name: String { "\(self)" }

    var help: String {
        switch self {
        case .picture: "The picture it shows, from 0."
        case .position: "Where that picture is, from the movie's start."
        case .late:
            "Frames whose picture was not decoded in time and that held an older one, since the "
                + "scene was loaded."
        case .restarts: "Times its decoder hung or died and was started again."
        }
    }
}

extension ShowDocument {
    /// Begins the movies of a scene that is put on the wall; those of the one before go with it.
    mutating func beginMovies(_ speeds: [Double], atFrame frame: Int64, leaves: Bool) {
        if leaves { live.leavingMovies = live.movies }
        for movie in 0..<SceneLimits.movies {
            live.movies[movie] = MovieTransport(since: frame)
            if movie < speeds.count { live.movies[movie].speed = speeds[movie] }
        }
        tellMovies()
    }

    /// A crossfade is turned back: the movies are again those of the scene it came from.
    mutating func swapMovies() {
        (live.movies, live.leavingMovies) = (live.leavingMovies, live.movies)
        tellMovies()
    }

    /// Writes down what the movies do where an operator reads it.
    private mutating func tellMovies() {
        for movie in 0..<SceneLimits.movies {
            let (base, transport) = (LiveLayout.movie(movie), live.movies[movie])
            live.values[base + MovieField.isPlaying.rawValue] = FadedValue(
                transport.isPlaying ? 1 : 0)
            live.values[base + MovieField.speed.rawValue] = FadedValue(transport.speed)
            live.values[base + MovieField.position.rawValue] = FadedValue(transport.seconds)
            live.values[base + MovieField.blends.rawValue] = FadedValue(transport.blends ? 1 : 0)
        }
    }

    /// Makes the movies do what their values ask for from a frame on: each goes on from where it
    /// is then, or from where it was sent to.
    /// - Parameter places: places of `live.values` that have been set.
    mutating func followMovies(_ places: [Int], atFrame frame: Int64) {
        for movie in 0..<SceneLimits.movies {
            let base = LiveLayout.movie(movie)
            func isSet(_ field: MovieField) -> Bool { places.contains(base + field.rawValue) }
            guard MovieField.allCases.contains(where: isSet) else { continue }
            func value(_ field: MovieField) -> Double { live.values[base + field.rawValue].to }
            var transport = live.movies[movie]
            transport.seconds += transport.rate * Double(frame - transport.frame) * period
            transport.frame = frame
            if isSet(.position) { transport.seconds = value(.position) }
            transport.speed = value(.speed)
            transport.isPlaying = value(.isPlaying) > 0.5
            transport.blends = value(.blends) > 0.5
            live.movies[movie] = transport
        }
    }
}

extension ShowDocument {
    /// Lines of the saved form of movies that do anything but play on from where they began:
    /// `movie shown|leaving N FRAME SECONDS SPEED PLAYING BLENDS`.
    var movieLines: String {
        func lines(
            _ word: String, _ movies: InlineArray<4, MovieTransport>, _ scene: SceneInUse
        ) -> String {
            (0..<SceneLimits.movies).map { index in
                let movie = movies[index]
                guard movie != MovieTransport(since: scene.startFrame) else { return "" }
                return "movie \(word) \(index) \(movie.frame) \(movie.seconds) \(movie.speed) "
                    + "\(movie.isPlaying ? 1 : 0) \(movie.blends ? 1 : 0)\n"
            }.joined()
        }
        return lines("shown", live.movies, live.scene)
            + (live.leaving.slot < 0 ? "" : lines("leaving", live.leavingMovies, live.leaving))
    }

    /// Puts a line about a movie back as it was saved; false when it is none.
    mutating func restoreMovie(_ words: [String]) -> Bool {
        guard words.count == 8, words[0] == "movie", ["shown", "leaving"].contains(words[1]),
            let index = Int(words[2]), 0..<SceneLimits.movies ~= index,
            let frame = Int64(words[3]), 0...(Int64.max / 2) ~= frame,
            let seconds = Double(words[4]), seconds.magnitude < 1e12, let speed = Double(words[5]),
            -8...8 ~= speed, ["0", "1"].contains(words[6]), ["0", "1"].contains(words[7])
        else { return false }
        var movie = MovieTransport(since: frame)
        (movie.seconds, movie.speed) = (seconds, speed)
        (movie.isPlaying, movie.blends) = (words[6] == "1", words[7] == "1")
        if words[1] == "shown" {
            live.movies[index] = movie
        } else {
            live.leavingMovies[index] = movie
        }
        return true
    }
}
