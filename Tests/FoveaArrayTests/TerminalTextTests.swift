import FoveaArray
import Testing

struct TerminalTextTests {
  @Test(arguments: [
    ("plain größe 日本", "plain größe 日本"),
    ("a\nb\tc\rd", #"a\nb\tc\rd"#),
    ("\u{1B}[31m\u{7F}\u{9B}", #"\u{1B}[31m\u{7F}\u{9B}"#),
    ("\u{202E}x\u{2066}\u{200F}\u{61C}\u{2028}", #"\u{202E}x\u{2066}\u{200F}\u{61C}\u{2028}"#),
    // Signs without a width stay where they belong to a script or an emoji, and nowhere else.
    ("👩‍👩‍👧 ❤️ 1️⃣", "👩‍👩‍👧 ❤️ 1️⃣"), ("می\u{200C}خواهم", "می\u{200C}خواهم"),
    ("ខ្មែរ\u{200B}ភាសា", "ខ្មែរ\u{200B}ភាសា"),
    (
      "ad\u{200B}m\u{200D}in\u{FEFF}\u{AD}a\u{FE0F}",
      #"ad\u{200B}m\u{200D}in\u{FEFF}\u{AD}a\u{FE0F}"#
    ),
    ("", ""),
  ]) func everythingCanBeSeen(_ text: String, _ shown: String) {
    #expect(TerminalText.printable(text) == shown)
    #expect(TerminalText.printable(shown) == shown)
  }

  @Test func jsonKeepsItsMeaning() {
    #expect(
      TerminalText.printable(json: "{\"a\":\"\u{9B}é\u{202E}\u{E0041}\u{7F}\"}")
        == #"{"a":"\u009bé\u202e\udb40\udc41\u007f"}"#)
  }
}
