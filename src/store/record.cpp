#include "weft/store/record.hpp"

namespace weft {

std::string_view name(RecordKind kind) {
  switch (kind) {
    case RecordKind::page:
      return "page";
    case RecordKind::robots:
      return "robots";
    case RecordKind::sitemap:
      return "sitemap";
  }
  return "page";
}

}  // namespace weft
