// A sink that keeps what it is given.
#pragma once

#include <vector>

#include "weft/store/sink.hpp"

namespace weft::test {

// Threads:   written to on the sink thread; `records` may be read once the run has been joined.
// Ownership: `records` must outlive it.
class KeptRecords final : public Sink {
 public:
  explicit KeptRecords(std::vector<Record>& records) : records_(records) {}
  Result<void> write(const Record& record) override {
    records_.push_back(record);
    return {};
  }

 private:
  std::vector<Record>& records_;
};

}  // namespace weft::test
