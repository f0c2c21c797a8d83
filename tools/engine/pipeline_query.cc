#include "tools/engine/pipeline_query.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "core/expression_parser.h"
#include "core/suggest.h"
#include "fmt/format.h"
#include "tools/engine/expression_setting.h"
#include "tools/engine/message_text.h"
#include "tools/engine/pipeline_columns.h"
#include "tools/engine/pipeline_measures.h"
#include "tools/engine/pipeline_output_names.h"
#include "tools/engine/pipeline_velocity.h"
#include "tools/engine/pipeline_window.h"

namespace onrush {
namespace {

using Kind = TomlValue::Kind;

enum class Type { kTopK, kVelocity, kAggregate };

// What a type knows besides the settings of every query.
struct TypeRules {
  std::string_view name;
  Type type;
  std::vector<std::string_view> keys;
};

const std::vector<TypeRules>& AllTypes() {
  static const std::vector<TypeRules> kTypes = {
      {"top_k", Type::kTopK, {"window", "k", "by", "late_updates"}},
      {"velocity",
       Type::kVelocity,
       {"within", "count_over", "distinct_at_least", "sum_over", "cooldown"}},
      {"aggregate", Type::kAggregate, {"window", "compute", "emit", "late_updates"}}};
  return kTypes;
}

class QueryReader {
 public:
  QueryReader(const SettingTable& settings, const std::vector<StreamSettings>& streams)
      : settings_(settings), streams_(streams) {}

  std::optional<QueryPlan> Read() {
    const TypeRules* rules = ReadType();
    const TomlValue* name =
        settings_.Require("name", Kind::kString, "a name, which every output line carries");
    if (name != nullptr && name->text.empty()) settings_.Error("name", "nothing", "a name");
    if (name != nullptr) plan_.name = name->text;
    ReadStreamName();
    const ColumnFinder columns(stream_);
    ReadKey(columns, rules);
    ReadWhere(columns);
    ReadMaxKeys();
    const bool kind_read = rules != nullptr && ReadKind(*rules, columns);
    ReadLateness(rules);
    if (!kind_read || !key_read_ || !columns.ready()) return std::nullopt;
    CheckOutputNames(plan_, stream_->plan, settings_);
    return std::move(plan_);
  }

 private:
  const TypeRules* ReadType() {
    const std::vector<TypeRules>& types = AllTypes();
    std::vector<std::string_view> names;
    for (const TypeRules& rules : types) names.push_back(rules.name);
    const std::optional<size_t> choice = settings_.RequireChoice("type", names);
    if (!choice) return nullptr;
    std::vector<std::string_view> keys = {
        "name", "type", "from", "key", "where", "max_keys", "allowed_lateness"};
    keys.insert(keys.end(), types[*choice].keys.begin(), types[*choice].keys.end());
    settings_.CheckKeys(types[*choice].name, keys);
    return &types[*choice];
  }

  void ReadStreamName() {
    std::vector<std::string_view> names;
    for (const StreamSettings& stream : streams_) names.push_back(stream.plan.name);
    const TomlValue* from = settings_.Get("from", Kind::kString, DescribeChoices("", names, ""));
    if (!settings_.Has("from") && streams_.size() > 1) {
      settings_.MissingError("from", DescribeChoices("", names, ""));
    }
    if (!settings_.Has("from") && streams_.size() == 1) stream_ = &streams_[0];
    if (from == nullptr) return;
    const auto named = std::find(names.begin(), names.end(), from->text);
    if (named == names.end()) {
      settings_.Error("from", fmt::format("{}, no stream of this file", Quoted(from->text)),
                      DescribeChoices(from->text, names, "a stream"));
      return;
    }
    plan_.stream = static_cast<size_t>(named - names.begin());
    stream_ = &streams_[plan_.stream];
  }

  void ReadKey(const ColumnFinder& columns, const TypeRules* rules) {
    constexpr std::string_view kExample = "a field or a list of fields";
    const TomlValue* key = settings_.Find("key");
    if (key == nullptr) {
      key_read_ = rules != nullptr && rules->type == Type::kAggregate;
      if (rules != nullptr && !key_read_) settings_.MissingError("key", kExample);
    } else if (key->kind == Kind::kString) {
      key_read_ = AddKeyColumn(columns, *key);
    } else if (key->kind == Kind::kArray && !key->items.empty()) {
      key_read_ = std::all_of(key->items.begin(), key->items.end(), [&](const TomlValue& item) {
        if (item.kind == Kind::kString) return AddKeyColumn(columns, item);
        settings_.errors().Add(item.position, settings_.PathOf("key"), Describe(item), kExample);
        return false;
      });
    } else {
      settings_.Error("key", key->kind == Kind::kArray ? "an empty list" : Describe(*key),
                      kExample);
    }
  }

  bool AddKeyColumn(const ColumnFinder& columns, const TomlValue& name) {
    const std::optional<size_t> column = columns.Find(settings_, "key", name);
    if (!column) return false;
    if (std::find(plan_.key.begin(), plan_.key.end(), *column) != plan_.key.end()) {
      settings_.errors().Add(name.position, settings_.PathOf("key"),
                             fmt::format("{} twice", Quoted(name.text)), "each field once");
      return false;
    }
    plan_.key.push_back(*column);
    return true;
  }

  void ReadWhere(const ColumnFinder& columns) {
    const TomlValue* where =
        settings_.Get("where", Kind::kString, "a condition such as \"kind = 'sale'\"");
    if (where == nullptr || !columns.ready()) return;
    plan_.where =
        TakeExpression(settings_, "where", *where,
                       ParseCondition(where->text, columns.plan(), columns.plan().column_count()));
  }

  void ReadMaxKeys() {
    const auto max_keys = settings_.GetInteger("max_keys", 1, UINT32_MAX - 1);
    if (max_keys) plan_.max_keys = static_cast<uint64_t>(*max_keys);
  }

  bool ReadKind(const TypeRules& rules, const ColumnFinder& columns) {
    switch (rules.type) {
      case Type::kTopK:
        return ReadTopK(columns);
      case Type::kAggregate:
        return ReadAggregate(columns);
      case Type::kVelocity:
        break;
    }
    std::optional<VelocityPlan> velocity = ReadVelocity(settings_, columns);
    if (velocity) plan_.kind = *std::move(velocity);
    return velocity.has_value();
  }

  bool ReadTopK(const ColumnFinder& columns) {
    if (!settings_.Has("window")) {
      settings_.MissingError("window", "a table such as { size = '5m', slide = '1m' }");
    }
    std::optional<WindowPlan> window = ReadWindow(settings_);
    std::optional<MeasurePlan> by = ReadRankedBy(settings_, columns);
    const std::optional<int64_t> k = settings_.RequireInteger("k", 1, kMaxTopK);
    if (!window || !by || !k) return false;
    plan_.kind = TopKPlan{*std::move(window), static_cast<uint32_t>(*k), *std::move(by)};
    return true;
  }

  bool ReadAggregate(const ColumnFinder& columns) {
    AggregatePlan aggregate;
    aggregate.window = ReadWindow(settings_);
    std::optional<std::vector<MeasurePlan>> compute = ReadCompute(settings_, columns);
    ReadEmit(aggregate);
    if (!compute || aggregate.window.has_value() != settings_.Has("window")) return false;
    aggregate.compute = *std::move(compute);
    plan_.kind = std::move(aggregate);
    return true;
  }

  void ReadEmit(AggregatePlan& aggregate) {
    const TomlValue* emit = settings_.Find("emit");
    if (emit == nullptr) return;
    if (settings_.Has("window")) {
      settings_.Error("emit", "emit beside a window",
                      "one of the two (windows emit when they end)");
    } else if (emit->kind == Kind::kString && ParseDuration(emit->text).ok()) {
      settings_.errors().AddUnsupported(
          emit->position,
          fmt::format("{} = {}, a duration,", settings_.PathOf("emit"), Quoted(emit->text)));
    } else if (const auto choice = settings_.GetChoice("emit", {"change", "final"})) {
      aggregate.emit = *choice == 0 ? AggregatePlan::Emit::kChange : AggregatePlan::Emit::kFinal;
    }
  }

  // Both settings make sense only where something closes.
  void ReadLateness(const TypeRules* rules) {
    const std::optional<Duration> lateness = settings_.GetDuration("allowed_lateness");
    if (stream_ != nullptr) plan_.allowed_lateness = lateness.value_or(stream_->allowed_lateness);
    const auto choice = settings_.GetChoice("late_updates", {"slide", "each"});
    if (choice && *choice == 1) plan_.late_updates = QueryPlan::LateUpdates::kEach;
    if (rules == nullptr || rules->type != Type::kAggregate || settings_.Has("window")) return;
    for (std::string_view key : {"allowed_lateness", "late_updates"}) {
      if (!settings_.Has(key)) continue;
      settings_.Error(key, fmt::format("{} on a running aggregate, for which nothing is late", key),
                      fmt::format("a window, or no {}", key));
    }
  }

  const SettingTable& settings_;
  const std::vector<StreamSettings>& streams_;
  const StreamSettings* stream_ = nullptr;
  bool key_read_ = false;
  QueryPlan plan_;
};

}  // namespace

std::optional<QueryPlan> ReadQuery(const SettingTable& settings,
                                   const std::vector<StreamSettings>& streams) {
  return QueryReader(settings, streams).Read();
}

}  // namespace onrush
