import Geometry

extension OpenTrackIOSample.TimingBlock {
    func write(_ writer: inout some PayloadWriter) {
        writer.object("timing") {
            if let mode { $0.member("mode", mode == .internal ? "internal" : "external") }
            $0.member("sampleRate", sampleRate)
            if let sampleTimestamp {
                $0.object("sampleTimestamp") {
                    $0.member("seconds", sampleTimestamp.seconds)
                    $0.member("nanoseconds", sampleTimestamp.nanoseconds)
                }
            }
            $0.member("sequenceNumber", sequenceNumber)
            synchronization?.write(&$0)
            timecode?.write(&$0)
        }
    }
}

extension OpenTrackIOSample.Synchronization {
    /// The schema requires a source of its list: without one nothing is written.
    fileprivate func write(_ writer: inout some PayloadWriter) {
        guard let source else { return }
        writer.object("synchronization") {
            $0.member("locked", isLocked)
            $0.member("source", source.word.description)
            $0.member("frequency", frequency)
            if translationOffset != nil || rotationOffset != nil || lensEncodersOffset != nil {
                $0.object("offsets") {
                    $0.member("translation", translationOffset)
                    $0.member("rotation", rotationOffset)
                    $0.member("lensEncoders", lensEncodersOffset)
                }
            }
            $0.member("present", isPresent)
        }
    }
}

extension OpenTrackIOSample.Timecode {
    fileprivate func write(_ writer: inout some PayloadWriter) {
        writer.object("timecode") {
            $0.member("hours", hours)
            $0.member("minutes", minutes)
            $0.member("seconds", seconds)
            $0.member("frames", frames)
            $0.member("frameRate", rate)
            if subFrame != 0 { $0.member("subFrame", subFrame) }
            if dropsFrames { $0.member("dropFrame", true) }
        }
    }
}

extension OpenTrackIOSample.LensBlock {
    func write(_ writer: inout some PayloadWriter) {
        writer.object("lens") {
            if let distortion { Self.write(distortion, overscan, &$0) }
            Self.write("distortionOffset", distortionOffsetMillimeters, &$0)
            if let encoders, encoders.isKnown {
                $0.object("encoders") {
                    $0.member("focus", encoders.focus)
                    $0.member("iris", encoders.iris)
                    $0.member("zoom", encoders.zoom)
                }
            }
            $0.member("entrancePupilOffset", entrancePupilOffset)
            $0.member("fStop", fStop)
            $0.member("pinholeFocalLength", pinholeFocalLengthMillimeters)
            $0.member("focusDistance", focusDistance)
            Self.write("projectionOffset", projectionOffsetMillimeters, &$0)
            if let rawEncoders, rawEncoders.isKnown {
                $0.object("rawEncoders") {
                    $0.member("focus", rawEncoders.focus)
                    $0.member("iris", rawEncoders.iris)
                    $0.member("zoom", rawEncoders.zoom)
                }
            }
        }
    }

    private static func write(
        _ distortion: LensDistortion, _ overscan: Double?, _ writer: inout some PayloadWriter
    ) {
        writer.list("distortion") {
            $0.beginObject()
            let undistorts = distortion.direction == .undistorts
            $0.member("model", undistorts ? "Brown-Conrady D-U" : "Brown-Conrady U-D")
            $0.list("radial") { for i in 0..<6 { $0.number(distortion.radial[i]) } }
            $0.list("tangential") { for i in 0..<2 { $0.number(distortion.tangential[i]) } }
            $0.member("overscan", overscan)
            $0.end()
        }
    }

    private static func write(
        _ name: StaticString, _ offset: Vector2?, _ writer: inout some PayloadWriter
    ) {
        guard let offset else { return }
        writer.object(name) {
            $0.member("x", offset.x)
            $0.member("y", offset.y)
        }
    }
}

extension OpenTrackIOSample.Rings {
    /// The schema requires one of them.
    fileprivate var isKnown: Bool { focus != nil || iris != nil || zoom != nil }
}
