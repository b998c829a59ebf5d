// Sinks for the tests of this room.
#pragma once

#include <string>
#include <vector>

#include "weft/store/sink.hpp"

namespace weft::test {

inline Record record_of(std::uint64_t sequence) {
  return Record{.sequence = sequence, .url = "http://h.example/" + std::to_string(sequence)};
}

inline JournalEntry entry_of(std::uint64_t sequence) { return {.record = record_of(sequence)}; }

// What a SinkSpy saw; read it after the spy's thread has ended.
struct SinkLog {
  std::vector<std::uint64_t> sequences;
  std::vector<std::string> calls;  // "write 0", "flush", "close"
};

// Notes what it is told; refuses the record whose sequence is `fail_at`.
class SinkSpy final : public Sink {
 public:
  explicit SinkSpy(SinkLog& log, std::uint64_t fail_at = ~0ULL) : log_(log), fail_at_(fail_at) {}

  Result<void> write(const Record& record) override {
    log_.calls.push_back("write " + std::to_string(record.sequence));
    if (record.sequence == fail_at_) return fail("no room for {}", record.sequence);
    log_.sequences.push_back(record.sequence);
    return {};
  }
  Result<void> flush() override { return note("flush"); }
  Result<void> close() override { return note("close"); }

 private:
  Result<void> note(const char* call) {
    log_.calls.emplace_back(call);
    return {};
  }

  SinkLog& log_;
  const std::uint64_t fail_at_;
};

}  // namespace weft::test
