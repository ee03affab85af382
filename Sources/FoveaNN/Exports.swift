// Whoever writes a layer writes in terms of tensors.
@_exported public import FoveaGraph
