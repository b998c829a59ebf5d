#include "page/relation.hpp"

#include <algorithm>
#include <iterator>

#include "page/tokens.hpp"

namespace weft::page {

namespace {

struct Relation {
  std::string_view token;
  LinkKind kind;
};

// Whichever stands first here wins: "alternate stylesheet" is a style sheet, "preload
// stylesheet" too.
constexpr Relation kRelations[] = {
    {"stylesheet", LinkKind::stylesheet},
    {"icon", LinkKind::icon},
    {"apple-touch-icon", LinkKind::icon},
    {"apple-touch-icon-precomposed", LinkKind::icon},
    {"apple-touch-startup-image", LinkKind::icon},
    {"mask-icon", LinkKind::icon},
    {"fluid-icon", LinkKind::icon},
    {"next", LinkKind::next},
    {"prev", LinkKind::prev},
    {"previous", LinkKind::prev},
    {"canonical", LinkKind::canonical},
    {"manifest", LinkKind::manifest},
    {"preload", LinkKind::preload},
    {"modulepreload", LinkKind::preload},
    {"alternate", LinkKind::alternate},
};

bool is_feed_type(std::string_view type) {
  const std::string_view essence = trim(type.substr(0, type.find(';')));
  return equals_ignoring_case(essence, "application/rss+xml") ||
         equals_ignoring_case(essence, "application/atom+xml");
}

}  // namespace

bool asks_nofollow(std::string_view rel) {
  while (!rel.empty()) {
    const std::string_view token = next_token(rel, is_ascii_space);
    for (const std::string_view name : {"nofollow", "ugc", "sponsored"}) {
      if (equals_ignoring_case(token, name)) return true;
    }
  }
  return false;
}

LinkKind kind_of_relation(std::string_view rel, std::string_view type) {
  const Relation* best = std::end(kRelations);
  while (!rel.empty()) {
    const std::string_view token = next_token(rel, is_ascii_space);
    best = std::min(best, std::find_if(std::begin(kRelations), std::end(kRelations),
                                       [&](const Relation& relation) {
                                         return equals_ignoring_case(relation.token, token);
                                       }));
  }
  if (best == std::end(kRelations)) return LinkKind::link;
  if (best->kind == LinkKind::alternate && is_feed_type(type)) return LinkKind::feed;
  return best->kind;
}

}  // namespace weft::page
