import FoveaArray
import Glibc

/// Smooths maps over time, so that a highlight follows what moves and does not flicker.
///
/// An exponential filter with time constant τ, on maps that each sum to 1, so that no frame
/// outweighs another by the size of its numbers:
///
///     m̄ₜ = m̄ₜ₋₁ + α (mₜ / Σmₜ − m̄ₜ₋₁),  α = 1 − exp(−Δt / τ)
///
/// It looks back only, needs the memory of one map, and does not depend on the rate of frames. The
/// first map is taken as it is; a map that is 0 everywhere lets the highlight fade.
package struct MapSmoothing: Sendable {
  /// τ.
  package let seconds: Double
  /// m̄, row-major; empty before the first map.
  package private(set) var values: [Float] = []
  private var lastTime = 0.0

  /// A filter.
  ///
  /// - Parameter seconds: τ; 0 lets every map through as it is.
  package init(seconds: Double = 0.5) { self.seconds = seconds }

  /// Takes the map of the frame at `time`, in seconds, which must not run back.
  ///
  /// A map of another size is a programmer's mistake and traps.
  package mutating func add(_ map: [Float], at time: Double) {
    require(values.isEmpty || values.count == map.count, "map smoothing: another size")
    let sum = map.reduce(0) { $0 + Double($1) }
    let shares = sum > 0 ? map.map { Float(Double($0) / sum) } : map
    if values.isEmpty {
      values = shares
    } else {
      let weight = seconds > 0 ? Float(1 - exp(-max(time - lastTime, 0) / seconds)) : 1
      for index in values.indices { values[index] += weight * (shares[index] - values[index]) }
    }
    lastTime = time
  }
}
