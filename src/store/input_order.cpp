#include <map>
#include <utility>

#include "weft/store/jsonl.hpp"

namespace weft {

namespace {

class InputOrder final : public Sink {
 public:
  explicit InputOrder(std::unique_ptr<Sink> next) : next_(std::move(next)) {}

  Result<void> write(const Record& record) override {
    if (record.sequence > expected_) {
      early_.emplace(record.sequence, record);
      return {};
    }
    if (auto written = next_->write(record); !written) return written;
    if (record.sequence == expected_) ++expected_;
    return pass_on_due();
  }

  Result<void> flush() override { return next_->flush(); }

  Result<void> close() override {
    while (!early_.empty()) {
      // A stopped run leaves gaps: what never came is not waited for.
      expected_ = early_.begin()->first;
      if (auto written = pass_on_due(); !written) return written;
    }
    return next_->close();
  }

 private:
  Result<void> pass_on_due() {
    while (!early_.empty() && early_.begin()->first <= expected_) {
      const auto due = early_.extract(early_.begin());
      if (auto written = next_->write(due.mapped()); !written) return written;
      if (due.key() == expected_) ++expected_;
    }
    return {};
  }

  const std::unique_ptr<Sink> next_;
  std::uint64_t expected_ = 0;
  std::multimap<std::uint64_t, Record> early_;  // multi: no record is ever lost
};

}  // namespace

std::unique_ptr<Sink> in_input_order(std::unique_ptr<Sink> next) {
  return std::make_unique<InputOrder>(std::move(next));
}

}  // namespace weft
