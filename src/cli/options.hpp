// All that a user can ask of `weft crawl`: one plain struct, and the table that fills it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cli/option.hpp"
#include "cli/saved_options.hpp"
#include "weft/base/log.hpp"
#include "weft/crawl/config.hpp"
#include "weft/net/curl_transfers.hpp"
#include "weft/report/progress.hpp"

namespace weft {

enum class RecordOrder : std::uint8_t { completion, input };

// Where results, progress and the log go.
struct OutputOptions {
  std::string directory;  // empty: HOST.weft
  std::string jsonl;      // "-": standard output; empty: none
  std::string links;      // as jsonl
  RecordOrder order = RecordOrder::completion;
  bool keep_job = true;
  ProgressMode progress = ProgressMode::automatic;
  bool quiet = false;
  bool verbose = false;
  std::string log_file;
  std::optional<LogLevel> log_level;
};

struct CrawlOptions {
  std::vector<std::string> urls;         // as written on the command line
  std::vector<std::string> input_files;  // "-": standard input
  std::string config_file;
  std::string update;    // a job to visit again; empty: a new crawl
  SavedOptions to_save;  // what a job remembers of all this
  CrawlConfig crawl;     // without its seeds
  NetConfig net;
  Clock::duration rate{};  // --rate, as the time between two requests
  Bytes limit_rate{};      // 0: no limit
  OutputOptions output;
};

// The options of every command that fetches, and those of crawl, bound to `to`.
OptionTable common_options(CrawlOptions& to);
OptionTable crawl_options(CrawlOptions& to);  // common_options() among them

}  // namespace weft
