import FoveaArray

/// Which words and sentences of a text a network's answer rests on, how good that highlight is, and
/// whether the network did use what it marks.
///
/// Places are characters of the original text, counted in Unicode scalars from 0.
///
/// ```swift
/// let highlight = try await classifier.explanation(of: "What a wonderful day it was.")
/// for span in highlight.spans { print(span.text, span.strength) }
/// ```
public struct TextHighlight: Hashable, Sendable, Encodable {
  /// A word, or a sign between words.
  public struct Word: Hashable, Sendable, Encodable {
    /// The first character.
    public let start: Int
    /// The one behind the last.
    public let end: Int
    /// The word.
    public let text: String
    /// How much it speaks for the explained class: not negative, the largest 1; 0 for all where the
    /// map says nothing.
    public let value: Float
  }

  /// A part of the text.
  public struct Span: Hashable, Sendable, Encodable {
    /// The first character.
    public let start: Int
    /// The one behind the last.
    public let end: Int
    /// The part.
    public let text: String
    /// The share of the whole map that lies in it, 0…1.
    public let strength: Double
  }

  /// A map that knows nothing of the network.
  public struct Control: Hashable, Sendable, Encodable {
    /// What its strongest words are.
    public enum Kind: String, Hashable, Sendable, Codable, CaseIterable {
      /// Any.
      case random
      /// The first.
      case beginning
      /// The rarest of the texts that were trained on.
      case rare

      /// For sentences: `words drawn at random`.
      public var words: String {
        switch self {
        case .random: "words drawn at random"
        case .beginning: "the first words"
        case .rare: "the rarest words"
        }
      }
    }

    /// What its strongest words are.
    public let kind: Kind
    /// Its area of deletion.
    public let deletion: Double
    /// Its area of insertion.
    public let insertion: Double
    /// Whether its strongest word lies in the truth; `nil` where none is known.
    public let pointsInside: Bool?
    /// The character F1 of as many words as the highlight marks.
    public let characterF1: Double?
  }

  /// What a network took of a text.
  public struct Reading: Hashable, Sendable, Encodable {
    /// Tokens of the whole text.
    public let tokens: Int
    /// Tokens that were read, from the first on.
    public let tokensRead: Int
    /// The character behind the last that was read.
    public let end: Int
    /// Tokens that were read and occur in no text that the network was trained on; `nil` where that is not
    /// known.
    public let tokensNeverMet: Int?
  }

  /// The class with the highest probability.
  public let prediction: Highlight.Answer
  /// The class whose evidence the map shows: the predicted one, unless another was asked for.
  public let explained: Highlight.Answer
  /// How the map was found.
  public let method: HighlightMethod
  /// Each word that the network read, in order.
  public let words: [Word]
  /// Words with at least half of the largest value, neighbours together, strongest first.
  public let spans: [Span]
  /// The sentences that the network read of, in order, with what lies in each.
  public let sentences: [Span]
  /// How much of the text was read, and whether the network can know it.
  public let reading: Reading
  /// How good the map is, measured on this very text.
  public let scores: HighlightScores
  /// How well the spans fit the characters that people marked, 0…1; `nil` where nothing is known.
  public let characterF1: Double?
  /// What maps that know nothing reach.
  public let controls: [Control]
  /// Whether the network did use the marked words.
  public let verdict: HighlightVerdict
  /// What it took.
  public let cost: HighlightCost
}

extension TextHighlight: ScoredHighlight {}

extension TextHighlight.Reading {
  /// What a person should know before believing any highlight of the text, as sentences.
  package var notes: [String] {
    var notes: [String] = []
    if tokensRead < tokens {
      notes.append(
        "Only the beginning was read: \(NumberText.count(tokensRead)) of "
          + "\(NumberText.count(tokens, "token")), up to character \(NumberText.count(end)). "
          + "Nothing is said of the rest.")
    }
    if let tokensNeverMet, 2 * tokensNeverMet > tokensRead {
      notes.append(
        "\(NumberText.count(tokensNeverMet)) of \(NumberText.count(tokensRead, "token")) "
          + "\(tokensNeverMet == 1 ? "occurs" : "occur") in no text that the network was trained on: it "
          + "cannot know what \(tokensNeverMet == 1 ? "it means" : "they mean").")
    }
    return notes
  }
}
