/// Every op type there is. A test walks the list: no op without a value case, and none that is
/// differentiable without a gradient case.
package enum OpInventory {
  package static let all: [any Op.Type] = [
    Input.self, Variable.self, Constant.self, Elementwise.self, ElementwiseChain.self, Reduce.self,
    ArgMax.self, Softmax.self, MatMul.self, Convolution2D.self, Convolution2DInputGradient.self,
    Convolution2DWeightGradient.self, Pool2D.self, Pool2DGradient.self, BatchNorm.self,
    BatchNormGradient.self, BatchNormInference.self, LayerNorm.self, LayerNormGradient.self,
    Gather.self, ScatterAdd.self, Reshape.self, Permute.self, Slice.self, Pad.self,
    Concatenate.self, Broadcast.self, Dropout.self, ScaledDotProductAttention.self,
    ScaledDotProductAttentionGradient.self, UpdateParameter.self, UpdateMovingAverage.self,
    CachedAttention.self, NormalizePixels.self, Reorder.self, Split.self, Recurrence.self,
    RecurrenceGradient.self, WinogradWeights.self, WinogradConvolution2D.self, CTCLoss.self,
    QuantizedMatMul.self,
  ]
}
