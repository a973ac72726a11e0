/// A text with every control character in it made a dot: whatever it quotes, it stays one line.
package func oneLine(_ text: String) -> String {
    var plain = ""
    plain.unicodeScalars += text.unicodeScalars.map {
        $0.properties.generalCategory == .control ? "·" : $0
    }
    return plain
}
