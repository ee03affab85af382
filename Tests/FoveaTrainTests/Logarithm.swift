import Glibc

/// The natural logarithm, for sums in double precision.
func logOf(_ x: Double) -> Double { log(x) }
