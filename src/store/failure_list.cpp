#include "weft/store/failure_list.hpp"

#include <algorithm>
#include <utility>

#include "store/output_file.hpp"

namespace weft {

namespace {

class FailureList final : public Sink {
 public:
  explicit FailureList(OutputFile file) : file_(std::move(file)) {}

  Result<void> write(const Record& record) override {
    if (record.entry.empty()) return {};
    const std::string why = record.error ? record.error->message : std::string();
    if (auto done = comment(fmt::format("{}: {}", name(record.outcome), why)); !done) return done;
    file_.buffer() += record.entry;
    return file_.end_line();
  }
  Result<void> write_bad_line(std::string_view line) override { return comment(line); }
  Result<void> flush() override { return file_.flush(); }
  Result<void> close() override { return file_.close(); }
  std::optional<OutputEnd> end() const override { return file_.end(); }

 private:
  // Of one line, whatever it holds.
  Result<void> comment(std::string_view text) {
    std::string line = fmt::format("# {}", text);
    std::ranges::replace_if(
        line, [](char c) { return static_cast<unsigned char>(c) < 0x20; }, ' ');
    file_.buffer() += line;
    return file_.end_line();
  }

  OutputFile file_;
};

Result<std::unique_ptr<Sink>> sink_of(Result<OutputFile> opened) {
  return std::move(opened).map([](OutputFile file) -> std::unique_ptr<Sink> {
    return std::make_unique<FailureList>(std::move(file));
  });
}

}  // namespace

Result<std::unique_ptr<Sink>> open_failure_list(const std::string& path, OpenMode mode) {
  return sink_of(OutputFile::open(path, mode));
}

Result<std::unique_ptr<Sink>> reopen_failure_list(const std::string& path, std::uint64_t end) {
  return sink_of(OutputFile::reopen(path, end));
}

}  // namespace weft
