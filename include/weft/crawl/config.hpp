// What a crawl is asked to do: one plain struct, filled by cli or by a program that uses
// the library.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "weft/base/clock.hpp"
#include "weft/base/units.hpp"
#include "weft/net/http.hpp"
#include "weft/page/links.hpp"
#include "weft/url/url.hpp"

namespace weft {

// What belongs to the crawl besides its seeds. A host counts with its port, but http and
// https on their default ports are one.
enum class ScopeKind : std::uint8_t {
  prefix,  // URLs that begin as a seed does, up to its last '/'
  host,    // the seeds' hosts
  domain,  // the seeds' registrable domains
  any,
};

// --include and --exclude, in the order given; the last that matches wins. Where none
// matches, a URL is in if there is no include among them.
struct UrlPattern {
  enum class Verdict : std::uint8_t { include, exclude };
  Verdict verdict;
  std::string regex;  // RE2, searched in the whole URL
};

// Bounds that keep a crawl out of endless sites. Each refuses under its own rule.
struct TrapLimits {
  std::size_t url_length = 2048;
  int path_depth = 32;               // segments
  int repeated_segments = 4;         // the same segment so many times in one path
  std::uint64_t pages_per_host = 0;  // 0: no limit
  int redirect_hops = 10;
};

struct CrawlConfig {
  std::vector<Url> seeds{};

  // The pool. Zero threads: one for each CPU.
  int threads = 0;
  int jobs = 64;  // transfers in flight, all workers together
  int per_host = 4;
  int per_address = 0;  // hosts of one address together; 0: twice per_host
  Clock::duration first_answer = std::chrono::seconds(10);  // of a host that has never answered

  // Politeness.
  Clock::duration wait{};                                      // between two requests to a host
  Clock::duration max_crawl_delay = std::chrono::seconds(30);  // a longer Crawl-delay is cut
  Clock::duration max_retry_after = std::chrono::minutes(10);  // a longer Retry-After is cut
  bool adaptive = true;
  bool robots = true;
  std::string agent = "weft";  // robots.txt product token
  int tries = 3;

  // What is crawled. Zero: no limit.
  ScopeKind scope = ScopeKind::host;
  std::vector<UrlPattern> patterns{};
  std::vector<std::string> strip_query{};
  bool limit_depth = false;
  std::uint32_t depth = 0;  // where limit_depth
  bool requisites = false;
  bool sitemaps = true;
  Parser parser = Parser::automatic;  // how links are read, until a host burns the CPU for it
  TrapLimits traps{};
  PrivateAddresses private_addresses = PrivateAddresses::named_hosts;

  // When it ends. Zero: no limit.
  std::uint64_t max_pages = 0;
  Bytes max_bytes{};
  Clock::duration max_time{};
  Bytes max_file_size = 32_MiB;
  bool fail_fast = false;

  // Of queued URLs, where a job keeps the rest; some 400 bytes each.
  std::size_t tasks_in_memory = 200'000;

  // What is kept.
  bool record_links = false;  // Record::link_records, with anchor texts
  bool dry_run = false;       // fetch robots.txt and sitemaps only
  bool recrawl = false;       // records say what has changed since the last visit
};

}  // namespace weft
