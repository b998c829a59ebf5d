// The directives search engines agreed on for <meta name=robots> and X-Robots-Tag.
#include <algorithm>
#include <iterator>

#include "page/tokens.hpp"
#include "weft/page/links.hpp"

namespace weft {

namespace {

bool separates_directives(char c) { return c == ',' || c == ';' || is_ascii_space(c); }

void merge(RobotsDirectives& into, const RobotsDirectives& more) {
  into.nofollow = into.nofollow || more.nofollow;
  into.noindex = into.noindex || more.noindex;
}

// Directives that are written with a colon, and so look like an agent's name.
bool takes_value(std::string_view name) {
  constexpr std::string_view kNames[] = {"unavailable_after", "max-snippet", "max-image-preview",
                                         "max-video-preview"};
  return std::any_of(std::begin(kNames), std::end(kNames),
                     [&](std::string_view known) { return equals_ignoring_case(known, name); });
}

// "googlebot: nofollow" names an agent; "unavailable_after: 25 Jun 2010 15:00:00 PST",
// though full of colons, does not.
bool is_agent(std::string_view name) {
  if (name.empty() || !is_ascii_alpha(name.front()) || takes_value(name)) return false;
  return std::none_of(name.begin(), name.end(), is_ascii_space);
}

}  // namespace

RobotsDirectives parse_robots_directives(std::string_view value) {
  RobotsDirectives directives;
  while (!value.empty()) {
    const std::string_view token = page::next_token(value, separates_directives);
    const bool none = equals_ignoring_case(token, "none");
    if (none || equals_ignoring_case(token, "nofollow")) directives.nofollow = true;
    if (none || equals_ignoring_case(token, "noindex")) directives.noindex = true;
  }
  return directives;
}

// An agent's name holds until the next one, since several fields may arrive joined by
// commas: "googlebot: nofollow, otherbot: noindex, nofollow".
RobotsDirectives parse_x_robots_tag(std::string_view value, std::string_view agent) {
  RobotsDirectives directives;
  bool applies = true;
  while (!value.empty()) {
    std::string_view part = page::next_token(value, [](char c) { return c == ','; });
    const std::size_t colon = part.find(':');
    const std::string_view name = trim(part.substr(0, colon));
    if (colon != std::string_view::npos && is_agent(name)) {
      applies = equals_ignoring_case(name, agent) || equals_ignoring_case(name, "robots");
      part.remove_prefix(colon + 1);
    }
    if (applies) merge(directives, parse_robots_directives(part));
  }
  return directives;
}

}  // namespace weft
