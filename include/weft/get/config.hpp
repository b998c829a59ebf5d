// What a batch of downloads is asked to do: one plain struct, filled by cli or by a program that
// uses the library.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "weft/base/clock.hpp"
#include "weft/base/units.hpp"
#include "weft/get/input.hpp"
#include "weft/get/name_claims.hpp"
#include "weft/get/name_template.hpp"
#include "weft/net/http.hpp"

namespace weft {

struct GetConfig {
  // What is wanted: these first, then what the lists hold, as it is read.
  std::vector<Wanted> wanted{};
  std::vector<std::string> input_files{};  // "-": standard input, at most once
  InputFormat input_format = InputFormat::automatic;

  // The pool. Zero threads: one for each CPU.
  int threads = 0;
  int jobs = 64;  // transfers in flight, all workers together
  int per_host = 4;
  int per_address = 0;  // hosts of one address together; 0: twice per_host
  Clock::duration first_answer = std::chrono::seconds(10);  // of a host that has never answered

  // Politeness.
  Clock::duration wait{};                                      // between two requests to a host
  Clock::duration max_retry_after = std::chrono::minutes(10);  // a longer Retry-After is cut
  bool adaptive = true;
  int tries = 3;
  int redirect_hops = 10;
  PrivateAddresses private_addresses = PrivateAddresses::named_hosts;

  // Where files go.
  std::string directory = ".";
  std::optional<NameTemplate> names{};  // none: {file}
  OnExist on_exist = OnExist::skip;
  bool resume_parts = true;           // go on with partial files that an earlier run left
  bool discard = false;               // verify and record, keep no file
  std::optional<Bytes> shard_size{};  // bodies go into tar files of at most so many (0: any)
  std::string document{};  // the one file's place whatever its name; "-": standard output

  // Large files: parts over several connections. Zero: as many as pay.
  int split = 0;
  Bytes min_split = 20_MiB;  // a part smaller than this does not pay

  std::string checksum_file{};  // "-": standard input; empty: none

  // When it ends. Zero: no limit.
  Bytes max_bytes{};
  Clock::duration max_time{};
  Bytes max_file_size{};
  bool fail_fast = false;

  // Of queued downloads, in memory; lines of lists are read no further ahead than need be.
  std::size_t tasks_in_memory = 20'000;

  bool dry_run = false;  // say what would be fetched to where, fetch nothing
};

}  // namespace weft
