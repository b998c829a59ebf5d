// What the sink thread takes: one settled task with all that came of it, so that one
// transaction can carry it whole; or news that belongs to no record (seeds, a host's mood).
//
// Threads: values.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
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

struct JournalEntry {
  std::optional<Record> record{};
  std::vector<AdmittedUrl> admitted{};
  std::vector<RefusedUrl> refused{};
  std::optional<RobotsNote> robots{};
  std::optional<HostNote> host{};
  // The next entry belongs to it: neither is committed alone. Only where one thread pushes.
  bool more_follows = false;
};

}  // namespace weft
