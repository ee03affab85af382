import CMedia
import FoveaArray

/// The spectrum of real numbers, by libavutil's fast Fourier transform.
///
/// Belongs to the thread that made it; all its pointers are here.
@safe final class FourierTransform {
  /// How many numbers are transformed: a power of two.
  let size: Int
  private let context: OpaquePointer
  private let transform: av_tx_fn
  private let input: UnsafeMutablePointer<Float>
  private let output: UnsafeMutablePointer<AVComplexFloat>

  /// A transform of `size` numbers.
  init(size: Int) {
    var context: OpaquePointer?
    var transform: av_tx_fn?
    var scale: Float = 1
    let status = unsafe av_tx_init(
      &context, &transform, AV_TX_FLOAT_RDFT, 0, Int32(size), &scale, 0)
    let input = unsafe av_mallocz(size * MemoryLayout<Float>.size)
    let output = unsafe av_mallocz((size / 2 + 1) * MemoryLayout<AVComplexFloat>.size)
    guard status >= 0, let context = unsafe context, let transform = unsafe transform,
      let input = unsafe input, let output = unsafe output
    else { fatalError("sound: libavutil has no Fourier transform of \(size) numbers") }
    self.size = size
    unsafe self.context = context
    unsafe self.transform = transform
    unsafe self.input = input.bindMemory(to: Float.self, capacity: size)
    unsafe self.output = output.bindMemory(to: AVComplexFloat.self, capacity: size / 2 + 1)
  }

  deinit {
    var context: OpaquePointer? = unsafe context
    unsafe av_tx_uninit(&context)
    unsafe av_free(input)
    unsafe av_free(output)
  }

  /// |X[k]|² for k = 0…size / 2 of the numbers times a window, zeros around it.
  ///
  /// - Parameters:
  ///   - samples: a recording.
  ///   - start: where the first number lies; before the beginning and behind the end are zeros.
  ///   - window: `size` weights.
  ///   - power: is given the result.
  func power(
    of samples: [Float], from start: Int, window: [Float], into power: inout [Float]
  ) {
    for index in 0..<size {
      let place = start + index
      let isInside = place >= 0 && place < samples.count
      unsafe input[index] = isInside ? samples[place] * window[index] : 0
    }
    unsafe transform(context, output, input, MemoryLayout<Float>.stride)
    for bin in 0...(size / 2) {
      let value = unsafe output[bin]
      power[bin] = value.re * value.re + value.im * value.im
    }
  }
}
