// Jobs that hold one batch of downloads after the other.
#include "store/job_state.hpp"

namespace weft {

namespace {

constexpr const char* kFirst = "batch_begins";  // the least id of the last batch
constexpr const char* kNumber = "batch";
constexpr const char* kDone = "finished";

}  // namespace

Result<std::uint64_t> JobDb::State::first_of_batch() { return number_in_meta(kFirst, 0); }

Result<std::uint64_t> JobDb::batch() { return state_->number_in_meta(kNumber, 1); }

Result<void> JobDb::put_done() { return put_meta(kDone, "yes"); }

Result<void> JobDb::State::put_not_done() { return put_meta(kDone, ""); }

Result<bool> JobDb::is_done() {
  return meta(kDone).map(
      [](const std::optional<std::string>& text) { return text && !text->empty(); });
}

Result<void> JobDb::take_back(std::span<const std::uint64_t> ids) {
  return state_->whole([&]() -> Result<void> {
    Statement queue(*state_->database,
                    "UPDATE url_admitted SET state = 0, outcome = 0, attempts = 0, rule = NULL "
                    "WHERE id = ?");
    Statement forget(*state_->database, "DELETE FROM fetch WHERE url_id = ?");
    for (const std::uint64_t id : ids) {
      if (auto queued = queue.bind(id).run(); !queued) return queued;
      if (auto forgotten = forget.bind(id).run(); !forgotten) return forgotten;
    }
    return ids.empty() ? Result<void>{} : state_->put_not_done();
  });
}

Result<void> JobDb::begin_batch() {
  State& state = *state_;
  const auto number = batch();
  if (!number) return tl::unexpected(number.error());
  const auto first = next_id();
  if (!first) return tl::unexpected(first.error());
  return state.whole([&]() -> Result<void> {
    state.outputs.clear();
    return state.downloads.forget_inputs()
        .and_then([&] { return state.database->run("DELETE FROM output"); })
        .and_then([&] { return state.forget_troubles(); })
        .and_then([&] { return state.put_meta(kFirst, std::to_string(*first)); })
        .and_then([&] { return state.put_meta(kNumber, std::to_string(*number + 1)); })
        .and_then([&] { return state.put_not_done(); });
  });
}

Result<std::vector<LeftPart>> JobDb::left_parts() {
  const auto first = state_->first_of_batch();
  if (!first) return tl::unexpected(first.error());
  return state_->downloads.left_parts(*first);
}

}  // namespace weft
