// What all parts of one batch of downloads share. Each part guards itself.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>

#include "get/open_downloads.hpp"
#include "get/outlet.hpp"
#include "get/placement.hpp"
#include "get/tar_key.hpp"
#include "weft/engine/at_stake.hpp"
#include "weft/engine/budget.hpp"
#include "weft/engine/crew.hpp"
#include "weft/get/checksum_file.hpp"
#include "weft/get/get.hpp"

namespace weft::get {

class GivenNames;
class Verifier;

// Where bodies go.
enum class Keep : std::uint8_t {
  files,    // NAME.part, and NAME once whole and verified
  shards,   // tar files: --tar
  nothing,  // they are verified and dropped: --discard
  stream,   // to standard output as they come: -O -
};

// Are they on the disk in the end, and perhaps in parts before?
constexpr bool keeps_files(Keep keep) { return keep == Keep::files || keep == Keep::shards; }

// What earlier batches left of files that failed, by the fingerprint of their entries.
using LeftParts = std::unordered_map<Fingerprint, PartNote>;

struct GetCounters {
  std::atomic<std::uint64_t> lines{0};
  std::atomic<std::uint64_t> bad_lines{0};
  std::atomic<std::uint64_t> received{0};  // bytes
};

struct GetShared {
  const GetConfig& config;
  const Keep keep;
  const bool keeps_job;
  const ChecksumFile* checksums;  // null: none
  const Clock& clock;
  Frontier& frontier;
  SinkThread& sinks;
  Budget& budget;
  AtStake& at_stake;
  const Placement& placement;
  const Folder* folder;  // null where no file is kept
  NameClaims* claims;    // null but for Keep::files
  GivenNames* given;     // as claims; null also where no job is kept
  TarKeys* keys;         // null but for Keep::shards
  FormerFiles* former;   // null: nothing is known of files that are there
  const LeftParts& left_parts;
  OpenOutlet open_outlet;
  ReopenOutlet reopen_outlet;
  OpenDownloads& open;
  Verifier& verifier;
  GetCounters& counters;
  std::function<void(StopHow, StopReason)> stop;
  std::function<void(std::string message)> fail_run;  // nothing can be written any more
  std::function<void(const Url&, std::string_view path, std::string_view why_not)> on_planned;
};

}  // namespace weft::get
