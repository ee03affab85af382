import FoundationEssentials

/// The time of day, in seconds since 1970.
package func secondsSince1970() -> Double { Date().timeIntervalSince1970 }
