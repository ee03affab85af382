import FoundationEssentials
import FoveaArray
import FoveaData
import FoveaTestSupport
import Testing

struct TableSourceTests {
  /// A folder with `a.png` to `d.png` and `sub/e.png`.
  private func folder() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    for name in ["a.png", "b.png", "c.png", "d.png", "sub/e.png"] { try folder.write("", name) }
    return folder
  }

  private func paths(_ dataset: LabelledDataset?) -> [String]? {
    dataset?.examples.map { example in
      if case .file(let url) = example.content { url.path } else { "" }
    }
  }

  @Test func imageAndLabelAreRead() throws {
    let folder = try folder()
    let table = try folder.write(
      "label,size,image\ndog,1,a.png\ncat,2,sub/e.png\n dog ,3,sub\\e.png\ncat,4,\(folder.path)/d.png\n",
      "labels.csv")
    let data = try LabelledSource.read(table)
    #expect(data.training.classes == ["cat", "dog"])
    #expect(data.training.examples.map(\.label) == [1, 0, 1, 0])
    #expect(data.training.examples.map(\.row) == [2, 3, 4, 5])
    #expect(
      data.training.examples.map(\.name)
        == ["a.png", "sub/e.png", "sub\\e.png", "\(folder.path)/d.png"])
    #expect(
      paths(data.training)
        == ["a.png", "sub/e.png", "sub/e.png", "d.png"].map { "\(folder.path)/\($0)" })
    #expect(data.test == nil)
    #expect(data.notes.isEmpty)
  }

  @Test func partsAndGroupsAreRead() throws {
    let folder = try folder()
    let table = try folder.write(
      """
      picture,kind,part,patient
      a.png,x,Train,p1
      b.png,y,TRAIN,p2
      c.png,x,test,p3
      d.png,y,Valid,p2
      a.png,y,training,p1

      """, "labels.csv")
    let data = try LabelledSource.read(
      table,
      options: LabelledSourceOptions(
        imageColumn: "picture", labelColumn: "kind", splitColumn: "part", groupColumn: "patient"))
    #expect(data.training.examples.map(\.name) == ["a.png", "b.png", "a.png", "d.png"])
    #expect(data.training.examples.map(\.group) == ["p1", "p2", "p1", "p2"])
    #expect(data.training.examples.map(\.isValidation) == [false, false, false, true])
    #expect(data.test?.examples.map(\.name) == ["c.png"])
    #expect(
      data.notes == [
        "\(table.path): class x has one picture only; it is trained on and cannot be validated.",
        "\(table.path): there are no test pictures of y.",
      ])
  }

  @Test func picturesMayLieElsewhere() throws {
    let folder = try TemporaryFolder()
    try folder.write("", "tables/images/a.png")
    try folder.write("", "pictures/b.png")
    let own = try folder.write("image,label\na.png,x\na.png,y\n", "tables/own.csv")
    #expect(
      paths(try LabelledSource.read(own).training)?.first
        == "\(folder.path)/tables/images/a.png")
    let other = try folder.write("image,label\nb.png,x\nb.png,y\n", "tables/other.csv")
    let options = LabelledSourceOptions(imagesFolder: folder.file("pictures"))
    #expect(
      paths(try LabelledSource.read(other, options: options).training)?.first
        == "\(folder.path)/pictures/b.png")
    expectError(
      "\(other.path), row 2: there is no picture b.png, nor any other that the table names. "
        + "Looked in \(folder.path)/tables and \(folder.path)/tables/images. "
        + "Say with imagesFolder which folder the paths start from"
    ) { try LabelledSource.read(other) }
  }

  /// Some dangling paths are broken pictures like others: they keep their rows and are counted
  /// when the pictures are opened.
  @Test func aDanglingPathKeepsItsRow() throws {
    let folder = try folder()
    let table = try folder.write("image,label\na.png,x\nnone.png,y\n", "labels.csv")
    let example = try LabelledSource.read(table).training.examples[1]
    #expect(example.row == 3)
    #expect(example.name == "none.png")
  }

  @Test func aFolderWithOneTableIsRead() throws {
    let folder = try TemporaryFolder()
    for name in ["images/a.png", "masks/a.png"] { try folder.write("", name) }
    try folder.write("image,label,split\na.png,x,train\na.png,y,train\na.png,y,test\n", "cases.csv")
    let data = try LabelledSource.read(folder.url)
    #expect(data.training.classes == ["x", "y"])
    #expect(data.test?.examples.count == 1)
    // Neither a table without labels nor a list of boxes is meant.
    try folder.write("image,author\na.png,me\n", "authors.csv")
    try folder.write("image,x,y,width,height,label\na.png,1,1,2,2,x\n", "boxes.csv")
    #expect(try LabelledSource.read(folder.url).training.classes == ["x", "y"])
    try folder.write("image,label\na.png,x\n", "more.csv")
    expectError(
      "\(folder.path): several tables could be meant: cases.csv, more.csv. "
        + "Give the path of the table, and name its columns"
    ) { try LabelledSource.read(folder.url) }
  }

  @Test func twoTablesAreTwoParts() throws {
    let folder = try TemporaryFolder()
    try folder.write("", "images/a.png")
    try folder.write("image,label\nimages/a.png,x\nimages/a.png,y\n", "train.csv")
    try folder.write("image,label\nimages/a.png,y\n", "test.csv")
    let data = try LabelledSource.read(folder.url)
    #expect(data.training.examples.count == 2)
    #expect(data.test?.examples.map(\.label) == [1])
    try folder.write("image,label\nimages/a.png,z\n", "test.csv")
    expectError(
      "\(folder.path)/test.csv, row 2: the class z has no training rows. "
        + "The classes trained on are: x, y"
    ) { try LabelledSource.read(folder.url) }
  }

  @Test func classFoldersWinOverATableBesideThem() throws {
    let folder = try TemporaryFolder()
    for name in ["train/x/1.png", "train/x/2.png", "train/y/1.png", "train/y/2.png"] {
      try folder.write("", name)
    }
    try folder.write("image,label\ntrain/x/1.png,other\n", "boxes.csv")
    #expect(try LabelledSource.read(folder.url).training.classes == ["x", "y"])
  }

  @Test func badTablesAreRefusedWithTheRow() throws {
    let folder = try folder()
    func read(
      _ text: String, _ options: LabelledSourceOptions = LabelledSourceOptions()
    ) throws
      -> LabelledData
    {
      try LabelledSource.read(folder.write(text, "t.csv"), options: options)
    }
    let path = "\(folder.path)/t.csv"
    expectError(
      "\(path): there is no column called image. The columns are: picture, label. "
        + "Name it with imageColumn"
    ) { try read("picture,label\na.png,x\n") }
    expectError(
      "\(path): there is no column called label. The columns are: image, kind. "
        + "Name it with labelColumn"
    ) {
      try read("image,kind\na.png,x\n")
    }
    expectError("\(path): there is no column called patient. The columns are: image, label") {
      try read("image,label\na.png,x\n", LabelledSourceOptions(groupColumn: "patient"))
    }
    expectError("\(path): the table has column names but no rows") { try read("image,label\n") }
    expectError("\(path), row 3: the label is empty. Fill it in, or remove the row") {
      try read("image,label\na.png,x\nb.png,\n")
    }
    expectError("\(path), row 2: the picture's path is empty. Fill it in, or remove the row") {
      try read("image,label\n,x\n")
    }
    expectError("\(path), row 2: the group is empty. Fill it in, or remove the row") {
      try read("image,label,p\na.png,x, \n", LabelledSourceOptions(groupColumn: "p"))
    }
    expectError("\(path), row 2: the split is holdout. It should be train, test or valid") {
      try read("image,label,split\na.png,x,holdout\n")
    }
    expectError("\(path), row 3: the split is empty. It should be train, test or valid") {
      try read("image,label,split\na.png,x,train\nb.png,x,\n")
    }
    expectError("\(path): no row is for training") {
      try read("image,label,split\na.png,x,test\nb.png,y,test\n")
    }
    expectError(
      "\(path): all pictures are of one class: x. A classifier needs two classes at least. "
        + "Check the label column"
    ) { try read("image,label\na.png,x\nb.png,x\n") }
    expectError(
      "\(path): the classes dog and Dog differ only in letter case. Rename one, or merge the two"
    ) { try read("image,label\na.png,dog\nb.png,cat\nc.png,Dog\n") }
    expectError(
      "\(folder.path): columns are named, but there is no table. Give the CSV file itself"
    ) {
      try FileManager.default.removeItem(at: folder.file("t.csv"))
      return try LabelledSource.read(
        folder.url, options: LabelledSourceOptions(labelColumn: "kind"))
    }
  }

  @Test func evaluationTakesWhateverPartThereIs() throws {
    let folder = try folder()
    let table = try folder.write("image,label,split\na.png,x,test\n", "t.csv")
    let data = try LabelledSource.read(
      table, options: LabelledSourceOptions(purpose: .evaluation))
    #expect(data.training.examples.map(\.name) == ["a.png"])
    #expect(data.test == nil)
  }
}
