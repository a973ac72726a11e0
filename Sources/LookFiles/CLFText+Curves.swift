import Color

/// Log and Exponent, which have their parameters as attributes.
extension CLFStep {
    /// The parameters of each channel: those without a channel hold for all.
    private func parameters(_ name: String) throws(LookComplaint) -> [XMLElement?] {
        let all = element.children.filter { $0.name == name }
        var found: [XMLElement?] = [nil, nil, nil]
        for one in all {
            switch one.attributes["channel"] {
            case nil: found = [one, one, one]
            case "R": found[0] = one
            case "G": found[1] = one
            case "B": found[2] = one
            case let other?: throw complaint("channel \(quoted(other))", "R, G or B", at: one)
            }
        }
        return found
    }

    private func value(
        _ name: String, of parameters: XMLElement?
    ) throws(LookComplaint) -> Double? {
        guard let text = parameters?.attributes[name] else { return nil }
        guard let number = Double(text), number.isFinite else {
            throw complaint("\(name) \(quoted(text))", "a number", at: parameters)
        }
        return number
    }

    func log() throws(LookComplaint) -> LookStep {
        let style = element.attributes["style", default: ""]
        switch style {
        case "log2", "antiLog2", "log10", "antiLog10":
            let log = LookLog(base: style.hasSuffix("2") ? 2 : 10)
            return .log(red: log, green: log, blue: log, isInverse: style.hasPrefix("anti"))
        case "linToLog", "logToLin", "cameraLinToLog", "cameraLogToLin":
            let parameters = try parameters("LogParams")
            let isCamera = style.hasPrefix("camera")
            return .log(
                red: try curve(parameters[0], isCamera), green: try curve(parameters[1], isCamera),
                blue: try curve(parameters[2], isCamera),
                isInverse: style.lowercased().hasSuffix("logtolin"))
        default:
            throw complaint(
                "style \(quoted(style))",
                "log2, log10, antiLog2, antiLog10, linToLog, logToLin, cameraLinToLog or "
                    + "cameraLogToLin")
        }
    }

    private func curve(
        _ parameters: XMLElement?, _ isCamera: Bool
    ) throws(LookComplaint) -> LookLog {
        var log = LookLog()
        log.base = try value("base", of: parameters) ?? 2
        log.logSlope = try value("logSideSlope", of: parameters) ?? 1
        log.logOffset = try value("logSideOffset", of: parameters) ?? 0
        log.linearSlope = try value("linSideSlope", of: parameters) ?? 1
        log.linearOffset = try value("linSideOffset", of: parameters) ?? 0
        if isCamera {
            log.linearBreak = try value("linSideBreak", of: parameters)
            log.slopeBelow = try value("linearSlope", of: parameters)
        }
        guard log.base > 0, log.base != 1, log.logSlope != 0, log.linearSlope != 0,
            log.slopeBelow != 0
        else {
            throw complaint(
                "a base or slope that makes no curve", "a base above 0 and not 1, slopes not 0",
                at: parameters)
        }
        if isCamera {
            guard let edge = log.linearBreak, log.linearSlope * edge + log.linearOffset > 0 else {
                throw complaint(
                    "no linSideBreak, or one where there is no logarithm",
                    "the light below which the curve is a line", at: parameters)
            }
        }
        return log
    }

    func exponent() throws(LookComplaint) -> LookStep {
        let style = element.attributes["style", default: ""]
        let kinds: [(prefix: String, negative: LookExponent.Negative, isCurve: Bool)] = [
            ("basic", .basic, false), ("basicMirror", .mirror, false),
            ("basicPassThru", .passThrough, false), ("monCurve", .basic, true),
            ("monCurveMirror", .mirror, true),
        ]
        for (prefix, negative, isCurve) in kinds {
            guard style == prefix + "Fwd" || style == prefix + "Rev" else { continue }
            var curves: [LookExponent] = []
            for parameters in try parameters("ExponentParams") {
                curves.append(try power(parameters, negative, isCurve))
            }
            return .exponent(
                red: curves[0], green: curves[1], blue: curves[2],
                isInverse: style.hasSuffix("Rev"))
        }
        throw complaint(
            "style \(quoted(style))",
            "basic, basicMirror, basicPassThru, monCurve or monCurveMirror, and Fwd or Rev")
    }

    private func power(
        _ parameters: XMLElement?, _ negative: LookExponent.Negative, _ isCurve: Bool
    ) throws(LookComplaint) -> LookExponent {
        guard let exponent = try value("exponent", of: parameters) else {
            throw complaint("an Exponent without exponent", "<ExponentParams exponent=\"2.2\"/>")
        }
        let offset = isCurve ? try value("offset", of: parameters) ?? 0 : nil
        // CLF's own limits for the curves; 100 is far beyond any transfer function.
        guard exponent > (isCurve ? 1 : 0.01), exponent <= 100 else {
            throw complaint(
                "exponent \(NumberText.text(exponent))",
                "\(isCurve ? "above 1" : "0.01") to 100", at: parameters)
        }
        if let offset, !(offset > 0 && offset <= 0.9) {
            throw complaint(
                "offset \(NumberText.text(offset))", "above 0, at most 0.9", at: parameters)
        }
        return LookExponent(exponent: exponent, offset: offset, negative: negative)
    }
}
