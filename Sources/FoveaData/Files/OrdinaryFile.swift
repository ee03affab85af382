import FoundationEssentials
import FoveaArray

/// Reading files that others made: only ordinary ones, never a pipe that would keep us waiting.
enum OrdinaryFile {
  /// All bytes of the file at `url`.
  ///
  /// - Throws: `InputError` when there is none, it is a folder or a device, or may not be read.
  static func read(_ url: URL) throws -> Data {
    let path = url.relativePath
    switch try FileStatus.of(path).get().kind {
    case .file: break
    case .folder: throw InputError("is a folder, not a file", at: path)
    case .special: throw InputError("is a pipe or device, not an ordinary file", at: path)
    }
    do {
      return try Data(contentsOf: url)
    } catch let error as CocoaError where error.code == .fileReadNoPermission {
      throw InputError("may not be read", at: path, advice: "Check its permissions")
    } catch {
      throw InputError("cannot be read", at: path, advice: "Check the path and permissions")
    }
  }
}
