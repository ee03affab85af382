// Whoever writes a network speaks of shapes and host arrays in the same breath.
@_exported public import FoveaArray
