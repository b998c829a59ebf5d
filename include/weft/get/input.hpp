// What is to be downloaded: lists in the formats that people have, pulled entry by entry.
//
//   list      URL, or tab-separated URL<TAB>key=value...; keys out, dir, checksum, header
//             (repeatable), referer, priority, size; further URLs are mirrors of the same file
//   aria2     aria2's input files: tab-separated mirrors, options on indented lines below them
//   csv       RFC 4180 with a header: url and the keys above, in any order
//   jsonl     one JSON object a line, with the same keys
//   metalink  Metalink 4 (RFC 5854) and its forerunner, Metalink 3
//
// Any of them may be gzip. In all of them a bad entry is one entry, and reading goes on.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "weft/base/result.hpp"
#include "weft/engine/task.hpp"
#include "weft/net/http.hpp"
#include "weft/store/digest.hpp"
#include "weft/url/url.hpp"

namespace weft {

namespace get {
class Entries;
class InputBytes;
class InputText;
}  // namespace get

// One file that is wanted.
struct Wanted {
  std::vector<Url> urls{};  // at least one: the first preferred, the rest mirrors
  std::string out{};        // as given; not yet made safe
  std::string dir{};
  std::optional<Checksum> checksum{};
  std::vector<Header> headers{};  // sendable; the referer among them
  Priority priority = Priority::normal;
  std::optional<std::uint64_t> size{};  // bytes, where the input says it
  std::uint64_t line = 0;               // where it begins, 1-based
};

// An entry that cannot be had, and why: "LIST:LINE: WHY" for people.
struct BadLine {
  std::uint64_t line = 0;
  std::string why;
  std::string text{};  // what it says, perhaps cut; empty where the format has no lines
};

// What a person should know of an entry that is good all the same. No entry itself.
struct InputNote {
  std::uint64_t line = 0;
  std::string text;
};

using InputEntry = std::variant<Wanted, BadLine, InputNote>;

enum class InputFormat : std::uint8_t { automatic, list, aria2, csv, jsonl, metalink };

// "auto", "list", ...: nothing for another name.
std::optional<InputFormat> input_format_named(std::string_view name);

// An entry as a line of a list that reads back as the same, but for its `line`. No newline.
std::string list_line(const Wanted& wanted);
// The other way. Nothing but the line is read: no comment, no aria2 option.
Result<Wanted> parse_list_line(std::string_view line);

// Of one entry, whatever its format; a longer one is bad.
inline constexpr std::size_t kLongestEntry = 1u << 20;

// One input, read once, in memory that does not grow with its length.
//
// Threads: one at a time, but for stop().
// Errors:  what prevents reading on, for people, with the input's name; after one there is
//          nothing more. What was read before it stands.
class InputReader {
 public:
  // "-" is standard input. `skip` entries, which an earlier reader handed out, are passed over.
  // Of an ordinary file the format is found here, so that what is no list is refused at once;
  // of a pipe by next(), which may wait.
  static Result<std::unique_ptr<InputReader>> open(const std::string& path,
                                                   InputFormat format = InputFormat::automatic,
                                                   std::uint64_t skip = 0);
  InputReader(const InputReader&) = delete;
  InputReader& operator=(const InputReader&) = delete;
  ~InputReader();

  // Nothing at the end, and once stopped. Waits where a pipe has nothing yet.
  Result<std::optional<InputEntry>> next();

  // From any thread: a next() that waits returns, and there is nothing more.
  void stop();

  // Entries (wanted or bad) handed out so far, those skipped included: where a later reader
  // of the same input goes on.
  std::uint64_t position() const { return position_; }
  const std::string& name() const { return name_; }  // for messages
  bool can_be_read_again() const;                    // an ordinary file: not a pipe

 private:
  InputReader(std::string name, std::unique_ptr<get::InputBytes> bytes, InputFormat format,
              std::uint64_t skip);

  Result<void> begin();  // finds the format
  Result<bool> advance();
  Result<void> skip();
  tl::unexpected<Error> broken(const Error& why);

  const std::string name_;
  InputFormat format_;
  std::uint64_t to_skip_;
  std::uint64_t position_ = 0;
  bool ended_ = false;
  std::unique_ptr<get::InputText> text_;
  std::deque<InputNote> notes_;
  std::unique_ptr<get::Entries> entries_;
};

}  // namespace weft
