import CMedia

/// Brings frames of sound to floating-point channels at another sample rate, by libswresample.
@safe final class Resampler {
  let channels: Int
  private let context: OpaquePointer
  private let format: Int32
  private let sourceRate: Int32
  private let rate: Int32

  /// A resampler for frames like this one; `nil` where libswresample has none.
  init?(from frame: UnsafeMutablePointer<AVFrame>, to rate: Int) {
    channels = unsafe Int(frame.pointee.ch_layout.nb_channels)
    format = unsafe frame.pointee.format
    sourceRate = unsafe frame.pointee.sample_rate
    self.rate = Int32(rate)
    var layout = unsafe AVChannelLayout()
    unsafe av_channel_layout_default(&layout, Int32(channels))
    var other = unsafe layout
    var made: OpaquePointer?
    // Channels are kept apart, in their order, whatever the file calls them.
    let status = unsafe swr_alloc_set_opts2(
      &made, &layout, AV_SAMPLE_FMT_FLTP, Int32(rate), &other, AVSampleFormat(format), sourceRate,
      0, nil)
    guard status == 0, let context = unsafe made, unsafe swr_init(context) == 0 else {
      unsafe swr_free(&made)
      return nil
    }
    unsafe self.context = context
  }

  /// A resampler of one floating-point channel.
  init(from sourceRate: Int, to rate: Int) {
    channels = 1
    format = AV_SAMPLE_FMT_FLTP.rawValue
    self.sourceRate = Int32(sourceRate)
    self.rate = Int32(rate)
    var layout = unsafe AVChannelLayout()
    unsafe av_channel_layout_default(&layout, 1)
    var other = unsafe layout
    var made: OpaquePointer?
    let status = unsafe swr_alloc_set_opts2(
      &made, &layout, AV_SAMPLE_FMT_FLTP, Int32(rate), &other, AV_SAMPLE_FMT_FLTP,
      Int32(sourceRate), 0, nil)
    guard status == 0, let context = unsafe made, unsafe swr_init(context) == 0 else {
      fatalError("sound: libswresample cannot go from \(sourceRate) to \(rate)")
    }
    unsafe self.context = context
  }

  deinit {
    var context: OpaquePointer? = unsafe context
    unsafe swr_free(&context)
  }

  /// Whether a frame is like the first.
  func fits(_ frame: UnsafeMutablePointer<AVFrame>) -> Bool {
    unsafe frame.pointee.format == format && frame.pointee.sample_rate == sourceRate
      && Int(frame.pointee.ch_layout.nb_channels) == channels
  }

  /// What comes out for a frame, channel by channel: all the same length.
  func convert(_ frame: UnsafeMutablePointer<AVFrame>) throws -> [[Float]] {
    let count = unsafe frame.pointee.nb_samples
    let capacity = unsafe swr_get_out_samples(context, count)
    return unsafe collect(capacity) { output, capacity in
      // The pointers to channels are read, not written.
      let data = unsafe UnsafeMutableRawPointer(frame.pointee.extended_data)?
        .assumingMemoryBound(to: UnsafePointer<UInt8>?.self)
      return unsafe swr_convert(context, output, capacity, data, count)
    }
  }

  /// What comes out for samples of the one channel.
  func convert(_ samples: [Float]) -> [Float] {
    let capacity = unsafe swr_get_out_samples(context, Int32(samples.count))
    return unsafe samples.withUnsafeBytes { bytes in
      var input: UnsafePointer<UInt8>? = unsafe bytes.baseAddress?.assumingMemoryBound(
        to: UInt8.self)
      return unsafe collect(capacity) { output, capacity in
        unsafe swr_convert(context, output, capacity, &input, Int32(samples.count))
      }[0]
    }
  }

  /// What is left at the end.
  func finish() throws -> [[Float]] {
    let capacity = unsafe swr_get_out_samples(context, 0)
    return unsafe collect(capacity) { output, capacity in
      unsafe swr_convert(context, output, capacity, nil, 0)
    }
  }

  private func collect(
    _ capacity: Int32,
    _ convert: (UnsafeMutablePointer<UnsafeMutablePointer<UInt8>?>, Int32) -> Int32
  ) -> [[Float]] {
    guard capacity > 0 else { return [[Float]](repeating: [], count: channels) }
    let room = Int(capacity)
    let memory = UnsafeMutablePointer<Float>.allocate(capacity: room * channels)
    unsafe memory.initialize(repeating: 0, count: room * channels)
    defer { unsafe memory.deallocate() }
    var pointers: [UnsafeMutablePointer<UInt8>?] = unsafe (0..<channels).map { channel in
      unsafe UnsafeMutableRawPointer(memory + channel * room).assumingMemoryBound(to: UInt8.self)
    }
    let count = unsafe pointers.withUnsafeMutableBufferPointer { buffer in
      guard let first = buffer.baseAddress else { return Int32(0) }
      return unsafe convert(first, capacity)
    }
    return (0..<channels).map { channel in
      unsafe Array(
        UnsafeBufferPointer(start: memory + channel * room, count: max(Int(count), 0)))
    }
  }
}

extension Sound {
  /// The recording with another number of samples a second.
  ///
  /// - Throws: `InputError` for a number that is not one of `SoundLimits.sampleRates`.
  public func resampled(to rate: Int) throws -> Sound {
    try SoundLimits.check(sampleRate: rate)
    guard rate != sampleRate else { return self }
    let resampler = Resampler(from: sampleRate, to: rate)
    var result: [Float] = []
    for start in stride(from: 0, to: samples.count, by: 1 << 16) {
      result += resampler.convert(Array(samples[start..<min(start + 1 << 16, samples.count)]))
    }
    result += try resampler.finish()[0]
    return Sound(sampleRate: rate, made: result)
  }
}
