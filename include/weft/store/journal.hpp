// What the sink thread takes: one settled task with all that came of it, so that one
// transaction can carry it whole; or news that belongs to no record (seeds, a host's mood).
//
// Threads: values.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "weft/base/clock.hpp"
#include "weft/store/record.hpp"

namespace weft {

// A URL admitted: it is queued from now on.
struct AdmittedUrl {
  std::uint64_t id = 0;  // Task::sequence, Record::sequence
  std::string url;
  RecordKind kind = RecordKind::page;
  std::uint32_t depth = 0;
  std::optional<std::uint64_t> via{};  // id of the page it was found on
  std::uint8_t priority = 0;           // as engine has it
  std::uint8_t hops = 0;
  bool requisite = false;
  std::uint64_t fingerprint = 0;  // its identity: unique among admitted URLs, but for
                                  // respelt redirects, which share one
  std::string host;               // whose queue it waits in
};

// A URL that a rule keeps out; each is told once.
struct RefusedUrl {
  std::string url;
  std::string rule;  // "scope", "depth", ...
  std::uint32_t depth = 0;
  std::optional<std::uint64_t> via{};
  std::uint64_t fingerprint = 0;
  bool requisite = false;
};

// An origin's robots.txt as it was had, so that a resumed crawl need not ask again.
struct RobotsNote {
  std::string origin;
  int status = 0;         // of the final response; 0: unreachable
  std::string body{};     // as decoded; empty unless 2xx
  std::string message{};  // why unreachable
  std::string outcome{};  // an outcome's name where unreachable
  Clock::wall_time expires{};
};

// What politeness has learnt of a host.
struct HostNote {
  std::string host;
  Clock::wall_time not_before{};  // Retry-After, set aside
  int slots = 0;                  // adaptive
  Clock::duration delay{};
  int times_set_aside = 0;
  std::string trouble{};
};

// What a list says of an admitted URL that is to be downloaded.
struct DownloadEntry {
  std::uint64_t id = 0;     // AdmittedUrl::id
  std::uint32_t input = 0;  // InputPosition::input
  std::uint64_t line = 0;
  std::string entry{};  // the whole of it, as a line of a list; empty: nothing but the URL
};

// How far an input has been read.
struct InputPosition {
  std::uint32_t input = 0;  // in the order given
  std::string path{};
  std::uint64_t position = 0;  // entries
  bool ended = false;
};

// What is on the disk, for certain, of a file that is not done.
struct PartNote {
  std::uint64_t id = 0;    // AdmittedUrl::id
  std::string path{};      // what the file will be called, below the directory of downloads
  std::uint64_t size = 0;  // of the whole
  std::string url{};       // that it came from
  std::string validator{};
  std::vector<std::pair<std::uint64_t, std::uint64_t>> done{};  // from byte, to before byte
  // When NAME.part was last written, where its entry has failed: nobody writes it any more.
  std::optional<Clock::wall_time> modified{};
};

struct DownloadNews {
  std::vector<DownloadEntry> entries{};
  std::optional<InputPosition> position{};
  std::vector<PartNote> parts{};
  std::vector<Record> duplicates{};      // of entries that ask for what others have asked for
  std::vector<std::string> bad_lines{};  // for failed.txt, where they are comments
};

// How far an output has got.
struct OutputEnd {
  std::string path;  // as it was opened
  std::uint64_t offset = 0;
};

struct JournalEntry {
  std::optional<Record> record{};
  std::vector<AdmittedUrl> admitted{};
  std::vector<RefusedUrl> refused{};
  std::optional<RobotsNote> robots{};
  std::optional<HostNote> host{};
  std::optional<DownloadNews> downloads{};
  std::optional<OutputEnd> output{};  // one that no sink writes
  // The next entry belongs to it: neither is committed alone. Only where one thread pushes.
  bool more_follows = false;
};

}  // namespace weft
