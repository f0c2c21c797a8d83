#include "operators/accumulators.h"

#include "core/check.h"
#include "operators/accumulator_column.h"
#include "operators/count_column.h"
#include "operators/measures.h"

namespace onrush {
namespace {

template <typename Measure>
std::unique_ptr<Accumulators> Make(Measure measure) {
  return std::make_unique<AccumulatorColumn<Measure>>(std::move(measure));
}

template <bool kAverage>
std::unique_ptr<Accumulators> MakeSum(size_t column, ValueType type) {
  ONRUSH_CHECK(IsNumber(type));
  if (type.kind == TypeKind::kFloat) return Make(FloatSumMeasure<kAverage>{column});
  return Make(ExactSumMeasure<kAverage>{column, type.scale});
}

template <typename Values>
std::unique_ptr<Accumulators> MakeOver(MeasurePlan::Kind kind, size_t column, ValueType type) {
  switch (kind) {
    case MeasurePlan::Kind::kMin:
      return Make(ExtremeMeasure<Values, true>{column, type});
    case MeasurePlan::Kind::kMax:
      return Make(ExtremeMeasure<Values, false>{column, type});
    case MeasurePlan::Kind::kFirst:
      return Make(EndpointMeasure<Values, true>{column, type});
    case MeasurePlan::Kind::kLast:
      return Make(EndpointMeasure<Values, false>{column, type});
    case MeasurePlan::Kind::kDistinct:
      return Make(DistinctMeasure<Values>{column});
    case MeasurePlan::Kind::kCount:
    case MeasurePlan::Kind::kSum:
    case MeasurePlan::Kind::kAvg:
      break;
  }
  ONRUSH_CHECK(false);
}

}  // namespace

std::unique_ptr<Accumulators> MakeAccumulators(const StreamPlan& stream,
                                               const MeasurePlan& measure) {
  if (measure.kind == MeasurePlan::Kind::kCount) return std::make_unique<CountColumn>();
  const ValueType type = stream.column_type(measure.column);
  if (measure.kind == MeasurePlan::Kind::kSum) return MakeSum<false>(measure.column, type);
  if (measure.kind == MeasurePlan::Kind::kAvg) return MakeSum<true>(measure.column, type);
  if (type.kind == TypeKind::kString) {
    return MakeOver<StringValues>(measure.kind, measure.column, type);
  }
  if (type.kind == TypeKind::kFloat) {
    return MakeOver<FloatValues>(measure.kind, measure.column, type);
  }
  return MakeOver<ScalarValues>(measure.kind, measure.column, type);
}

}  // namespace onrush
