#include "cli/options.hpp"
#include "cli/values.hpp"
#include "weft/crawl/scope.hpp"

namespace weft {
namespace {

constexpr std::uint64_t kNoBound = std::numeric_limits<std::uint64_t>::max();
constexpr std::uint64_t kMostHops = 100;

// --include and --exclude are one list: the order between them counts.
Setter add_pattern(CrawlConfig& to, UrlPattern::Verdict verdict) {
  return [&to, verdict](std::string_view value) -> Result<void> {
    CrawlConfig alone;
    alone.patterns.push_back({verdict, std::string(value)});
    const auto scope = Scope::create(alone);  // does the crawl understand it?
    if (!scope) return tl::unexpected(scope.error());
    to.patterns.push_back(std::move(alone.patterns.front()));
    return {};
  };
}

Setter add_list(std::vector<std::string>& to) {
  return [&to](std::string_view value) -> Result<void> {
    while (!value.empty()) {
      const std::size_t comma = std::min(value.find(','), value.size());
      if (comma == 0) return fail("a key is empty: write KEY,KEY,...");
      to.emplace_back(value.substr(0, comma));
      value.remove_prefix(std::min(comma + 1, value.size()));
    }
    return {};
  };
}

OptionGroup scope(CrawlConfig& to) {
  const auto set_depth = [&to](std::string_view value) -> Result<void> {
    to.limit_depth = true;
    return set_count(to.depth, 0, std::numeric_limits<std::uint32_t>::max())(value);
  };
  const auto set_scope = set_choice<ScopeKind>(to.scope, {{"prefix", ScopeKind::prefix},
                                                          {"host", ScopeKind::host},
                                                          {"domain", ScopeKind::domain},
                                                          {"any", ScopeKind::any}});
  return {"What is crawled",
          {
              {.name = "scope",
               .letter = 's',
               .value = "SCOPE",
               .help = "prefix (the seed's folder), host, domain (registrable) or any",
               .otherwise = "host",
               .in_job = InJob::judges,
               .set = set_scope},
              {.name = "depth",
               .letter = 'd',
               .value = "N",
               .help = "links followed from the seeds; 0: the seeds alone",
               .otherwise = "no limit",
               .in_job = InJob::judges,
               .set = set_depth},
              {.name = "include",
               .value = "RE",
               .help = "take only URLs that match (RE2, anywhere in the URL); may be repeated",
               .in_job = InJob::judges,
               .set = add_pattern(to, UrlPattern::Verdict::include)},
              {.name = "exclude",
               .value = "RE",
               .help = "leave URLs that match; of several the last that matches wins",
               .in_job = InJob::judges,
               .set = add_pattern(to, UrlPattern::Verdict::exclude)},
              {.name = "requisites",
               .help = "fetch images, styles and scripts of pages in scope, from any host",
               .set = turn_on(to.requisites)},
              {.name = "parser",
               .value = "READER",
               .help = "how links are read: auto (a page's tags, where they are sure to tell what "
                       "its tree would) or gumbo (the tree of every page)",
               .otherwise = "auto",
               .in_job = InJob::may_change,
               .set = set_choice<Parser>(to.parser,
                                         {{"auto", Parser::automatic}, {"gumbo", Parser::gumbo}})},
              {.name = "strip-query",
               .value = "LIST",
               .help = "query keys ignored when URLs are compared: utm_*,sid; may be repeated",
               .set = add_list(to.strip_query)},
          }};
}

OptionGroup rules(CrawlConfig& to) {
  return {"Robots and sitemaps",
          {
              {.name = "no-robots",
               .help = "do not ask for robots.txt; only for sites of your own",
               .set = turn_off(to.robots)},
              {.name = "agent",
               .value = "NAME",
               .help = "the name robots.txt knows this crawl by",
               .otherwise = to.agent,
               .set = set_with(to.agent, parse_agent)},
              {.name = "max-crawl-delay",
               .value = "DUR",
               .help = "longest Crawl-delay obeyed; a longer one is cut",
               .otherwise = to_text(to.max_crawl_delay),
               .set = set_duration_or(to.max_crawl_delay, std::chrono::hours(24))},
              {.name = "sitemaps",
               .help = "follow the sitemaps that robots.txt names (the default)",
               .set = turn_on(to.sitemaps)},
              {.name = "no-sitemaps", .help = "do not", .set = turn_off(to.sitemaps)},
          }};
}

OptionGroup limits(CrawlConfig& to) {
  const auto size = [](std::string_view name, std::string_view help, Bytes& bytes) {
    return Option{.name = std::string(name),
                  .value = "SIZE",
                  .help = std::string(help),
                  .otherwise = bytes.count == 0 ? "no limit" : to_text(bytes),
                  .in_job = InJob::may_change,
                  .set = set_bytes(bytes)};
  };
  return {
      "When it ends (0: no limit)",
      {
          {.name = "max-pages",
           .letter = 'n',
           .value = "N",
           .help = "pages fetched, in all runs of the job together",
           .otherwise = "no limit",
           .in_job = InJob::may_change,
           .set = set_count(to.max_pages, 0, kNoBound)},
          size("max-bytes", "bytes received, in all runs of the job together", to.max_bytes),
          {.name = "max-time",
           .value = "DUR",
           .help = "time spent by this run",
           .otherwise = "no limit",
           .in_job = InJob::may_change,
           .set = set_duration(to.max_time)},
          size("max-file-size", "a longer body is cut and counts as too_large", to.max_file_size),
          {.name = "fail-fast",
           .help = "stop at the first failure",
           .in_job = InJob::may_change,
           .set = turn_on(to.fail_fast)},
      }};
}

OptionGroup traps(TrapLimits& to) {
  constexpr int kNoLimit = std::numeric_limits<int>::max();
  const auto limit = [](std::string_view name, std::string_view help, int& number) {
    return Option{.name = std::string(name),
                  .value = "N",
                  .help = std::string(help),
                  .otherwise = std::to_string(number),
                  .in_job = InJob::judges,
                  .set = set_limit(number, kNoLimit, kNoLimit)};
  };
  return {"Traps: what is longer than this is not followed (0: no limit)",
          {
              {.name = "max-url-length",
               .value = "N",
               .help = "characters of a URL",
               .otherwise = std::to_string(to.url_length),
               .in_job = InJob::judges,
               .set = set_limit(to.url_length, kMaxUrlLength, kMaxUrlLength)},
              limit("max-path-depth", "segments of a path", to.path_depth),
              limit("max-repeats", "times one segment stands in a path", to.repeated_segments),
              {.name = "max-pages-per-host",
               .value = "N",
               .help = "pages of one host; given anew it counts for URLs found from then on",
               .otherwise = "no limit",
               .in_job = InJob::may_change,
               .set = set_count(to.pages_per_host, 0, kNoBound)},
              {.name = "max-redirects",
               .value = "N",
               .help = "redirects in a row; here 0 follows none",
               .otherwise = std::to_string(to.redirect_hops),
               .in_job = InJob::may_change,
               .set = set_count(to.redirect_hops, 0, kMostHops)},
          }};
}

OptionGroup kept(CrawlOptions& to) {
  const auto set_links = [&to](std::string_view value) -> Result<void> {
    to.crawl.record_links = true;
    return set_text(to.output.links)(value);
  };
  const auto set_update = set_text(to.update);
  return {"What is kept",
          {
              {.name = "update",
               .value = "JOB",
               .help = "visit the pages of a job again, instead of URLs: what is new, what has "
                       "changed, what is gone",
               .in_job = InJob::first_run,
               .set = set_update},
              {.name = "links",
               .value = "FILE",
               .help = "every link as JSON lines: from, to, kind, text; '-' is standard output",
               .is_file = true,
               .set = set_links},
              {.name = "dry-run",
               .help = "fetch robots.txt and sitemaps only, print the plan, keep no job",
               .in_job = InJob::first_run,
               .set = turn_on(to.crawl.dry_run)},
              {.name = "no-job",
               .help = "no job directory: keep only what --jsonl and --links ask for",
               .in_job = InJob::first_run,
               .set = turn_off(to.output.keep_job)},
          }};
}

}  // namespace

OptionTable crawl_options(CrawlOptions& to) {
  OptionTable table =
      common_options(to, engine_options(to.crawl),
                     {.help = "the job directory, made for this run: pages.jsonl, job.db, weft.log",
                      .otherwise = "HOST.weft of the first seed"});
  table.insert(table.begin() + 1, {scope(to.crawl), limits(to.crawl), rules(to.crawl)});
  table.push_back(kept(to));
  table.push_back(traps(to.crawl.traps));
  return table;
}

}  // namespace weft
