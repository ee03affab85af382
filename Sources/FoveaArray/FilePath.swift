package import FoundationEssentials

extension URL {
  /// The path of a file or folder on this machine: as it was given where it is absolute or starts
  /// from the working folder.
  ///
  /// - Throws: `InputError` for an address of another kind, such as `https`: its path would name
  ///   something else here.
  package var checkedFilePath: String {
    get throws {
      if let scheme, scheme.lowercased() != "file" {
        throw InputError(
          "is an address of the kind \(scheme), and no file on this machine", at: absoluteString,
          advice: "Give a file, as in URL(filePath:), and fetch what lies elsewhere first")
      }
      guard let base = baseURL?.path, !relativePath.hasPrefix("/") else { return relativePath }
      let working = FileManager.default.currentDirectoryPath
      return base == working || base == working + "/" ? relativePath : path
    }
  }
}
