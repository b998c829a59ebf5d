// All that is known of one settled URL: what sinks write and users read.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "weft/base/outcome.hpp"
#include "weft/net/http.hpp"

namespace weft {

enum class RecordKind : std::uint8_t { page, robots, sitemap };
std::string_view name(RecordKind kind);

struct RecordError {
  std::string code;     // an outcome's name or a rule's: "timeout", "robots"
  std::string message;  // for people
};

// One link of a page, as --links writes it.
struct LinkRecord {
  std::string from;
  std::string to;  // resolved
  std::string kind;
  std::string text;
};

// What a URL was when it was last had, for asking whether it has changed.
struct LastVisit {
  std::string etag;
  std::string last_modified;
  std::string digest;
  Outcome outcome = Outcome::ok;

  // Whole: of what was cut or broken nobody has the rest that a 304 would leave out.
  bool was_had() const { return weft::was_had(outcome); }
};

struct Record {
  std::uint64_t sequence = 0;  // order of admission, dense from 0
  std::string url{};
  RecordKind kind = RecordKind::page;
  Outcome outcome = Outcome::ok;
  int status = 0;  // 0: null
  std::uint32_t depth = 0;
  std::string via{};  // empty: null
  std::string location{};
  std::string media_type{};
  std::string charset{};
  std::uint64_t bytes = 0;
  std::uint64_t wire_bytes = 0;
  std::string digest{};  // "sha256:..." of the decoded body; empty: null
  std::uint32_t links = 0;
  std::string title{};
  std::uint32_t attempts = 0;
  std::optional<Clock::wall_time> fetched_at{};
  Timings ms{};
  std::string ip{};
  std::string http{};
  std::optional<RecordError> error{};
  std::string rule{};  // the rule that decided, where one refused
  std::string file{};  // where its body is, below the directory of downloads; empty: null
  std::optional<Clock::wall_time> file_modified{};  // of `file`, as it was kept; in job.db alone
  std::string entry{};                              // of a list, for failed.txt; not in the record
  std::string host{};                               // for tallies; not written
  std::string etag{};                               // validators for a later visit; in job.db alone
  std::string last_modified{};
  std::string change{};  // at a later visit: "new", "changed", "unchanged", "gone"; else empty
  std::vector<LinkRecord> link_records{};  // only where --links wants them; not in the record
};

}  // namespace weft
