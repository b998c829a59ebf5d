// Each option's effect on what is asked for, and what is said of a wrong value.
#include <doctest/doctest.h>

#include <vector>

#include "cli/crawl_command.hpp"

namespace weft {
namespace {

using namespace std::chrono_literals;
using Strings = std::vector<std::string>;

CrawlOptions read(const Strings& words) {
  auto options = read_crawl_options(words);
  REQUIRE_MESSAGE(options, options.error().message);
  REQUIRE(*options);
  return std::move(**options);
}

std::string refusal(const Strings& words) {
  const auto options = read_crawl_options(words);
  return options ? "" : options.error().message;
}

TEST_CASE("without options a crawl is as the library's defaults have it") {
  const CrawlOptions options = read({"https://example.org/"});
  CHECK(options.urls == Strings{"https://example.org/"});
  CHECK(options.input_files.empty());
  CHECK(options.crawl.jobs == CrawlConfig{}.jobs);
  CHECK_FALSE(options.crawl.limit_depth);
  CHECK(options.crawl.wait == 0s);
  CHECK(options.limit_rate == Bytes{0});
  CHECK(options.output.keep_job);
  CHECK(options.output.directory.empty());
}

TEST_CASE("the options of the pool and of politeness") {
  CHECK(read({"--threads", "3"}).crawl.threads == 3);
  CHECK(read({"--threads", "0"}).crawl.threads == 0);  // one for each CPU
  CHECK(read({"-j", "128"}).crawl.jobs == 128);
  CHECK(read({"-x", "2"}).crawl.per_host == 2);
  CHECK(read({"-w", "1m30s"}).crawl.wait == 90s);
  CHECK(read({"--rate", "5/s"}).crawl.wait == 200ms);
  CHECK(read({"--rate", "30/m"}).crawl.wait == 2s);
  CHECK(read({"--limit-rate", "1.5M"}).limit_rate == Bytes{3u << 19});
  CHECK_FALSE(read({"--no-adapt"}).crawl.adaptive);
  CHECK(read({"-t", "7"}).crawl.tries == 7);
  CHECK(read({"-T", "5"}).net.stall_timeout == 5s);
  CHECK(read({"--connect-timeout", "250ms"}).net.connect_timeout == 250ms);
  CHECK(read({"--max-crawl-delay", "2s"}).crawl.max_crawl_delay == 2s);
  CHECK(read({"--max-retry-after", "1h"}).crawl.max_retry_after == 1h);
}

TEST_CASE("of --wait and --rate the slower holds, in any order") {
  CHECK(read({"-w", "1s", "--rate", "5/s"}).crawl.wait == 1s);
  CHECK(read({"--rate", "1/s", "-w", "10ms"}).crawl.wait == 1s);
}

TEST_CASE("0 means no limit where a limit is meant") {
  CHECK(read({"--max-crawl-delay", "0"}).crawl.max_crawl_delay >= 24h);
  CHECK(read({"--max-retry-after", "0"}).crawl.max_retry_after >= 24h);
  CHECK(read({"--max-path-depth", "0"}).crawl.traps.path_depth > 1'000'000);
  CHECK(read({"--max-repeats", "0"}).crawl.traps.repeated_segments > 1'000'000);
  CHECK(read({"--max-url-length", "0"}).crawl.traps.url_length == kMaxUrlLength);
  CHECK(read({"--max-file-size", "0"}).crawl.max_file_size == Bytes{0});
  CHECK(read({"--max-redirects", "0"}).crawl.traps.redirect_hops == 0);  // here it is a number
}

TEST_CASE("the options of requests") {
  const CrawlOptions options =
      read({"-H", "Accept-Language: de", "-H", "X-Empty:", "-U", "me/1", "--proxy",
            "http://127.0.0.1:3128", "--netrc", "--load-cookies", "c.txt", "--cacert", "ca.pem",
            "-k", "--http2"});
  REQUIRE(options.net.headers.size() == 2);
  CHECK(options.net.headers[0].name == "Accept-Language");
  CHECK(options.net.headers[0].value == "de");
  CHECK(options.net.headers[1].value.empty());
  CHECK(options.net.user_agent == "me/1");
  CHECK(options.net.proxy == "http://127.0.0.1:3128");
  CHECK(options.net.netrc);
  CHECK(options.net.cookie_file == "c.txt");
  CHECK(options.net.cacert == "ca.pem");
  CHECK_FALSE(options.net.verify_tls);
  CHECK(options.net.http == HttpVersion::http2);
}

TEST_CASE("name servers are read, and names are looked up within --connect-timeout") {
  const CrawlOptions options =
      read({"--dns-servers", "192.0.2.1,[2001:db8::1]:54", "--connect-timeout", "3s"});
  CHECK(options.dns_servers == "192.0.2.1:53,[2001:db8::1]:54");
  const ResolverConfig config = resolver_config(options.dns_servers, options.net.connect_timeout);
  CHECK(config.dns_servers == options.dns_servers);
  CHECK(config.timeout == 3s);
  CHECK(config.nsswitch_conf.empty());  // nobody else is asked
  CHECK(read({}).dns_servers.empty());
  CHECK(resolver_config("", 3s).nsswitch_conf == "/etc/nsswitch.conf");
}

TEST_CASE("private addresses: of several words the last holds") {
  CHECK(read({}).crawl.private_addresses == PrivateAddresses::named_hosts);
  CHECK(read({"--allow-private"}).crawl.private_addresses == PrivateAddresses::allow);
  CHECK(read({"--allow-private", "--deny-private"}).crawl.private_addresses ==
        PrivateAddresses::deny);
}

TEST_CASE("the options of scope") {
  CHECK(read({"-s", "prefix"}).crawl.scope == ScopeKind::prefix);
  CHECK(read({"-s", "host"}).crawl.scope == ScopeKind::host);
  CHECK(read({"--scope", "domain"}).crawl.scope == ScopeKind::domain);
  CHECK(read({"--scope=any"}).crawl.scope == ScopeKind::any);
  const CrawlOptions seeds_alone = read({"-d", "0"});
  CHECK(seeds_alone.crawl.limit_depth);
  CHECK(seeds_alone.crawl.depth == 0);
  CHECK(read({"--requisites"}).crawl.requisites);
  CHECK(read({"--strip-query", "utm_*,sid", "--strip-query", "ref"}).crawl.strip_query ==
        Strings{"utm_*", "sid", "ref"});
}

TEST_CASE("the order between --include and --exclude is kept") {
  const auto patterns =
      read({"--exclude", "a", "--include", "b", "--exclude", "[c]#,d"}).crawl.patterns;
  REQUIRE(patterns.size() == 3);
  CHECK(patterns[0].verdict == UrlPattern::Verdict::exclude);
  CHECK(patterns[0].regex == "a");
  CHECK(patterns[1].verdict == UrlPattern::Verdict::include);
  CHECK(patterns[1].regex == "b");
  CHECK(patterns[2].verdict == UrlPattern::Verdict::exclude);
  CHECK(patterns[2].regex == "[c]#,d");
}

TEST_CASE("the options of robots.txt and sitemaps") {
  CHECK_FALSE(read({"--no-robots"}).crawl.robots);
  CHECK(read({"--agent", "MyBot-2"}).crawl.agent == "MyBot-2");
  CHECK_FALSE(read({"--no-sitemaps"}).crawl.sitemaps);
  CHECK(read({"--no-sitemaps", "--sitemaps"}).crawl.sitemaps);
}

TEST_CASE("the limits") {
  CHECK(read({"-n", "10"}).crawl.max_pages == 10);
  CHECK(read({"--max-bytes", "2GiB"}).crawl.max_bytes == 2_GiB);
  CHECK(read({"--max-time", "1h"}).crawl.max_time == 1h);
  CHECK(read({"--max-file-size", "10k"}).crawl.max_file_size == 10_KiB);
  CHECK(read({"--fail-fast"}).crawl.fail_fast);
  CHECK(read({"--max-url-length", "100"}).crawl.traps.url_length == 100);
  CHECK(read({"--max-path-depth", "5"}).crawl.traps.path_depth == 5);
  CHECK(read({"--max-repeats", "2"}).crawl.traps.repeated_segments == 2);
  CHECK(read({"--max-pages-per-host", "9"}).crawl.traps.pages_per_host == 9);
  CHECK(read({"--max-redirects", "3"}).crawl.traps.redirect_hops == 3);
}

TEST_CASE("the options of output") {
  const CrawlOptions options =
      read({"--jsonl", "-", "--links", "l.jsonl", "--order", "input", "--progress", "plain", "-q",
            "-v", "--log-file", "w.log", "--log-level", "debug", "--no-job"});
  CHECK(read({"-o", "out"}).output.directory == "out");
  CHECK(options.output.jsonl == "-");
  CHECK(options.output.links == "l.jsonl");
  CHECK(options.crawl.record_links);
  CHECK(options.output.order == RecordOrder::input);
  CHECK(options.output.progress == ProgressMode::plain);
  CHECK(options.output.quiet);
  CHECK(options.output.verbose);
  CHECK(options.output.log_file == "w.log");
  CHECK(options.output.log_level == LogLevel::debug);
  CHECK_FALSE(options.output.keep_job);
}

TEST_CASE("a directory for no job is a contradiction") {
  CHECK(refusal({"-o", "out", "--no-job"}).starts_with("-o names a job directory"));
  CHECK(refusal({"-o", "out", "--dry-run"}).empty());  // the same words with the run to come
}

TEST_CASE("a dry run keeps no job") {
  const CrawlOptions options = read({"--dry-run", "http://a/"});
  CHECK(options.crawl.dry_run);
  CHECK_FALSE(options.output.keep_job);
}

TEST_CASE("lists may be several, standard input among them") {
  CHECK(read({"-i", "a.txt", "-i", "-"}).input_files == Strings{"a.txt", "-"});
}

TEST_CASE("of two values the last one holds") {
  CHECK(read({"-j", "1", "-j", "2"}).crawl.jobs == 2);
}

TEST_CASE("help is asked for, whatever else is wrong") {
  const auto options = read_crawl_options(Strings{"--wait", "never", "--help"});
  REQUIRE(options);
  CHECK_FALSE(options->has_value());
}

TEST_CASE("a wrong value is refused with what would be right") {
  CHECK(refusal({"--wait", "5x"}) ==
        "--wait: '5x' is not a duration: write 500ms, 2s, 1m30s or 1h");
  CHECK(refusal({"--max-bytes", "lots"}) ==
        "--max-bytes: 'lots' is not a size: write 700, 10k, 1.5M or 2GiB");
  CHECK(refusal({"--rate", "fast"}) == "--rate: 'fast' is not a rate: write 5/s, 30/m or 100/h");
  CHECK(refusal({"-j", "many"}) == "--jobs: 'many' is not a whole number");
  CHECK(refusal({"-j", "0"}) == "--jobs: '0' is out of range: write a number from 1 to 100000");
  CHECK(refusal({"-d", "-1"}) == "--depth: '-1' is not a whole number");
  CHECK(refusal({"-n", "99999999999999999999999"}).find("out of range") != std::string::npos);
  CHECK(refusal({"--scope", "hots"}) ==
        "--scope: 'hots' is none of its values: write prefix, host, domain or any");
  CHECK(refusal({"--order", "random"}) ==
        "--order: 'random' is none of its values: write completion or input");
  CHECK(refusal({"--progress", "loud"}).find("write auto, bar, plain or none") !=
        std::string::npos);
  CHECK(refusal({"--log-level", "loud"}).find("write debug, info") != std::string::npos);
  CHECK(refusal({"-H", "no colon"}) == "--header: 'no colon' is not a header: write 'Name: value'");
  CHECK(refusal({"-H", ": v"}).find("is not a header") != std::string::npos);
  CHECK(refusal({"-H", "A b: v"}).find("is not a header") != std::string::npos);
  CHECK(refusal({"-H", "A: v\r\nB: w"}).find("control characters") != std::string::npos);
  CHECK(refusal({"--agent", "My Bot/1.0"}).find("product token") != std::string::npos);
  CHECK(refusal({"--strip-query", "a,,b"}).find("a key is empty") != std::string::npos);
  CHECK(refusal({"-o", ""}) == "--output: the value is empty");
}

TEST_CASE("a bad regular expression is refused in RE2's words") {
  const std::string message = refusal({"--include", "a(b"});
  CHECK(message.starts_with("--include: "));
  CHECK(message.find("'a(b'") != std::string::npos);
  CHECK(message.find("missing )") != std::string::npos);
}

TEST_CASE("options of later work are unknown") {
  for (const char* name : {"--warc", "--wacz", "--mirror"}) {
    CAPTURE(name);
    CHECK(refusal({name}).starts_with("unknown option"));
  }
}

}  // namespace
}  // namespace weft
