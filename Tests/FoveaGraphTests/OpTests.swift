import FoveaArray
import FoveaGraph
import FoveaTestSupport
import Testing

struct OpTests {
  static let cases =
    elementwiseCases + shapeOpCases + reductionCases + matMulCases + convolutionCases
    + poolingCases + normalizationCases + attentionCases + gradientOpCases + randomCases
    + emptyCases + recurrentCases + ctcCases + quantizedMatMulCases

  @Test(arguments: cases)
  func valueAgreesWithThePlainLoop(_ opCase: OpCase) throws { try opCase.checkValue() }

  @Test(arguments: cases)
  func gradientAgreesWithDifferences(_ opCase: OpCase) throws { try opCase.checkGradient() }
}
