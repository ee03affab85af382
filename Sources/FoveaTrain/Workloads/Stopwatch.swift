import FoveaArray

/// Times on a clock that does not jump.
package enum Stopwatch {
  /// Seconds that `body` takes.
  package static func seconds(_ body: () throws -> Void) rethrows -> Double {
    let clock = ContinuousClock()
    return try clock.measure(body).seconds
  }

  /// The median over as many runs as fit into a number of seconds, three at least, after one that
  /// does not count.
  package static func median(seconds limit: Double, _ body: () throws -> Void) rethrows -> Double {
    try body()
    var times: [Double] = []
    var spent = 0.0
    while times.count < 3 || spent < limit {
      times.append(try seconds(body))
      spent += times[times.count - 1]
    }
    return times.sorted()[times.count / 2]
  }
}
