// weft robots URL: may it be fetched, and which rule says so.
#include <cstdio>

#include "cli/command_line.hpp"
#include "cli/commands.hpp"
#include "cli/help.hpp"
#include "cli/options.hpp"
#include "cli/robots_file.hpp"
#include "cli/seeds.hpp"
#include "cli/tell.hpp"
#include "cli/text_file.hpp"
#include "cli/values.hpp"
#include "weft/net/curl_transfers.hpp"

namespace weft {
namespace {

struct RobotsOptions {
  std::string agent = "weft";
  std::string robots_file;
  std::string dns_servers;
};

OptionTable robots_options(RobotsOptions& to) {
  return {{"Options",
           {{.name = "agent",
             .value = "NAME",
             .help = "the name robots.txt knows the crawl by",
             .otherwise = to.agent,
             .set = set_with(to.agent, parse_agent)},
            {.name = "robots-file",
             .value = "FILE",
             .help = "rules from a file ('-': standard input) instead of the URL's host",
             .set = set_text(to.robots_file)},
            dns_servers_option(to.dns_servers)}}};
}

HelpPage help_page(const OptionTable& table) {
  return {.usage = {"weft robots URL [--agent NAME] [--robots-file FILE]"},
          .about =
              "Says whether robots.txt lets a URL be fetched, by which rule, in which line "
              "and group. The first word is 'allowed' (exit code 0) or 'disallowed' (1).",
          .table = &table,
          .examples = {"weft robots https://example.org/private/page",
                       "weft robots --agent mybot --robots-file robots.txt https://example.org/a"}};
}

Result<RobotsFile> robots_for(const Url& page, const RobotsOptions& options) {
  if (!options.robots_file.empty()) {
    const auto text = read_text_file(options.robots_file);
    if (!text) {
      return fail("cannot read the robots file '{}': {}", options.robots_file,
                  text.error().message);
    }
    return RobotsFile{Robots::parse(*text, options.agent), options.robots_file};
  }
  net_global_init();
  const SystemClock clock;
  const NetConfig net;
  Resolver resolver(resolver_config(options.dns_servers, net.connect_timeout), clock);
  RateLimit limit({}, clock);
  const auto transfers = make_curl_transfers(net, resolver, limit, clock);
  return fetch_robots(*transfers, page, options.agent);
}

Result<ExitCode> answer(const RobotsOptions& options, const CommandLine& line) {
  if (auto set = apply(line.given); !set) return tl::unexpected(set.error());
  if (line.rest.size() != 1) {
    return fail("{}: write 'weft robots https://example.org/page'",
                line.rest.empty() ? "no URL given" : "more than one URL given");
  }
  const auto page = parse_seed(line.rest.front());
  if (!page) return tl::unexpected(page.error());
  const auto file = robots_for(*page, options);
  if (!file) return tl::unexpected(file.error());
  fmt::print("{}", explain(*page, *file));
  const bool allowed = file->rules.judge(page->target()).allowed;
  return allowed ? ExitCode::done : ExitCode::some_failed;
}

}  // namespace

ExitCode robots_command(Words words) {
  RobotsOptions options;
  const OptionTable table = robots_options(options);
  const auto line = read_command_line(table, words);
  if (line && line->help) {
    fmt::print("{}", to_text(help_page(table)));
    return ExitCode::done;
  }
  const auto code = line ? answer(options, *line) : tl::unexpected(line.error());
  if (code) return *code;
  tell(code.error().message);
  return ExitCode::wrong_use;
}

}  // namespace weft
