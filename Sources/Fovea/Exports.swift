// What somebody needs who trains, compares and predicts: one import.
@_exported public import FoveaData
@_exported public import FoveaDrawing
@_exported public import FoveaExplain
@_exported public import FoveaInference
@_exported public import FoveaMetrics
@_exported public import FoveaNN
@_exported public import FoveaRuns
@_exported public import FoveaText
@_exported public import FoveaTrain
