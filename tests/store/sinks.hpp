// Sinks and files for the tests of this room.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "weft/store/sink.hpp"

namespace weft::test {

inline Record record_of(std::uint64_t sequence) {
  return Record{.sequence = sequence, .url = "http://h.example/" + std::to_string(sequence)};
}

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

// A directory of its own, gone with the object.
class TempDir {
 public:
  TempDir() {
    std::string path = (std::filesystem::temp_directory_path() / "weft-test-XXXXXX").string();
    path_ = ::mkdtemp(path.data());
  }
  TempDir(const TempDir&) = delete;
  TempDir& operator=(const TempDir&) = delete;
  ~TempDir() { std::filesystem::remove_all(path_); }

  std::string operator/(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

inline std::string contents(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

}  // namespace weft::test
