public import FoundationEssentials
public import FoveaData

extension ImageClassifier {
  /// Where labelled pictures come from.
  public struct DataSource: Sendable, LabelledDataSource {
    package let place: LabelledPlace

    /// A folder with a folder of pictures for each class, or `train` and `test` with such folders.
    public static func labeledDirectories(at url: URL) -> DataSource {
      DataSource(place: .files(url, LabelledSourceOptions(medium: .picture).only(.classFolders)))
    }

    /// A CSV file with a column of paths and one of labels; a column that says `train` or `test`
    /// and one of groups that a split keeps whole are optional.
    public static func table(
      at url: URL, imageColumn: String? = nil, labelColumn: String? = nil,
      splitColumn: String? = nil, groupColumn: String? = nil, imagesFolder: URL? = nil
    ) -> DataSource {
      let options = LabelledSourceOptions(
        imageColumn: imageColumn, labelColumn: labelColumn, splitColumn: splitColumn,
        groupColumn: groupColumn, imagesFolder: imagesFolder, medium: .picture)
      return DataSource(place: .files(url, options.only(.table)))
    }

    /// A folder with files in the idx format of MNIST, also compressed.
    public static func idxFiles(at url: URL) -> DataSource {
      DataSource(place: .files(url, LabelledSourceOptions().only(.idx)))
    }

    /// Pictures that are known already: made in memory, or listed by a reader of your own.
    public static func pictures(_ data: LabelledData) -> DataSource {
      DataSource(place: .memory(data, .picture))
    }
  }
}
