/// Products and sums of sizes that come from a file or a person.
///
/// They stop at the largest `Int` instead of ending the process: what is compared with a limit afterwards
/// is too large either way.
package enum SizeArithmetic {
  /// The product of sizes from 0 up, or the largest `Int`.
  package static func product(_ sizes: some Sequence<Int>) -> Int {
    var product = 1
    var overflowed = false
    for size in sizes {
      if size == 0 { return 0 }
      let (next, overflow) = product.multipliedReportingOverflow(by: size)
      overflowed = overflowed || overflow
      if !overflow { product = next }
    }
    return overflowed ? .max : product
  }

  /// The sum of sizes from 0 up, or the largest `Int`.
  package static func sum(_ sizes: some Sequence<Int>) -> Int {
    sizes.reduce(0) { sum, size in
      let (next, overflow) = sum.addingReportingOverflow(size)
      return overflow ? .max : next
    }
  }
}
