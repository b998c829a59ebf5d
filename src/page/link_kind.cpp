#include "weft/page/links.hpp"

namespace weft {

std::string_view name(LinkKind kind) {
  switch (kind) {
    case LinkKind::anchor:
      return "a";
    case LinkKind::area:
      return "area";
    case LinkKind::frame:
      return "frame";
    case LinkKind::iframe:
      return "iframe";
    case LinkKind::refresh:
      return "refresh";
    case LinkKind::next:
      return "next";
    case LinkKind::prev:
      return "prev";
    case LinkKind::image:
      return "img";
    case LinkKind::script:
      return "script";
    case LinkKind::stylesheet:
      return "stylesheet";
    case LinkKind::icon:
      return "icon";
    case LinkKind::media:
      return "media";
    case LinkKind::track:
      return "track";
    case LinkKind::poster:
      return "poster";
    case LinkKind::object:
      return "object";
    case LinkKind::embed:
      return "embed";
    case LinkKind::svg:
      return "svg";
    case LinkKind::css_image:
      return "css";
    case LinkKind::css_import:
      return "import";
    case LinkKind::manifest:
      return "manifest";
    case LinkKind::preload:
      return "preload";
    case LinkKind::background:
      return "background";
    case LinkKind::form:
      return "form";
    case LinkKind::canonical:
      return "canonical";
    case LinkKind::alternate:
      return "alternate";
    case LinkKind::link:
      return "link";
    case LinkKind::redirect:
      return "redirect";
    case LinkKind::sitemap:
      return "sitemap";
    case LinkKind::feed:
      return "feed";
    case LinkKind::seed:
      return "seed";
  }
  return "";
}

bool is_followed(LinkKind kind) { return kind <= LinkKind::prev; }

bool is_requisite(LinkKind kind) { return kind >= LinkKind::image && kind <= LinkKind::background; }

}  // namespace weft
