import FoveaArray
import Glibc
import Synchronization

/// Progress and notes for people, on standard error: results alone go to standard output.
///
/// A progress bar is drawn only on a terminal that can move its cursor; elsewhere each milestone
/// is a line. Nothing is coloured, and what names hold is made visible (`TerminalText.printable`).
final class Console: Sendable {
  private let isQuiet: Bool
  private let drawsBars: Bool
  private let state = Mutex(State())

  private struct State {
    /// Columns of the bar that stands on the current line; 0 for none.
    var barColumns = 0
    var lastDrawn = ContinuousClock.now - .seconds(1)
  }

  /// A console that says nothing but errors when `isQuiet`.
  init(isQuiet: Bool) {
    self.isQuiet = isQuiet
    let terminal = unsafe getenv("TERM").map { unsafe String(cString: $0) }
    drawsBars = !isQuiet && isatty(STDERR_FILENO) == 1 && terminal != "dumb" && terminal != nil
  }

  /// A line for people.
  func note(_ line: String) {
    guard !isQuiet else { return }
    state.withLock { state in
      clear(&state)
      Console.error(line)
    }
  }

  /// A line that stays in its place and is drawn over by the next, ten times a second at most.
  func bar(_ text: @autoclosure () -> String) {
    guard drawsBars else { return }
    state.withLock { state in
      let now = ContinuousClock.now
      guard now - state.lastDrawn >= .milliseconds(100) else { return }
      state.lastDrawn = now
      let text = TerminalText.shortened(
        TerminalText.printable(text()), to: Console.columns - 1)
      let columns = TerminalText.columns(of: text)
      let rest = String(repeating: " ", count: max(0, state.barColumns - columns))
      Console.write("\r\(text)\(rest)")
      state.barColumns = columns
    }
  }

  /// Takes the bar away.
  func endBar() { state.withLock { clear(&$0) } }

  private func clear(_ state: inout State) {
    guard state.barColumns > 0 else { return }
    Console.write("\r\(String(repeating: " ", count: state.barColumns))\r")
    state.barColumns = 0
  }

  /// A line on standard error, quiet or not.
  static func error(_ line: String) { write(TerminalText.printable(line) + "\n") }

  private static func write(_ text: String) {
    let bytes = Array(text.utf8)
    _ = unsafe bytes.withUnsafeBytes { unsafe Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count) }
  }

  /// Columns of the terminal.
  private static var columns: Int {
    var size = winsize()
    let status = unsafe ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size)
    return status == 0 && size.ws_col > 0 ? Int(size.ws_col) : 80
  }
}
