import Control
package import Timing

/// One thing that happened on a running stage, or several of a kind put together.
package struct StageEvent: Sendable, Equatable {
    /// What it is about; the word a line of the log has.
    package enum Kind: String, CaseIterable, Sendable {
        /// The stage itself was started, started again, stopped.
        case stage
        /// A scene is shown.
        case scene
        /// A take began, ended, broke off.
        case take
        /// An operator changed something.
        case edit
        /// The wall went black, or shows its picture again.
        case blackout
        /// A tracking source was heard, fell silent, came back.
        case tracker
        /// Tracking packets were dropped.
        case packets
        /// Frames were handed over after their instant.
        case late
        /// Grid instants got no frame of their own.
        case skipped
        /// Outputs had no free canvas for a frame.
        case dropped
        /// A movie's picture was not there in time.
        case movie
        /// The quality stepped down or up, or somebody holds it.
        case quality
        /// The machine's clock was set, or a tracker's own.
        case clock
    }

    /// How several are told as one.
    package enum Several: Sendable, Equatable {
        /// How many of what: `12 frames late by the machine in 0.4 s`.
        case counted(String)
        /// The newest, and how many of what: `all/exposure -1 stops – 12 edits in 0.4 s`.
        case newest(String)
    }

    /// Index on the grid of the frame it happened at, or shows with.
    package var frame: Int64
    /// That frame's time of day, UTC.
    package var timecode: Timecode
    /// When, host clock.
    package var time: HostTime
    /// What it is about.
    package var kind: Kind
    /// Whom or what of that kind: a source, a parameter's path; what is put together has the same.
    package var subject: String
    /// What happened, one line.
    package var text: String
    /// How several are told as one.
    package var several: Several
    /// How many it stands for.
    package var count: Int

    /// One event, or several told as one.
    package init(
        frame: Int64, timecode: Timecode, time: HostTime, kind: Kind, subject: String, text: String,
        several: Several, count: Int = 1
    ) {
        self.frame = frame
        self.timecode = timecode
        self.time = time
        self.kind = kind
        self.subject = subject
        self.text = text
        self.several = several
        self.count = count
    }

    /// One line: `TIMECODE frame N  KIND  text`.
    package var line: String {
        // A name from a stage file may hold anything.
        "\(timecode) frame \(frame)  \(kind.rawValue)  \(oneLine(text))"
    }
}
