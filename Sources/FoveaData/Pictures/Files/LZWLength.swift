/// How many pixels the compressed data of a GIF stand for, without unfolding them.
///
/// Codes grow from one more bit than the file says to 12; each stands for the pixels of the code
/// before and one more, so that lengths are all that has to be remembered (Welch 1984; GIF89a,
/// appendix F).
enum LZWLength {
  private static let largestCode = 4096

  /// The pixels of `data`, up to `limit`.
  ///
  /// - Parameter data: the byte that says how many bits a pixel has, then sub-blocks.
  /// - Returns: fewer than `limit` where the data end early, or go on with a code that there is
  ///   not yet.
  static func pixels(in data: ByteReader, limit: Int) -> Int {
    guard let bits = data.byte(at: 0), (1...11).contains(bits) else { return 0 }
    let clear = 1 << bits
    var lengths = [Int](repeating: 1, count: largestCode)
    var (next, size) = (clear + 2, bits + 1)
    var previous: Int?
    var pixels = 0
    var (buffer, bufferedBits) = (0, 0)
    var position = 1
    while pixels < limit, let count = data.byte(at: position), count > 0,
      let block = data.slice(at: position + 1, count: count)
    {
      position += 1 + count
      for byte in block {
        buffer |= Int(byte) << bufferedBits
        bufferedBits += 8
        while bufferedBits >= size {
          let code = buffer & (1 << size - 1)
          buffer >>= size
          bufferedBits -= size
          if code == clear {
            (next, size, previous) = (clear + 2, bits + 1, nil)
            continue
          }
          if code == clear + 1 { return pixels }
          if let before = previous {
            guard code <= next, code < next || next < largestCode else { return pixels }
            if next < largestCode {
              lengths[next] = lengths[before] + 1
              next += 1
              if next == 1 << size, size < 12 { size += 1 }
            }
          } else if code > clear {
            return pixels
          }
          pixels += lengths[code]
          if pixels >= limit { return limit }
          previous = code
        }
      }
    }
    return pixels
  }
}
