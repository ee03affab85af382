import FoveaArray
import Testing

struct MachineMemoryTests {
  @Test func whatLinuxSaysIsReadWithSwap() {
    let text = "MemTotal: 9000 kB\nMemAvailable:    3000 kB\nSwapFree:   500 kB\n"
    #expect(MachineMemory.free(meminfo: text) == 3500 * 1024)
    #expect(MachineMemory.free(meminfo: "MemAvailable: 9223372036854775807 kB") == .max)
    #expect(MachineMemory.free(meminfo: "") == nil)
  }

  @Test func aControlGroupLeavesItsLimitLessWhatIsUsed() {
    func left(_ limit: String?, _ used: String?, _ statistics: String = "") -> Int? {
      MachineMemory.left(limit: limit, used: used, statistics: statistics)
    }
    #expect(left("1000\n", "300\n") == 700)
    #expect(left("1000\n", "900\n", "anon 1\ninactive_file 250\nfile 400\n") == 350)
    #expect(left("1000", "1200") == 0)
    #expect(left("max\n", "300") == nil && left(nil, "300") == nil)
    #expect(left("9223372036854771712", "300") == nil)
  }

  @Test func theGroupAndThoseAroundItAreLookedAt() {
    #expect(
      MachineMemory.controlGroups("0::/a/b\n")
        == ["/sys/fs/cgroup", "/sys/fs/cgroup/a", "/sys/fs/cgroup/a/b"])
    #expect(
      MachineMemory.controlGroups("5:cpu:/x\n4:memory,foo:/m\n")
        == ["/sys/fs/cgroup/memory", "/sys/fs/cgroup/memory/m"])
    #expect(MachineMemory.controlGroups("nonsense") == [])
  }

  @Test func thereIsSomeAndNotAll() throws {
    #expect(MachineMemory.availableBytes > 1 << 20)
    #expect(throws: InputError.self) {
      try MachineMemory.require(.max, for: "a dream", advice: "Wake up")
    }
    try MachineMemory.require(1, for: "a byte", advice: "")
  }

  @Test func sizesStopAtTheLargestNumber() {
    #expect(SizeArithmetic.product([3, 4, 5]) == 60)
    #expect(SizeArithmetic.product([1 << 40, 1 << 40]) == .max)
    #expect(SizeArithmetic.product([1 << 40, 1 << 40, 0]) == 0)
    #expect(SizeArithmetic.sum([.max, 1]) == .max && SizeArithmetic.sum([1, 2]) == 3)
  }
}
