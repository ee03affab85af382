public import FoveaMetrics
import FoveaNN

extension ControlResult {
  /// The network for people.
  public var title: String { NetworkCatalog.builtIn[name]?.summary ?? name }
}
