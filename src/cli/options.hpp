// All that a user can ask of a command: one plain struct each, and the table that fills it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cli/option.hpp"
#include "cli/saved_options.hpp"
#include "weft/base/log.hpp"
#include "weft/crawl/config.hpp"
#include "weft/get/config.hpp"
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

// What every command that fetches can be asked.
struct CommonOptions {
  std::vector<std::string> urls;         // as written on the command line
  std::vector<std::string> input_files;  // "-": standard input
  std::string config_file;
  SavedOptions to_save;  // what a job remembers of all this
  NetConfig net;
  std::string dns_servers;  // as ResolverConfig has them
  Clock::duration rate{};   // --rate, as the time between two requests
  Bytes limit_rate{};       // 0: no limit
  OutputOptions output;
};

struct CrawlOptions : CommonOptions {
  std::string update;  // a job to visit again; empty: a new crawl
  CrawlConfig crawl;   // without its seeds
};

struct GetOptions : CommonOptions {
  GetConfig get;         // without what is wanted
  std::string checksum;  // of the one file
};

// Of a command's own config, what the common options set.
struct EngineOptions {
  int& threads;
  int& jobs;
  int& per_host;
  int& per_address;
  Clock::duration& first_answer;
  Clock::duration& wait;
  bool& adaptive;
  Clock::duration& max_retry_after;
  int& tries;
  PrivateAddresses& private_addresses;
};

// Who names the servers to ask has said that nobody else is to be, /etc/hosts apart.
inline ResolverConfig resolver_config(const std::string& dns_servers, Clock::duration timeout) {
  ResolverConfig config{.timeout = timeout, .dns_servers = dns_servers};
  if (!dns_servers.empty()) config.nsswitch_conf.clear();
  return config;
}

template <class Config>
EngineOptions engine_options(Config& config) {
  return {config.threads,      config.jobs,
          config.per_host,     config.per_address,
          config.first_answer, config.wait,
          config.adaptive,     config.max_retry_after,
          config.tries,        config.private_addresses};
}

// What help says of -o, which names another directory for each command.
struct DirectoryHelp {
  std::string_view help;
  std::string_view otherwise;
};

Option dns_servers_option(std::string& to);

// The options of every command that fetches; then those of each, these among them.
OptionTable common_options(CommonOptions& to, const EngineOptions& engine,
                           const DirectoryHelp& directory);
OptionTable crawl_options(CrawlOptions& to);
OptionTable get_options(GetOptions& to);

}  // namespace weft
