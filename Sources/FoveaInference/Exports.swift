// What the signatures of loading, predicting and explaining name: one import for a server.
@_exported public import FoveaData
@_exported public import FoveaExplain
@_exported public import FoveaMetrics
@_exported public import FoveaNN
@_exported public import FoveaRuns
@_exported public import FoveaText
