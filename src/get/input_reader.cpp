#include <utility>

#include "get/csv_entries.hpp"
#include "get/detect.hpp"
#include "get/entries.hpp"
#include "get/input_bytes.hpp"
#include "get/input_text.hpp"
#include "get/json_entries.hpp"
#include "get/line_entries.hpp"
#include "get/metalink_entries.hpp"
#include "weft/get/input.hpp"

namespace weft {

namespace {

constexpr std::size_t kMostText = 1000;  // of a bad entry

constexpr std::pair<std::string_view, InputFormat> kFormatNames[] = {
    {"auto", InputFormat::automatic}, {"list", InputFormat::list},
    {"aria2", InputFormat::aria2},    {"csv", InputFormat::csv},
    {"jsonl", InputFormat::jsonl},    {"metalink", InputFormat::metalink},
};

using Opened = Result<std::unique_ptr<get::Entries>>;

Opened entries_of(InputFormat format, get::InputText& text, get::Notes notes) {
  using get::Indented;
  const auto lines = [&](Indented indented) {
    return std::make_unique<get::LineEntries>(text, std::move(notes), indented);
  };
  switch (format) {
    case InputFormat::list:
      return lines(Indented::url);
    case InputFormat::aria2:
      return lines(Indented::option);
    case InputFormat::automatic:
      return lines(Indented::by_look);
    case InputFormat::csv:
      return get::CsvEntries::open(text, std::move(notes));
    case InputFormat::jsonl:
      return std::make_unique<get::JsonEntries>(text, std::move(notes));
    case InputFormat::metalink:
      return std::make_unique<get::MetalinkEntries>(text, std::move(notes));
  }
  return nullptr;
}

}  // namespace

std::optional<InputFormat> input_format_named(std::string_view name) {
  for (const auto& [known, format] : kFormatNames) {
    if (name == known) return format;
  }
  return std::nullopt;
}

Result<std::unique_ptr<InputReader>> InputReader::open(const std::string& path, InputFormat format,
                                                       std::uint64_t skip) {
  auto bytes = get::InputBytes::open(path);
  const std::string name = path == "-" ? "standard input" : path;
  if (!bytes) return fail("cannot read the list '{}': {}", name, bytes.error().message);
  std::unique_ptr<InputReader> reader(new InputReader(name, std::move(*bytes), format, skip));
  if (reader->text_->is_file()) {
    if (auto begun = reader->begin(); !begun) return reader->broken(begun.error());
  }
  return reader;
}

InputReader::InputReader(std::string name, std::unique_ptr<get::InputBytes> bytes,
                         InputFormat format, std::uint64_t skip)
    : name_(std::move(name)),
      format_(format),
      to_skip_(skip),
      text_(std::make_unique<get::InputText>(std::move(bytes))) {}

InputReader::~InputReader() = default;

void InputReader::stop() { text_->stop(); }

bool InputReader::can_be_read_again() const {
  return text_->is_file() && name_ != "standard input";
}

tl::unexpected<Error> InputReader::broken(const Error& why) {
  ended_ = true;
  if (position_ == 0) return fail("cannot read the list '{}': {}", name_, why.message);
  return fail("cannot read the list '{}' to its end: {}", name_, why.message);
}

Result<void> InputReader::begin() {
  const auto format = get::detect(*text_, format_);
  if (!format) return tl::unexpected(format.error());
  auto entries = entries_of(*format, *text_, get::Notes(notes_));
  if (!entries) return tl::unexpected(entries.error());
  entries_ = std::move(*entries);
  return {};
}

Result<void> InputReader::skip() {
  for (; to_skip_ > 0; --to_skip_) {
    const auto more = entries_->advance();
    if (!more) return tl::unexpected(more.error());
    if (text_->stopped()) return {};
    if (!*more) {
      return fail("it has {} entries now, and {} were read from it before", position_,
                  position_ + to_skip_);
    }
    ++position_;
  }
  notes_.clear();
  return {};
}

Result<std::optional<InputEntry>> InputReader::next() {
  if (ended_) return std::nullopt;
  if (!entries_) {
    if (auto begun = begin(); !begun) return broken(begun.error());
  }
  if (to_skip_ > 0) {
    if (auto skipped = skip(); !skipped) return broken(skipped.error());
  }
  if (!notes_.empty()) {
    InputEntry note = std::move(notes_.front());
    notes_.pop_front();
    return note;
  }
  const auto more = entries_->advance();
  // What was read while it was being stopped may lack its end.
  if (text_->stopped()) ended_ = true;
  if (ended_) return std::nullopt;
  if (!more) return broken(more.error());
  if (!*more) {
    ended_ = true;
    return std::nullopt;
  }
  ++position_;
  get::GoodOrBad entry = entries_->entry();
  if (auto* bad = std::get_if<BadLine>(&entry)) bad->text = entries_->text().substr(0, kMostText);
  return std::visit([](auto&& one) -> InputEntry { return std::forward<decltype(one)>(one); },
                    std::move(entry));
}

}  // namespace weft
