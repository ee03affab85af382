import FoundationEssentials
import FoveaText
import Testing

struct SummaryTests {
  private let article = """
    The city opened a new bridge on Monday. The bridge is 300 m long and cost 20 million euros. \
    Dr. Smith, who planned the bridge, said it will carry 10,000 cars a day. Birds were singing.

    Critics say that the new bridge came too late. The old bridge was closed in 2019. Since then \
    cars had to drive a detour of 12 km.
    """

  private func summary(
    _ text: String, _ method: SummaryMethod, _ length: Summary.Length
  ) -> Summary { Summary(SegmentedText(text), method: method, length: length) }

  @Test(arguments: [SummaryMethod.lead, .lexrank, .textrank])
  func sentencesStayInTheirPlacesAndOrder(_ method: SummaryMethod) {
    let summary = summary(article, method, .sentences(3))
    #expect(summary.sentences.count == 7)
    #expect(summary.chosen.count == 3)
    let scalars = Array(article.unicodeScalars)
    var place = 0
    for sentence in summary.sentences {
      #expect(sentence.span.start >= place)
      #expect(
        String(String.UnicodeScalarView(scalars[sentence.span.range])) == sentence.span.text)
      place = sentence.span.end
    }
  }

  @Test func leadTakesTheFirstSentences() {
    let chosen = summary(article, .lead, .sentences(2)).chosen.map(\.span.text)
    #expect(
      chosen == [
        "The city opened a new bridge on Monday.",
        "The bridge is 300 m long and cost 20 million euros.",
      ])
  }

  /// Three of four sentences share words, the last shares none: it is the last to be chosen, and by
  /// hand the walk gives it a quarter of what is drawn anew, 0.15 / 4, and what itself leads to.
  @Test func aSentenceOfNoOthersWordsComesLast() {
    let text = "Red green blue. Red green white. Red blue white. Seven eight nine."
    let lexrank = summary(text, .lexrank, .sentences(1)).sentences.map(\.score)
    // It is linked to itself alone: s = 0.15 / 4 + 0.85 s.
    #expect(abs(lexrank[3] - 0.25) < 1e-9)
    let textrank = summary(text, .textrank, .sentences(3)).sentences
    // It leads nowhere, hence everywhere: s = 0.15 / 4 + 0.85 s / 4.
    #expect(abs(textrank[3].score - 0.0375 / (1 - 0.85 / 4)) < 1e-9)
    #expect(textrank.map(\.isChosen) == [true, true, true, false])
    #expect(abs(textrank.map(\.score).reduce(0, +) - 1) < 1e-9)
  }

  @Test func centralityPrefersWhatIsLikeTheOthersAndEarly() {
    let text = "A one. A two. A three. A four."
    func scores(_ embeddings: [[Float]]) -> [Double] {
      Summary(
        SegmentedText(text), method: .centrality, length: .sentences(1), embeddings: embeddings
      ).sentences.map(\.score)
    }
    // Equal vectors: the mean cosine is 1, and the prior 1 / (1 + 0.15 i / n) alone counts.
    let equal = scores([[1, 0], [1, 0], [1, 0], [1, 0]])
    for (found, expected) in zip(equal, [1, 1 / 1.0375, 1 / 1.075, 1 / 1.1125]) {
      #expect(abs(found - expected) < 1e-9)
    }
    let odd = scores([[0, 1], [1, 0], [1, 0], [1, 0]])
    #expect(odd.indices.max { odd[$0] < odd[$1] } == 1)
    #expect(abs(odd[0]) < 1e-9)
  }

  @Test func aNumberOfWordsIsKept() {
    for words in [5, 12, 25, 40] {
      let chosen = summary(article, .lexrank, .words(words)).chosen
      let counts = chosen.map { SegmentedText($0.span.text).words.count }
      // One sentence there is at least, however short the summary may be.
      #expect(counts.reduce(0, +) <= words || chosen.count == 1)
      #expect(!chosen.isEmpty)
    }
  }

  @Test func whatIsSaidTwiceIsTakenOnce() {
    let text = "The red fox runs fast. The red fox runs fast. A cat sleeps on the red fox."
    let chosen = summary(text, .lexrank, .sentences(2)).sentences.map(\.isChosen)
    #expect(chosen == [true, false, true])
    #expect(summary(text, .lexrank, .sentences(3)).chosen.count == 3)
  }

  @Test func oneWordAndNothingAreTextsToo() {
    #expect(summary("word", .lexrank, .sentences(2)).chosen.map(\.span.text) == ["word"])
    #expect(summary("word", .textrank, .sentences(2)).chosen.map(\.span.text) == ["word"])
    #expect(summary("", .lexrank, .sentences(2)).sentences.isEmpty)
    #expect(summary(" … \n", .textrank, .sentences(2)).sentences.isEmpty)
  }

  @Test(arguments: [SummaryMethod.lexrank, .textrank])
  func aChinesePageIsSummarized(_ method: SummaryMethod) {
    // The harbour is the subject of all sentences but one about a cat.
    let page = """
      海边的小城建了一座新港口。新港口比旧港口大三倍，可以停靠大型货船。市长说新港口会给小城带来更多工作。\
      有一只猫在屋顶上睡觉！渔民担心大型货船会影响捕鱼。旧港口以后只给渔民的小船使用。
      """
    let summary = summary(page, method, .sentences(2))
    #expect(summary.sentences.count == 6)
    #expect(summary.sentences[3].span.text == "有一只猫在屋顶上睡觉！")
    #expect(!summary.sentences[3].isChosen)
    #expect(summary.chosen.allSatisfy { $0.span.text.contains("港口") })
    let lowest = summary.sentences.indices.min {
      summary.sentences[$0].score < summary.sentences[$1].score
    }
    #expect(lowest == 3)
  }

  @Test(arguments: [SummaryMethod.lexrank, .textrank])
  func anArabicPageIsSummarized(_ method: SummaryMethod) {
    // The library is the subject of all sentences but one about rain.
    let page = """
      افتتحت المدينة مكتبة جديدة في الساحة. تضم المكتبة الجديدة آلاف الكتب للأطفال والكبار. \
      هل نزل المطر أمس؟ قال مدير المكتبة إن المكتبة الجديدة مفتوحة كل يوم. \
      يزور الأطفال المكتبة بعد المدرسة كل يوم.
      """
    let summary = summary(page, method, .sentences(2))
    #expect(summary.sentences.count == 5)
    #expect(summary.sentences[2].span.text == "هل نزل المطر أمس؟")
    #expect(!summary.sentences[2].isChosen)
    #expect(
      summary.chosen.allSatisfy {
        $0.span.text.contains("المكتبة") || $0.span.text.contains("مكتبة")
      })
  }

  @Test func noSentenceEndsBehindAnAbbreviation() {
    let text =
      "We met Dr. A. Smith. He is tall. See Fig. 3 and Li et al. for more.\nMr.\nNext line."
    #expect(
      SegmentedText(text).sentences.map(\.text) == [
        "We met Dr. A. Smith.", "He is tall.", "See Fig. 3 and Li et al. for more.", "Mr.",
        "Next line.",
      ])
  }
}
