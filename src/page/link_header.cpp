// RFC 8288 §3 and its Appendix B.2, the parsing that recovers from what is malformed.
#include "page/relation.hpp"
#include "page/tokens.hpp"
#include "weft/page/links.hpp"

namespace weft {

namespace {

using page::skip_space;
using page::take;
using page::take_while;

// A parameter's value, quoted or not.
std::string take_value(std::string_view& rest) {
  std::string value;
  if (!take(rest, '"')) {
    value = trim(take_while(rest, [](char c) { return c != ',' && c != ';'; }));
    return value;
  }
  while (!rest.empty() && !take(rest, '"')) {
    if (rest.front() == '\\' && rest.size() > 1) rest.remove_prefix(1);
    value.push_back(rest.front());
    rest.remove_prefix(1);
  }
  return value;
}

struct Parameters {
  std::optional<std::string> rel;  // of several the first counts (RFC 8288 §3.3)
  std::string type;
  bool has_anchor = false;
};

Parameters take_parameters(std::string_view& rest) {
  Parameters parameters;
  while (true) {
    take_while(rest, [](char c) { return c != ';' && c != ','; });
    if (!take(rest, ';')) return parameters;
    skip_space(rest);
    const std::string_view name =
        trim(take_while(rest, [](char c) { return c != '=' && c != ';' && c != ','; }));
    if (!take(rest, '=')) continue;
    skip_space(rest);
    std::string value = take_value(rest);
    if (equals_ignoring_case(name, "anchor")) {
      parameters.has_anchor = true;
    } else if (equals_ignoring_case(name, "type")) {
      parameters.type = std::move(value);
    } else if (equals_ignoring_case(name, "rel") && !parameters.rel) {
      parameters.rel = std::move(value);
    }
  }
}

}  // namespace

void read_link_header(std::string_view value, LinkList& links) {
  while (true) {
    take_while(value, [](char c) { return c == ',' || is_ascii_space(c); });
    if (value.empty()) return;
    if (!take(value, '<')) {  // not a link: on to the next
      take_while(value, [](char c) { return c != ','; });
      continue;
    }
    const std::string_view target = take_while(value, [](char c) { return c != '>'; });
    if (!take(value, '>')) return;
    const Parameters parameters = take_parameters(value);
    // With an anchor it is a link of some other resource, not of this page (§3.2).
    if (!parameters.rel || parameters.has_anchor) continue;
    links.add({.reference = trim(target),
               .kind = page::kind_of_relation(*parameters.rel, parameters.type),
               .nofollow = page::asks_nofollow(*parameters.rel),
               .is_target_base = true});
  }
}

}  // namespace weft
