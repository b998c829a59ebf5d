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

namespace weft {

enum class LinkKind : std::uint8_t {
  // followed by default
  anchor,
  area,
  frame,
  iframe,
  refresh,
  next,
  prev,
  // followed with --requisites
  image,
  script,
  stylesheet,
  icon,
  media,
  track,
  poster,
  object,
  embed,
  svg,
  css_image,
  css_import,
  manifest,
  preload,
  background,
  // recorded only
  form,
  canonical,
  alternate,
  link,  // link: any other rel
  // not from HTML
  redirect,
  sitemap,
  feed,
  seed,
};

std::string_view name(LinkKind kind);  // "a", "area", "frame", "img", ... as --links writes it
bool is_followed(LinkKind kind);       // a way to another page
bool is_requisite(LinkKind kind);      // needed to show this one

struct Link {
  std::string reference;  // the attribute's value as the standard decodes it, UTF-8
  LinkKind kind = LinkKind::anchor;
  bool nofollow = false;        // rel=nofollow (also ugc, sponsored)
  std::string text{};           // the anchor's text, white space folded, at most 200 bytes;
                                // only where ReadOptions asks for it
  bool is_target_base = false;  // resolve against the page itself, not its <base>: links of
                                // a CSS file and of HTTP headers
};

// How the page was read, for the record and the counters: by gumbo's tree, or by a scan of
// its tags alone, some twenty times as fast.
enum class Reader : std::uint8_t { none, gumbo, scan };

// automatic: the scan, where that is certain to find what gumbo would; else gumbo.
enum class Parser : std::uint8_t { automatic, gumbo };

struct PageLinks {
  std::optional<std::string> base{};  // href of the first <base href>, unresolved
  std::vector<Link> links{};          // in document order, duplicates kept; data: URLs left
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
  Clock::duration tree_time = std::chrono::seconds(2);
};

// What the scan and the tree of one page differ in first; empty: nothing.
std::string first_difference(const PageLinks& scan, const PageLinks& tree);

// `html` is UTF-8. Never throws for any input; time is bounded by the budgets plus one
// linear scan. Template content is left out; scripting counts as off (noscript is read).
PageLinks read_html(std::string_view html, const ReadOptions& options);

// url() and @import of a style sheet (CSS Syntax 3 tokenisation: comments, strings,
// escapes), but for data: URLs and fragments of the document itself.
void read_css(std::string_view css, std::vector<Link>& links);

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
void read_link_header(std::string_view value, std::vector<Link>& links);

// Directives of one X-Robots-Tag value for `agent` (it may name an agent first).
struct RobotsDirectives {
  bool nofollow = false;
  bool noindex = false;
};
RobotsDirectives parse_robots_directives(std::string_view value);  // meta content
RobotsDirectives parse_x_robots_tag(std::string_view value, std::string_view agent);

}  // namespace weft
