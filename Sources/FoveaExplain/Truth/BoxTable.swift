import FoundationEssentials
import FoveaArray
import FoveaData

/// Boxes in a CSV file with the columns `image`, `x`, `y`, `width`, `height`; others are ignored.
///
/// `x` and `y` are the upper left corner in pixels of the original picture, counted from 0. A
/// picture may have several rows; a row with four empty numbers says that there is nothing.
struct BoxTable {
  let pictures: [(name: String, boxes: [(box: Truth.Box, row: Int)])]

  /// Reads the table.
  ///
  /// - Throws: `InputError` with the row of a number that is none, or of an empty box.
  init(contentsOf url: URL) throws {
    let table = try CSVTable(contentsOf: url)
    let image = try table.index(of: "image")
    let columns = try ["x", "y", "width", "height"].map { ($0, try table.index(of: $0)) }
    var order: [String] = []
    var boxes: [String: [(box: Truth.Box, row: Int)]] = [:]
    for record in table.records {
      let name = record.fields[image]
      guard !name.isEmpty else {
        throw InputError("the image is empty", at: table.name, row: record.row)
      }
      if boxes[name] == nil {
        order.append(name)
        boxes[name] = []
      }
      let texts = columns.map { record.fields[$0.1] }
      if texts.allSatisfy(\.isEmpty) { continue }
      let numbers = try zip(columns, texts).map { column, text in
        guard let number = Double(text), number.isFinite else {
          throw InputError(
            "\(column.0) is \(text.isEmpty ? "empty" : "no number: \(text)")", at: table.name,
            row: record.row)
        }
        return number
      }
      guard numbers[2] > 0, numbers[3] > 0 else {
        throw InputError(
          "the box has no area: it is \(texts[2]) wide and \(texts[3]) high", at: table.name,
          row: record.row)
      }
      boxes[name]?.append(
        (
          Truth.Box(x: numbers[0], y: numbers[1], width: numbers[2], height: numbers[3]),
          record.row
        ))
    }
    guard !order.isEmpty else {
      throw InputError("the table names no picture", at: table.name)
    }
    pictures = order.map { ($0, boxes[$0] ?? []) }
  }
}
