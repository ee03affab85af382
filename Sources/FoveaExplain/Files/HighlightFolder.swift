import FoundationEssentials
package import FoveaArray

extension FolderKind {
  /// Highlights of pictures, recordings, texts or videos, named after them.
  package static let highlights = FolderKind(
    "set of highlights", ["*.json", "*.png", "*.html", "*.wav", "*.mp4", "*.gif", "*.csv"],
    isListed: true, recognizes: HighlightNames.areAll)
}

/// The names that files of highlights have, by which a folder is known that has no mark.
private enum HighlightNames {
  /// What is common to the documents on a picture, a recording, a text and a video.
  private struct Document: Decodable {
    struct Entry: Decodable { init(from decoder: any Decoder) throws {} }
    let schemaVersion: Int
    let picture, recording, text, video: String?
    let highlights, seconds: [Entry]?

    var isOurs: Bool {
      schemaVersion == 1 && (picture ?? recording ?? text ?? video) != nil
        && (highlights != nil || seconds != nil)
    }
  }

  /// Whether all of a folder's files belong to documents of ours in it.
  static func areAll(in folder: URL, _ files: [String]) -> Bool {
    let stems = Set(files.filter { $0.hasSuffix(".json") }.map { String($0.dropLast(5)) })
    return !stems.isEmpty
      && files.allSatisfy { file in
        stems.contains { file.hasPrefix($0) && isEnding(file.dropFirst($0.count)) }
      }
      && stems.allSatisfy { stem in
        guard let data = try? Data(contentsOf: folder.appending(component: "\(stem).json")) else {
          return false
        }
        return (try? JSONDecoder().decode(Document.self, from: data))?.isOurs == true
      }
  }

  /// `.png` and its like, `-60s.png` of a window, `.occlusion.csv` of a map.
  private static func isEnding(_ ending: Substring) -> Bool {
    let windows: PathPattern = "-#s.png"
    let maps = HighlightMethod.allCases.map { ".\($0.rawValue).csv" }
    return ([".json", ".png", ".html", ".wav", ".mp4", ".gif"] + maps).contains(String(ending))
      || windows.matches(String(ending))
  }
}
