/// A number the running stage tells its operators.
public enum StatusField: Int, CaseIterable, Sendable {
    /// Index of the last frame on the grid.
    case frame = 0
    /// Frames handed over in the last second.
    case framesPerSecond
    /// Frames made since the start.
    case framesMade
    /// Frames handed over after their grid instant.
    case framesLate
    /// Of those, late by our own work.
    case framesLateByUs
    /// Frames that held the last picture because there was no free canvas.
    case framesDropped
    /// Times the machine's clock was set while the stage ran.
    case clockSteps
    /// Mesh triangles the last frame had no room for.
    case trianglesLeftOut
    /// How finely the last frame was drawn: index of its quality step.
    case qualityStep
    /// Times the quality step changed.
    case qualityChanges
    /// Age of the first camera's pose at the time of the light, seconds.
    case trackingAge
    /// Cameras whose tracker has gone stale or is lost.
    case trackersLost
    /// Tracking packets used.
    case packetsUsed
    /// Tracking packets refused.
    case packetsRefused
    /// Tracking packets that came faster than they could be taken.
    case packetsDropped
    /// Tick to hand-over, 99 % of frames within, seconds.
    case frameTime
    /// Revision of the live state on the wall.
    case revisionShown
    /// Times the stage was started again after a fault.
    case restarts
    /// Number of the take being recorded.
    case takeNumber
    /// Frames written down of the take being recorded, or of the last one.
    case takeFrames
    /// Takes that could not be written down to their end.
    case takesBroken
    /// Lines of the event log since the start.
    case events
    /// Slot of the scene on the wall, from 1; 0: none.
    case sceneSlot
    /// Scenes that are ready, the one on the wall included.
    case scenesReady
    /// Memory of all scenes, those on their way included, megabytes.
    case scenesMemory
    /// Scenes that could not be loaded.
    case scenesFailed
    /// Stacks of grades that are drawn by tables.
    case stacksBaked
    /// Costly stacks of grades that are drawn exactly.
    case stacksExact

    var name: String {
        switch self {
        case .frame: "frame"
        case .framesPerSecond: "frames-per-second"
        case .framesMade: "frames-made"
        case .framesLate: "frames-late"
        case .framesLateByUs: "frames-late-by-us"
        case .framesDropped: "frames-dropped"
        case .clockSteps: "clock-steps"
        case .trianglesLeftOut: "triangles-left-out"
        case .qualityStep: "quality-step"
        case .qualityChanges: "quality-changes"
        case .trackingAge: "tracking-age"
        case .trackersLost: "trackers-lost"
        case .packetsUsed: "packets-used"
        case .packetsRefused: "packets-refused"
        case .packetsDropped: "packets-dropped"
        case .frameTime: "frame-time"
        case .revisionShown: "revision-shown"
        case .restarts: "restarts"
        case .takeNumber: "take"
        case .takeFrames: "take-frames"
        case .takesBroken: "takes-broken"
        case .events: "events"
        case .sceneSlot: "scene-slot"
        case .scenesReady: "scenes-ready"
        case .scenesMemory: "scenes-memory"
        case .scenesFailed: "scenes-failed"
        case .stacksBaked: "grades-baked"
        case .stacksExact: "grades-exact"
        }
    }

    var unit: String {
        switch self {
        case .framesPerSecond: "Hz"
        case .trackingAge, .frameTime: "s"
        case .scenesMemory: "MB"
        default: ""
        }
    }

    var isInteger: Bool { unit.isEmpty }

    var help: String {
        switch self {
        case .frame: "Index of the last frame on the TAI grid."
        case .framesPerSecond: "Frames handed over in the last second."
        case .framesMade: "Frames made since the start."
        case .framesLate: "Frames handed over after their grid instant."
        case .framesLateByUs: "Late frames that were late by our own work."
        case .framesDropped: "Frames an output had no free canvas for."
        case .clockSteps: "Times the machine's clock was set; the wall goes on."
        case .trianglesLeftOut:
            "At least so many mesh triangles found no room last frame: simplify the set."
        case .qualityStep:
            "How finely the last frame was drawn: 0 is full, each more takes something away "
                + "(help quality/mode)."
        case .qualityChanges: "Times the quality stepped down or up since the start."
        case .trackingAge: "How old the first camera's pose is when its light leaves the wall."
        case .trackersLost: "Cameras whose tracker is stale or lost."
        case .packetsUsed: "Tracking packets used."
        case .packetsRefused: "Tracking packets refused: wrong checksum, foreign, absurd."
        case .packetsDropped: "Tracking packets lost here: more came than could be taken at once."
        case .frameTime: "Tick to hand-over; 99 % of the frames took at most this."
        case .revisionShown: "Revision (the r of an answer) that is on the wall."
        case .restarts: "Times the stage was started again after a fault."
        case .takeNumber: "Number of the take being recorded; 0: none is."
        case .takeFrames: "Frames written down of the take being recorded, or of the last one."
        case .takesBroken: "Takes that could not be written down to their end."
        case .stacksBaked:
            "Stacks of grades that are drawn by a table, at less than the cost of a look."
        case .stacksExact:
            "Costly stacks of grades drawn exactly: just edited, no table comes within half a code "
                + "of them, or sixteen others are drawn by tables."
        case .events: "Lines of the event log since the start; the request `events` tells them."
        case .sceneSlot:
            "Slot of the scene on the wall, or of the one a crossfade goes to; `scene list`."
        case .scenesReady: "Scenes that are ready, the one on the wall included."
        case .scenesMemory:
            "Memory of all scenes, in 1,000,000 bytes; at most sceneMemoryMegabytes."
        case .scenesFailed: "Scenes that could not be loaded since the start; the events say why."
        }
    }
}

/// A number the running stage tells of each camera.
public enum CameraStatusField: Int, CaseIterable, Sendable {
    /// Registration error far away, 99 % of frames within, camera pixels.
    case horizon = 0
    /// Registration error on the wall, 99 % of frames within, camera pixels.
    case wall
    /// The focal length it is drawn with, mm.
    case focalLength
    /// Who says what its lens does.
    case lensOrigin
    /// The overscan it is drawn with, per cent.
    case overscan

    var name: String {
        switch self {
        case .horizon: "registration-horizon"
        case .wall: "registration-wall"
        case .focalLength: "focal-length"
        case .lensOrigin: "lens-origin"
        case .overscan: "overscan"
        }
    }

    var unit: String {
        switch self {
        case .horizon, .wall: "px"
        case .focalLength: "mm"
        case .lensOrigin: ""
        case .overscan: "%"
        }
    }

    var help: String {
        switch self {
        case .horizon:
            "How far its picture lay from where it looked, by what its tracker said since: camera "
                + "pixels at the worst corner, far away; 99 % of the last second within."
        case .wall:
            "How far its picture lay from where it looked, by what its tracker said since: camera "
                + "pixels at the worst corner, on the wall; 99 % of the last second within."
        case .focalLength: "The focal length its inner frustum is drawn with."
        case .overscan: "The overscan its inner frustum is drawn with, fixed or sized by itself."
        case .lensOrigin:
            "Who says what its lens does: 0 the stage file, 1 a measured lens, 2 its tracker."
        }
    }
}

/// A number the running stage tells of each tracking source.
public enum SourceStatusField: Int, CaseIterable, Sendable {
    /// The delay has changed by more than a quarter of a frame.
    case delayAlarm = 0
    /// The delay now less what it was, seconds.
    case delayChange
    /// Time since the newest change, seconds.
    case delayChangeAge
    /// Changes, there and back.
    case delayChanges
    /// 0 never heard, 1 live, 2 held, 3 stale, 4 lost.
    case state
    /// Its packets a second.
    case rate
    /// That is another rate than the stage file's.
    case rateAlarm
    /// Mean magnitude of how early or late its packets come, seconds.
    case jitter
    /// How far the newest pose is carried on to the light of the frame, seconds.
    case age
    /// Packets used.
    case used
    /// Packets missing by the source's rhythm or numbers.
    case missing
    /// Packets refused.
    case refused
    /// Its stamps are not of the clock the stage file says.
    case clockAlarm
    /// Our clock less its own, seconds.
    case clockOffset

    var name: String {
        switch self {
        case .delayAlarm: "delay-alarm"
        case .delayChange: "delay-change"
        case .delayChangeAge: "delay-change-age"
        case .delayChanges: "delay-changes"
        case .state: "state"
        case .rate: "rate"
        case .rateAlarm: "rate-alarm"
        case .jitter: "jitter"
        case .age: "age"
        case .used: "packets-used"
        case .missing: "packets-missing"
        case .refused: "packets-refused"
        case .clockAlarm: "clock-alarm"
        case .clockOffset: "clock-offset"
        }
    }

    var kind: ParameterKind {
        switch self {
        case .delayAlarm, .rateAlarm, .clockAlarm: .boolean
        case .delayChange, .delayChangeAge, .rate, .jitter, .age, .clockOffset: .float
        case .delayChanges, .state, .used, .missing, .refused: .integer
        }
    }

    var unit: String {
        switch self {
        case .delayChange, .delayChangeAge, .jitter, .age, .clockOffset: "s"
        case .rate: "Hz"
        default: ""
        }
    }

    var help: String {
        switch self {
        case .delayAlarm:
            "Its delay differs by more than a quarter of a frame from what it was; off when it "
                + "comes back, when the source is lost, or with the next start."
        case .delayChange:
            "Its delay now less what it was when it was first heard, or last lost; + is later."
        case .delayChangeAge: "Time since its delay last changed; 0: it never has."
        case .delayChanges: "Times its delay changed, there and back."
        case .state:
            "0 never heard, 1 live, 2 held over a gap, 3 stale, 4 lost: stands still."
        case .rate: "Its packets a second, as they come."
        case .rateAlarm: "They are not as many as its packetsPerSecond in the stage file says."
        case .jitter: "How early or late its packets come beside an even rhythm, in the mean."
        case .age: "How far ahead of its newest sample the camera is foreseen."
        case .used: "Its packets used."
        case .missing: "Its packets that never came, by its rhythm or its numbers."
        case .refused: "Its packets refused: wrong checksum, foreign, double, absurd."
        case .clockAlarm: "Its stamps are not of the PTP time the stage file says they are."
        case .clockOffset: "This machine's monotonic clock less its own; 0 where it has none."
        }
    }
}

/// A number the running stage tells of each slot for scenes.
public enum SceneStatusField: Int, CaseIterable, Sendable {
    /// 0 empty, 1 loading, 2 ready, 3 on the wall, 4 leaving the wall, 5 being given back.
    case state = 0
    /// Its memory, megabytes.
    case memory

    var name: String {
        switch self {
        case .state: "state"
        case .memory: "memory"
        }
    }

    var unit: String {
        switch self {
        case .state: ""
        case .memory: "MB"
        }
    }

    var help: String {
        switch self {
        case .state:
            "0 empty, 1 loading, 2 ready, 3 on the wall, 4 leaving the wall, 5 being given back; "
                + "`scene list` says which scene it is."
        case .memory: "Memory of the scene in it, in 1,000,000 bytes."
        }
    }
}

/// A number the running stage tells of each wall.
public enum WallStatusField: Int, CaseIterable, Sendable {
    /// Luminance of the last frame in the mean, nits; 0 while no limiter asks.
    case average = 0
    /// Light its limiters leave, per cent.
    case limiter

    var name: String { self == .average ? "average" : "limiter" }

    var unit: String { self == .average ? "nit" : "%" }

    var help: String {
        switch self {
        case .average:
            "The wall's light in the mean over its pixels; measured while a limiter of it is on."
        case .limiter: "How much of its light the wall's average and flash limiters leave."
        }
    }
}
