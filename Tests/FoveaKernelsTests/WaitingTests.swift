import CKernels
import FoveaKernels
import Glibc
import Testing

/// How a team's threads wait for each other.
@Suite(.serialized)
struct WaitingTests {
  /// Windows of 100 ms, in each of which the team lacks a processor for a share of the time.
  private func pass(
    _ state: inout fovea_wait_state, from start: Double, seconds: Double, share: Double
  ) -> Bool {
    var isBrief = false
    for window in 0..<Int((seconds / 0.1).rounded()) {
      let now = start + 0.1 * Double(window)
      isBrief = fovea_should_wait_briefly(&state, now, 0.11 * (1 - share), 0.11 * share) != 0
    }
    return isBrief
  }

  @Test("waits are long on a machine of one's own, and where others want little of it")
  func alone() {
    var state = fovea_wait_state()
    #expect(!pass(&state, from: 0, seconds: 1, share: 0))
    #expect(!pass(&state, from: 1, seconds: 1, share: 0.2))
  }

  @Test("waits are brief beside somebody who computes, and long again when he ends")
  func crowded() {
    var state = fovea_wait_state()
    #expect(pass(&state, from: 10, seconds: 0.1, share: 0.5))
    #expect(pass(&state, from: 10.1, seconds: 1, share: 0.3))
    #expect(pass(&state, from: 11.1, seconds: 0.4, share: 0.1))
    #expect(!pass(&state, from: 11.5, seconds: 0.3, share: 0.1))
  }

  @Test("who is crowded again at once tries again later, and later each time, up to 8 seconds")
  func backsOff() {
    var state = fovea_wait_state()
    var now = 0.0
    var holds: [Double] = []
    for _ in 0..<6 {
      #expect(pass(&state, from: now, seconds: 0.1, share: 0.5))
      holds.append(state.hold)
      let start = now
      repeat { now += 0.1 } while pass(&state, from: now, seconds: 0.1, share: 0.01)
      #expect(now - start > state.hold)
      now += 0.1
    }
    #expect(holds == [0.5, 1, 2, 4, 8, 8])
  }

  @Test("too little time says nothing")
  func short() {
    var state = fovea_wait_state()
    #expect(fovea_should_wait_briefly(&state, 1, 0.01, 0.04) == 0)
    #expect(fovea_should_wait_briefly(&state, 1.1, 0.01, 0.05) == 1)
  }

  @Test("a sleeping team makes the waits of others brief, takes no time, and leaves")
  func sleepingTeam() {
    // Sessions of tests beside this one decide for the process too, hence again and again.
    #expect(
      reaches {
        fovea_wait_briefly(1)
        return fovea_sleeping_threads() == fovea_processors() + 1
      })
    // A thread that has worked and finds no more work; spinning on would take milliseconds each time.
    var ids = [Int32](repeating: 0, count: 2)
    var times: [Double] = []
    for _ in 0..<10 {
      fovea_wait_briefly(1)
      ids.withUnsafeMutableBytes { bytes in
        fovea_parallel_threads(
          2,
          { context, thread, _ in
            context?.storeBytes(
              of: fovea_thread_id(), toByteOffset: 4 * Int(thread), as: Int32.self)
          }, bytes.baseAddress)
      }
      let before = secondsRun(by: ids[1])
      usleep(20_000)
      times.append(secondsRun(by: ids[1]) - before)
    }
    #expect(ids[0] == fovea_thread_id() && ids[1] != ids[0] && ids[1] > 0)
    #expect(times.sorted()[0] < 0.001)
    #expect(
      reaches {
        fovea_wait_briefly(0)
        return fovea_sleeping_threads() == 0
      })
  }

  /// Whether something comes about within ten seconds.
  private func reaches(_ isDone: () -> Bool) -> Bool {
    for _ in 0..<10_000 where !isDone() { usleep(1_000) }
    return isDone()
  }

  /// Seconds that a thread of this process has run, by the kernel's accounting.
  private func secondsRun(by thread: Int32) -> Double {
    guard let file = fopen("/proc/self/task/\(thread)/schedstat", "r") else { return .nan }
    defer { fclose(file) }
    var text = [CChar](repeating: 0, count: 96)
    guard fgets(&text, Int32(text.count), file) != nil else { return .nan }
    return 1e-9 * Double(strtoull(text, nil, 10))
  }
}
