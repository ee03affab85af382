import COneDNN
import FoveaArray

/// oneDNN's processor engine and its status codes.
enum DNNL {
  /// The one engine of the process: it holds no state but the processor's kind.
  nonisolated(unsafe) static let engine: dnnl_engine_t = {
    ProcessorLevel.limitOneDNN()
    var engine: dnnl_engine_t?
    let status = dnnl_engine_create(&engine, dnnl_cpu, 0)
    guard status == dnnl_success, let engine else {
      fatalError("oneDNN has no processor engine: \(name(of: status))")
    }
    return engine
  }()

  static func check(_ status: dnnl_status_t, _ what: @autoclosure () -> String) throws(KernelError)
  {
    if status != dnnl_success { throw KernelError("\(what()): \(name(of: status))") }
  }

  static func name(of status: dnnl_status_t) -> String {
    switch status {
    case dnnl_success: "success"
    case dnnl_out_of_memory: "out of memory"
    case dnnl_invalid_arguments: "invalid arguments"
    case dnnl_unimplemented: "unimplemented"
    case dnnl_runtime_error: "runtime error"
    default: "status \(status.rawValue)"
    }
  }
}

/// A queue on which primitives run one after another; each thread that executes has its own.
final class Stream {
  let handle: dnnl_stream_t

  init() throws(KernelError) {
    var stream: dnnl_stream_t?
    try DNNL.check(
      dnnl_stream_create(&stream, DNNL.engine, dnnl_stream_default_flags.rawValue), "stream")
    guard let stream else { throw KernelError("stream: none was made") }
    handle = stream
  }

  deinit { dnnl_stream_destroy(handle) }
}

/// The version of the oneDNN library that is linked, as it names itself.
package var oneDNNVersion: String {
  guard let version = dnnl_version()?.pointee else { return "unknown" }
  return "\(version.major).\(version.minor).\(version.patch)"
}
