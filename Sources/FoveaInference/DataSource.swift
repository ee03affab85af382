public import FoundationEssentials
package import FoveaData

extension ImageClassifier {
  /// Where labelled pictures come from.
  public struct DataSource: Sendable {
    private let url: URL
    private let options: PictureSourceOptions

    /// A folder with a folder of pictures for each class, or `train` and `test` with such folders.
    public static func labeledDirectories(at url: URL) -> DataSource {
      DataSource(url: url, options: PictureSourceOptions())
    }

    /// A CSV file with a column of paths and one of labels; a column that says `train` or `test`
    /// and one of groups that a split keeps whole are optional.
    public static func table(
      at url: URL, imageColumn: String? = nil, labelColumn: String? = nil,
      splitColumn: String? = nil, groupColumn: String? = nil, imagesFolder: URL? = nil
    ) -> DataSource {
      DataSource(
        url: url,
        options: PictureSourceOptions(
          imageColumn: imageColumn, labelColumn: labelColumn, splitColumn: splitColumn,
          groupColumn: groupColumn, imagesFolder: imagesFolder))
    }

    /// A folder with files in the idx format of MNIST, also compressed.
    public static func idxFiles(at url: URL) -> DataSource {
      DataSource(url: url, options: PictureSourceOptions())
    }

    /// The path as it was given.
    package var path: String { url.relativePath }

    /// Reads labels and names; no picture is opened.
    package func read(for purpose: PictureSourceOptions.Purpose) throws -> PictureData {
      var options = options
      options.purpose = purpose
      return try PictureSource.read(url, options: options)
    }
  }
}
