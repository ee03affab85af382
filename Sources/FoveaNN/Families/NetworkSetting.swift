/// Something that can be chosen of a family's networks: its name, where the options keep it, and how it is
/// shown. The command's options, their help and the report's rows are made from it.
public struct NetworkSetting<Options: FamilyOptions>: Sendable {
  /// The name as users write it, such as `kernel-sizes`.
  public let name: String
  /// What it is, as a phrase without its full stop.
  public let help: Advice
  let value: @Sendable (Options) -> any SettingValue
  let set: @Sendable (inout Options, any SettingValue) -> Void
  let row: (@Sendable (Options) -> (title: String, text: String))?

  /// A setting.
  ///
  /// - Parameters:
  ///   - name: one of `SettingNames`, so that it is called the same in all families.
  ///   - path: where the options keep it.
  ///   - row: what a report calls it; it has no row where not given.
  ///   - text: what a report says of it; the value where not given.
  public init<Value: SettingValue>(
    _ name: KeyPath<SettingNames, SettingName<Value>>,
    _ path: any WritableKeyPath<Options, Value> & Sendable, _ help: Advice, row: String? = nil,
    text: (@Sendable (Options) -> String)? = nil
  ) {
    self.name = SettingNames()[keyPath: name].name
    self.help = help
    value = { $0[keyPath: path] }
    set = { options, value in
      if let value = value as? Value { options[keyPath: path] = value }
    }
    guard let row else {
      self.row = nil
      return
    }
    self.row = { (title: row, text: text?($0) ?? $0[keyPath: path].shownText) }
  }

  /// The attention mechanism, with its row: `multihead, in every layer`.
  public static func attention(_ place: @escaping @Sendable (Options) -> String) -> Self {
    Self(\.attention, \.attention, "the attention it carries", row: "Attention") {
      "\($0.attention), \(place($0))"
    }
  }
}

/// What a setting can be.
public protocol SettingValue: Hashable, Sendable {
  /// The value that somebody wrote; `nil` where it is none.
  init?(settingText: String)
  /// The value as somebody would write it.
  var settingText: String { get }
  /// The value for people.
  var shownText: String { get }
  /// All that can be written, where that is a list.
  static var choices: [String] { get }
}

extension SettingValue {
  /// The value as somebody would write it.
  public var shownText: String { settingText }
  /// No list.
  public static var choices: [String] { [] }
}

extension SettingValue where Self: RawRepresentable & CaseIterable, RawValue == String {
  /// The case of this name.
  public init?(settingText: String) { self.init(rawValue: settingText) }
  /// The case's name.
  public var settingText: String { rawValue }
  /// The names of all cases.
  public static var choices: [String] { allCases.map(\.rawValue) }
}

extension Int: SettingValue {
  /// A number.
  public init?(settingText: String) { self.init(settingText) }
  /// The number.
  public var settingText: String { "\(self)" }
  /// The number in groups of three digits.
  public var shownText: String { NumberText.count(self) }
}

extension Bool: SettingValue {
  /// `true` or `false`.
  public init?(settingText: String) { self.init(settingText) }
  /// `true` or `false`.
  public var settingText: String { "\(self)" }
}

extension String: SettingValue {
  /// The text itself.
  public init(settingText: String) { self = settingText }
  /// The text itself.
  public var settingText: String { self }
}

extension [Int]: SettingValue {
  /// Numbers with commas between.
  public init?(settingText: String) {
    let numbers = settingText.split(separator: ",", omittingEmptySubsequences: false).map {
      Int($0)
    }
    guard numbers.allSatisfy({ $0 != nil }) else { return nil }
    self = numbers.compactMap { $0 }
  }

  /// Numbers with commas between.
  public var settingText: String { map(String.init).joined(separator: ",") }
  /// Numbers in groups of three digits, with commas between.
  public var shownText: String { map(\.shownText).joined(separator: ", ") }
}
