/// Takes the endings off English words: connected, connecting and connection become connect.
///
/// Porter 1980 with the extensions of NLTK's stemmer, which ROUGE's reference implementation uses.
package enum PorterStemmer {
  private typealias Rule = (suffix: String, replacement: String)

  /// The stem of a word of small ASCII letters and digits.
  package static func stem(_ word: String) -> String {
    if let stem = irregular[word] { return stem }
    var word = Array(word.utf8)
    guard word.count > 2 else { return String(decoding: word, as: UTF8.self) }
    step1a(&word)
    step1b(&word)
    step1c(&word)
    step2(&word)
    apply(step3, to: &word) { measure($0) > 0 }
    step4(&word)
    step5(&word)
    return String(decoding: word, as: UTF8.self)
  }

  private static let irregular = [
    "sky": "sky", "skies": "sky", "dying": "die", "lying": "lie", "tying": "tie", "news": "news",
    "innings": "inning", "inning": "inning", "outings": "outing", "outing": "outing",
    "cannings": "canning", "canning": "canning", "howe": "howe", "proceed": "proceed",
    "exceed": "exceed", "succeed": "succeed",
  ]

  // MARK: Letters

  private static func isVowel(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a"), UInt8(ascii: "e"), UInt8(ascii: "i"), UInt8(ascii: "o"),
      UInt8(ascii: "u"):
      true
    default: false
    }
  }

  /// For each letter whether it is a consonant; y is one at the beginning and behind a vowel.
  private static func consonants(_ word: some Sequence<UInt8>) -> [Bool] {
    var flags: [Bool] = []
    for byte in word {
      if isVowel(byte) {
        flags.append(false)
      } else if byte == UInt8(ascii: "y") {
        flags.append(flags.last.map { !$0 } ?? true)
      } else {
        flags.append(true)
      }
    }
    return flags
  }

  /// How often a vowel is followed by a consonant: m in [C](VC)ᵐ[V].
  private static func measure(_ word: ArraySlice<UInt8>) -> Int {
    let flags = consonants(word)
    return zip(flags, flags.dropFirst()).count { !$0 && $1 }
  }

  private static func endsInDoubleConsonant(_ word: ArraySlice<UInt8>) -> Bool {
    word.count >= 2 && word.last == word.dropLast().last && consonants(word).last == true
  }

  /// *o of the paper: ends consonant, vowel, consonant, the last not w, x or y.
  private static func endsClosed(_ word: ArraySlice<UInt8>) -> Bool {
    let flags = Array(consonants(word).suffix(3))
    if word.count == 2 { return flags == [false, true] }
    guard flags == [true, false, true], let last = word.last else { return false }
    return !"wxy".utf8.contains(last)
  }

  // MARK: Rules

  private static func ends(_ word: [UInt8], _ suffix: String) -> Bool {
    word.count >= suffix.utf8.count && word.suffix(suffix.utf8.count).elementsEqual(suffix.utf8)
  }

  private static func stem(_ word: [UInt8], _ suffix: String) -> ArraySlice<UInt8> {
    word.dropLast(suffix.utf8.count)
  }

  /// Applies the first rule whose suffix fits, if the stem passes.
  private static func apply(
    _ rules: [Rule], to word: inout [UInt8], where condition: (ArraySlice<UInt8>) -> Bool
  ) {
    guard let rule = rules.first(where: { ends(word, $0.suffix) }) else { return }
    let stem = stem(word, rule.suffix)
    if condition(stem) { word = Array(stem) + rule.replacement.utf8 }
  }

  private static func step1a(_ word: inout [UInt8]) {
    if ends(word, "ies"), word.count == 4 {
      word = Array(word.dropLast())
    } else {
      apply([("sses", "ss"), ("ies", "i"), ("ss", "ss"), ("s", "")], to: &word) { _ in true }
    }
  }

  private static func step1b(_ word: inout [UInt8]) {
    if ends(word, "ied") {
      word = Array(word.dropLast(word.count == 4 ? 1 : 2))
      return
    }
    if ends(word, "eed") {
      if measure(stem(word, "eed")) > 0 { word.removeLast() }
      return
    }
    guard
      let suffix = ["ed", "ing"].first(where: {
        ends(word, $0) && consonants(stem(word, $0)).contains(false)
      })
    else { return }
    word = Array(stem(word, suffix))
    if ends(word, "at") || ends(word, "bl") || ends(word, "iz") {
      word.append(UInt8(ascii: "e"))
    } else if endsInDoubleConsonant(word[...]) {
      if let last = word.last, !"lsz".utf8.contains(last) { word.removeLast() }
    } else if measure(word[...]) == 1, endsClosed(word[...]) {
      word.append(UInt8(ascii: "e"))
    }
  }

  private static func step1c(_ word: inout [UInt8]) {
    apply([("y", "i")], to: &word) { $0.count > 1 && consonants($0).last == true }
  }

  private static func step2(_ word: inout [UInt8]) {
    if ends(word, "alli"), measure(stem(word, "alli")) > 0 {
      word.removeLast(2)
      step2(&word)
      return
    }
    if ends(word, "logi"), !step2Rules.contains(where: { ends(word, $0.suffix) }) {
      if measure(word.dropLast(3)) > 0 { word.removeLast() }
      return
    }
    apply(step2Rules, to: &word) { measure($0) > 0 }
  }

  private static func step4(_ word: inout [UInt8]) {
    guard let rule = step4Rules.first(where: { ends(word, $0) }) else { return }
    let stem = stem(word, rule)
    guard measure(stem) > 1 else { return }
    if rule == "ion", stem.last != UInt8(ascii: "s"), stem.last != UInt8(ascii: "t") { return }
    word = Array(stem)
  }

  private static func step5(_ word: inout [UInt8]) {
    if ends(word, "e") {
      let stem = stem(word, "e")
      let measure = measure(stem)
      if measure > 1 || measure == 1 && !endsClosed(stem) { word.removeLast() }
    }
    if ends(word, "ll"), measure(word.dropLast()) > 1 { word.removeLast() }
  }

  private static let step2Rules: [Rule] = [
    ("ational", "ate"), ("tional", "tion"), ("enci", "ence"), ("anci", "ance"), ("izer", "ize"),
    ("bli", "ble"), ("alli", "al"), ("entli", "ent"), ("eli", "e"), ("ousli", "ous"),
    ("ization", "ize"), ("ation", "ate"), ("ator", "ate"), ("alism", "al"), ("iveness", "ive"),
    ("fulness", "ful"), ("ousness", "ous"), ("aliti", "al"), ("iviti", "ive"), ("biliti", "ble"),
    ("fulli", "ful"),
  ]

  private static let step3: [Rule] = [
    ("icate", "ic"), ("ative", ""), ("alize", "al"), ("iciti", "ic"), ("ical", "ic"), ("ful", ""),
    ("ness", ""),
  ]

  private static let step4Rules = [
    "al", "ance", "ence", "er", "ic", "able", "ible", "ant", "ement", "ment", "ent", "ion", "ou",
    "ism", "ate", "iti", "ous", "ive", "ize",
  ]
}
