#include "cli/options.hpp"

#include <algorithm>

#include "cli/values.hpp"

namespace weft {
namespace {

constexpr std::uint64_t kMostThreads = 1024;
constexpr std::uint64_t kMostTransfers = 100'000;
constexpr std::uint64_t kMostTries = 1000;

OptionGroup input(CommonOptions& to) {
  const auto add_file = [&to](std::string_view value) -> Result<void> {
    if (value.empty()) return fail("the file has no name");
    to.input_files.emplace_back(value);
    return {};
  };
  return {"Input",
          {
              {.name = "input-file",
               .letter = 'i',
               .value = "FILE",
               .help = "URLs, one a line, # before comments; '-' is standard input; may be "
                       "repeated",
               .in_job = InJob::first_run,
               .set = add_file},
              {.name = std::string(kConfigOption),
               .value = "FILE",
               .help = "options from a TOML file, same names as here; the command line wins",
               .in_job = InJob::first_run,
               .set = set_text(to.config_file)},
          }};
}

OptionGroup pool(CommonOptions& to, const EngineOptions& engine) {
  return {"Speed and politeness",
          {
              {.name = "threads",
               .value = "N",
               .help = "worker threads",
               .otherwise = "one for each CPU",
               .in_job = InJob::may_change,
               .set = set_count(engine.threads, 0, kMostThreads)},
              {.name = "jobs",
               .letter = 'j',
               .value = "N",
               .help = "transfers in flight, all workers together",
               .otherwise = std::to_string(engine.jobs),
               .in_job = InJob::may_change,
               .set = set_count(engine.jobs, 1, kMostTransfers)},
              {.name = "per-host",
               .letter = 'x',
               .value = "N",
               .help = "transfers in flight to one host",
               .otherwise = std::to_string(engine.per_host),
               .in_job = InJob::may_change,
               .set = set_count(engine.per_host, 1, kMostTransfers)},
              {.name = "per-ip",
               .value = "N",
               .help = "transfers in flight to one address, whatever the names of its hosts",
               .otherwise = "twice --per-host",
               .in_job = InJob::may_change,
               .set = set_count(engine.per_address, 1, kMostTransfers)},
              {.name = "wait",
               .letter = 'w',
               .value = "DUR",
               .help = "least time between two requests to one host: 500ms, 2s, 1m30s",
               .otherwise = "0",
               .in_job = InJob::may_change,
               .set = set_duration(engine.wait)},
              {.name = "rate",
               .value = "N/s",
               .help = "requests per second to one host, at most; also 30/m, 100/h",
               .otherwise = "no limit",
               .in_job = InJob::may_change,
               .set = set_with(to.rate, parse_rate)},
              {.name = "limit-rate",
               .value = "BYTES",
               .help = "bandwidth of the whole run, per second: 200k, 1.5M",
               .otherwise = "no limit",
               .in_job = InJob::may_change,
               .set = set_bytes(to.limit_rate)},
              {.name = "no-adapt",
               .help = "do not slow down for hosts that answer 429, 503, late or not at all",
               .in_job = InJob::may_change,
               .set = turn_off(engine.adaptive)},
              {.name = "max-retry-after",
               .value = "DUR",
               .help = "longest Retry-After obeyed; a longer one is cut",
               .otherwise = to_text(engine.max_retry_after),
               .in_job = InJob::may_change,
               .set = set_duration_or(engine.max_retry_after, std::chrono::hours(24 * 365))},
          }};
}

OptionGroup persistence(CommonOptions& to, const EngineOptions& engine) {
  // A host that has never answered has no longer for it than the timeout allows.
  const auto set_timeout = [set = set_duration(to.net.stall_timeout),
                            &timeout = to.net.stall_timeout, &first = engine.first_answer,
                            usual = engine.first_answer](std::string_view value) -> Result<void> {
    if (auto done = set(value); !done) return done;
    first = timeout == Clock::duration{} ? timeout : std::min(usual, timeout);
    return {};
  };
  return {"Tries and timeouts",
          {
              {.name = "tries",
               .letter = 't',
               .value = "N",
               .help = "attempts per URL",
               .otherwise = std::to_string(engine.tries),
               .in_job = InJob::may_change,
               .set = set_count(engine.tries, 1, kMostTries)},
              {.name = "timeout",
               .letter = 'T',
               .value = "DUR",
               .help = "give up a transfer after so long without progress; 0: never",
               .otherwise = to_text(to.net.stall_timeout),
               .in_job = InJob::may_change,
               .set = set_timeout},
              {.name = "connect-timeout",
               .value = "DUR",
               .help = "give up a name that is not resolved, or a connection that is not made, by "
                       "then",
               .otherwise = to_text(to.net.connect_timeout),
               .in_job = InJob::may_change,
               .set = set_duration(to.net.connect_timeout)},
          }};
}

OptionGroup requests(CommonOptions& to, const EngineOptions& engine) {
  NetConfig& net = to.net;
  const auto add_header = [&net](std::string_view value) -> Result<void> {
    auto header = parse_header(value);
    if (!header) return tl::unexpected(std::move(header).error());
    net.headers.push_back(std::move(*header));
    return {};
  };
  const auto set_private = [&engine](PrivateAddresses which) {
    return [&addresses = engine.private_addresses, which](std::string_view) -> Result<void> {
      addresses = which;
      return {};
    };
  };
  const auto use_http2 = [&net](std::string_view) -> Result<void> {
    net.http = HttpVersion::http2;
    return {};
  };
  return {"Requests",
          {
              {.name = "header",
               .letter = 'H',
               .value = "'K: V'",
               .help = "sent with every request; may be repeated",
               .set = add_header},
              {.name = "user-agent",
               .letter = 'U',
               .value = "S",
               .help = "the User-Agent header",
               .otherwise = net.user_agent,
               .set = set_text(net.user_agent)},
              {.name = "proxy",
               .value = "URL",
               .help = "http, https, socks4 or socks5",
               .otherwise = "from the environment",
               .set = set_text(net.proxy)},
              dns_servers_option(to.dns_servers),
              {.name = "netrc", .help = "log in as ~/.netrc says", .set = turn_on(net.netrc)},
              {.name = "load-cookies",
               .value = "FILE",
               .help = "cookies to start with, in Netscape's format",
               .is_file = true,
               .set = set_text(net.cookie_file)},
              {.name = "cacert",
               .value = "FILE",
               .help = "certificate authorities to trust, as PEM",
               .otherwise = "the system's",
               .is_file = true,
               .set = set_text(net.cacert)},
              {.name = "insecure",
               .letter = 'k',
               .help = "accept any TLS certificate",
               .set = turn_off(net.verify_tls)},
              {.name = "http2",
               .help = "HTTP/2 where TLS offers it, without --limit-rate",
               .set = use_http2},
              {.name = "allow-private",
               .help = "let requests reach loopback, private and link-local addresses",
               .otherwise = "only of hosts named by you",
               .set = set_private(PrivateAddresses::allow)},
              {.name = "deny-private",
               .help = "never let them, not even for hosts named by you",
               .set = set_private(PrivateAddresses::deny)},
          }};
}

OptionGroup output(OutputOptions& to, const DirectoryHelp& directory) {
  const auto set_order = set_choice<RecordOrder>(
      to.order, {{"completion", RecordOrder::completion}, {"input", RecordOrder::input}});
  return {"Output",
          {
              {.name = "output",
               .letter = 'o',
               .value = "DIR",
               .help = std::string(directory.help),
               .otherwise = std::string(directory.otherwise),
               .in_job = InJob::first_run,
               .set = set_text(to.directory)},
              {.name = "jsonl",
               .value = "FILE",
               .help = "one record per settled URL; '-' is standard output",
               .is_file = true,
               .set = set_text(to.jsonl)},
              {.name = "order",
               .value = "ORDER",
               .help = "order of records in --jsonl (and --links): completion or input",
               .otherwise = "completion",
               .set = set_order},
              {.name = "progress",
               .value = "STYLE",
               .help = "auto, bar, plain or none",
               .otherwise = "auto, a bar on a terminal, else plain",
               .in_job = InJob::each_run,
               .set = set_with(to.progress, parse_progress_mode)},
              {.name = "quiet",
               .letter = 'q',
               .help = "no progress and no summary",
               .in_job = InJob::each_run,
               .set = turn_on(to.quiet)},
              {.name = "verbose",
               .letter = 'v',
               .help = "the log on standard error too",
               .in_job = InJob::each_run,
               .set = turn_on(to.verbose)},
              {.name = "log-file",
               .value = "FILE",
               .help = "where the log goes",
               .otherwise = "weft.log in the job directory",
               .is_file = true,
               .set = set_text(to.log_file)},
              {.name = "log-level",
               .value = "LEVEL",
               .help = "debug, info, warning, error or off",
               .otherwise = "info",
               .in_job = InJob::may_change,
               .set = set_with(to.log_level, parse_log_level)},
          }};
}

}  // namespace

Option dns_servers_option(std::string& to) {
  return {.name = "dns-servers",
          .value = "LIST",
          .help = "name servers to ask: ADDRESS[:PORT], commas between; IPv6 in brackets",
          .otherwise = "the system's",
          .in_job = InJob::may_change,
          .set = set_with(to, parse_dns_servers)};
}

OptionTable common_options(CommonOptions& to, const EngineOptions& engine,
                           const DirectoryHelp& directory) {
  return {input(to), pool(to, engine), persistence(to, engine), requests(to, engine),
          output(to.output, directory)};
}

}  // namespace weft
