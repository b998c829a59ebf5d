#include <fmt/core.h>

#include <algorithm>

#include "weft/page/links.hpp"

namespace weft {

namespace {

std::string text_of(const Link& link) {
  std::string text = fmt::format("{} {}", name(link.kind), link.reference);
  if (link.nofollow) text += " nofollow";
  if (!link.text.empty()) text += fmt::format(" \"{}\"", link.text);
  return text;
}

std::string differing(std::string_view what, std::string_view scan, std::string_view tree) {
  return scan == tree ? "" : fmt::format("{}: scan '{}', tree '{}'", what, scan, tree);
}

std::string directives_of(const PageLinks& page) {
  return fmt::format("{}{}", page.meta_noindex ? "noindex " : "",
                     page.meta_nofollow ? "nofollow" : "");
}

bool same(const Link& a, const Link& b) {
  return a.reference == b.reference && a.kind == b.kind && a.nofollow == b.nofollow &&
         a.text == b.text && a.is_target_base == b.is_target_base;
}

}  // namespace

std::string first_difference(const PageLinks& scan, const PageLinks& tree) {
  const auto at = std::mismatch(scan.links.begin(), scan.links.end(), tree.links.begin(),
                                tree.links.end(), same);
  if (at.first != scan.links.end() || at.second != tree.links.end()) {
    const std::string number = fmt::format("link {}", at.first - scan.links.begin() + 1);
    return differing(number, at.first == scan.links.end() ? "none" : text_of(*at.first),
                     at.second == tree.links.end() ? "none" : text_of(*at.second));
  }
  std::string text;
  if (scan.base != tree.base) {
    text = fmt::format("base: scan '{}', tree '{}'", scan.base.value_or("none"),
                       tree.base.value_or("none"));
  }
  if (text.empty()) text = differing("title", scan.title, tree.title);
  if (text.empty()) text = differing("robots", directives_of(scan), directives_of(tree));
  return text;
}

}  // namespace weft
