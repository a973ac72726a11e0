/// What became of a request about files or scenes.
struct RequestAnswer {
    /// The lines to say, the last one `accepted …`, `applied …`, `ok …`, or the refusal's reason.
    var lines: [String]
    /// What the event log is told.
    var note: EditNote?
    var isRefused = false

    static func refused(_ reason: String) -> RequestAnswer {
        RequestAnswer(lines: [reason], isRefused: true)
    }
}
