// The links of a page, as references: what they resolve to is the caller's business.
//
// Threads: plain functions over values.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "weft/base/clock.hpp"
#include "weft/base/units.hpp"
#include "weft/page/link.hpp"

namespace weft {

// How the page was read, for the record and the counters: by gumbo's tree, or by a scan of
// its tags alone, some twenty times as fast.
enum class Reader : std::uint8_t { none, gumbo, scan };

// automatic: the scan, where that is certain to find what gumbo would; else gumbo. scan: the
// scan alone, certain or not.
enum class Parser : std::uint8_t { automatic, gumbo, scan };

struct PageLinks {
  std::optional<std::string> base{};  // href of the first <base href>, unresolved
  LinkList links{};                   // in document order, duplicates kept; data: URLs left
                                      // out, being their own content
  std::string title{};                // white space folded, at most 500 bytes
  bool meta_nofollow = false;         // <meta name=robots|AGENT content=nofollow|none>
  bool meta_noindex = false;
  Reader reader = Reader::none;
  std::string cut_reason{};  // why the tree was given up for the scan; else empty
  std::string_view doubt{};  // why the scan was not certain; empty where it was, or not asked
  // Of an audit: the scan was certain and wrong, and what differs first ("link 12: scan
  // 'a /x', tree 'a /y'"). The links are the tree's then.
  bool differs = false;
  std::string difference{};
};

struct ReadOptions {
  std::string agent = "weft";  // whose <meta name=...> counts besides "robots"
  bool requisites = true;      // also the kinds that only --requisites follows
  bool anchor_text = false;
  Parser parser = Parser::automatic;
  bool audit = false;             // automatic: parse as well where the scan is certain, and compare
  Bytes tree_memory{256u << 20};  // gumbo's budgets: past either, the scan reads it
  // CPU time of the largest page. A smaller one has 10 ms and 400 ns a byte: ten times what
  // gumbo takes for real pages.
  Clock::duration tree_time = std::chrono::seconds(2);
};

// What the scan and the tree of one page differ in first; empty: nothing.
std::string first_difference(const PageLinks& scan, const PageLinks& tree);

// `html` is UTF-8. Never throws for any input; time is bounded by the budgets plus one
// linear scan. Template content is left out; scripting counts as off (noscript is read).
PageLinks read_html(std::string_view html, const ReadOptions& options);

// url() and @import of a style sheet (CSS Syntax 3 tokenisation: comments, strings,
// escapes), but for data: URLs and fragments of the document itself.
void read_css(std::string_view css, LinkList& links);

// Every candidate URL of a srcset attribute (HTML §4.8.4.2.1).
std::vector<std::string> parse_srcset(std::string_view value);

// The URL of a meta refresh or Refresh header (HTML §4.2.5.3 "shared declarative
// refresh steps"). Nothing: no refresh; empty: the page itself.
struct Refresh {
  std::uint64_t seconds = 0;
  std::optional<std::string> url;
};
std::optional<Refresh> parse_refresh(std::string_view value);

// HTTP Link header (RFC 8288): next, prev, stylesheet, icon, canonical, ... Links with an
// anchor parameter are some other page's and left out.
void read_link_header(std::string_view value, LinkList& links);

// Directives of one X-Robots-Tag value for `agent` (it may name an agent first).
struct RobotsDirectives {
  bool nofollow = false;
  bool noindex = false;
};
RobotsDirectives parse_robots_directives(std::string_view value);  // meta content
RobotsDirectives parse_x_robots_tag(std::string_view value, std::string_view agent);

}  // namespace weft
