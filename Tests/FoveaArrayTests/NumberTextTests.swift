import FoveaArray
import Testing

struct NumberTextTests {
  @Test func exactNumbersHaveTheDecimalsThatTheyHave() {
    let texts = [0, 25, 12.5, 0.125, 1_200, 100].map { NumberText.exact($0) }
    #expect(texts == ["0", "25", "12.5", "0.125", "1,200", "100"])
  }
}
