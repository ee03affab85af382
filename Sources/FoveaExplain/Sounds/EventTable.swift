package import FoundationEssentials
import FoveaArray
import FoveaData

/// Something that is heard in a recording, in seconds from its beginning.
package struct SoundEvent: Hashable, Sendable {
  package let onset: Double
  package let offset: Double
  package let label: String

  package init(onset: Double, offset: Double, label: String) {
    self.onset = onset
    self.offset = offset
    self.label = label
  }
}

/// What is heard when in several recordings: a CSV file with the columns `clip`, `onset`, `offset`
/// and `label`; others are ignored.
///
/// Times are in seconds; the columns may be called `onset_s` and `offset_s`, and the first `file`. A
/// recording may have several rows; a row without times says that nothing is heard.
package struct EventTable: Sendable {
  private let events: [(name: String, key: PathKey, events: [SoundEvent])]
  private let name: String

  /// Reads the table.
  ///
  /// - Throws: `InputError` with the row of a time that is none, of an event that ends before it
  ///   begins, and of one that overlaps another of its label.
  package init(contentsOf url: URL) throws {
    let table = try CSVTable(contentsOf: url)
    func column(_ names: [String]) throws -> Int {
      try names.compactMap { table.columns.firstIndex(of: $0) }.first ?? table.index(of: names[0])
    }
    let (clip, label) = (try column(["clip", "file"]), try column(["label"]))
    let (onset, offset) = (
      try column(["onset", "onset_s"]), try column(["offset", "offset_s"])
    )
    var order: [String] = []
    var rows: [String: [(event: SoundEvent, row: Int)]] = [:]
    for record in table.records {
      let clip = record.fields[clip]
      func fail(_ problem: String, _ advice: String) -> InputError {
        InputError(problem, at: table.name, row: record.row, advice: advice)
      }
      guard !clip.isEmpty else {
        throw fail("the clip is empty", "Name the recording, or remove the row")
      }
      if rows[clip] == nil {
        order.append(clip)
        rows[clip] = []
      }
      let texts = [record.fields[onset], record.fields[offset]]
      if texts.allSatisfy(\.isEmpty) { continue }
      let times = try texts.map { text in
        guard let time = Double(text), time.isFinite, time >= 0 else {
          throw fail(
            text.isEmpty ? "a time is empty" : "\(text) is no time",
            "Give seconds from the beginning of the recording")
        }
        return time
      }
      guard times[0] < times[1] else {
        throw fail(
          "the event ends at \(texts[1]) s, not after it begins, at \(texts[0]) s",
          "Give the onset before the offset, both in seconds")
      }
      let event = SoundEvent(onset: times[0], offset: times[1], label: record.fields[label])
      if let other = rows[clip]?.first(where: {
        $0.event.label == event.label && $0.event.onset < event.offset
          && event.onset < $0.event.offset
      }) {
        throw fail(
          "the event overlaps that of row \(other.row), which has the same label",
          "Make one event of both")
      }
      rows[clip]?.append((event, record.row))
    }
    guard !order.isEmpty else { throw InputError("the table names no recording", at: table.name) }
    name = table.name
    events = order.map { clip in
      (
        clip, PathKey(relative: clip, ignoringExtension: false, from: url),
        (rows[clip] ?? []).map(\.event)
      )
    }
  }

  /// The events of each of these recordings; `nil` for one that the table does not name.
  ///
  /// - Throws: `InputError` when a name fits several recordings, or none fits.
  package func events(for files: [(name: String, url: URL)]) throws -> [[SoundEvent]?] {
    let index = PictureIndex(files.map { TruthSet.Target(name: $0.name, url: $0.url) })
    var result = [[SoundEvent]?](repeating: nil, count: files.count)
    for entry in events {
      let fitting = index.pictures(fitting: entry.key)
      guard fitting.count <= 1 else {
        throw InputError(
          "\(entry.name) may be \(fitting.map { files[$0].name }.joined(separator: " or "))",
          at: name, advice: "Name the recordings with their folders")
      }
      if let file = fitting.first { result[file] = entry.events }
    }
    guard result.contains(where: { $0 != nil }) else {
      throw InputError(
        "none of the recordings is in the table", at: name,
        advice: "It names \(events.prefix(3).map(\.name).joined(separator: ", "))"
          + (events.count > 3 ? ", …" : ""))
    }
    return result
  }
}
