// Where in its tables a page is: in a cell or caption, where anything may stand, or in the
// structure around those, out of which the tree moves what does not belong (foster parents,
// HTML §13.2.6.1). Knows the table parts alone; sections that a page leaves out are implied.
//
// Threads: one thread at a time.
#pragma once

#include <cstdint>
#include <vector>

#include "page/element.hpp"

namespace weft::page {

inline constexpr TagSet kTableParts = {Tag::td,    Tag::th,      Tag::tr,  Tag::tbody,   Tag::thead,
                                       Tag::tfoot, Tag::caption, Tag::col, Tag::colgroup};
constexpr bool is_table_part(Tag tag) { return kTableParts.has(tag); }

class TableNesting {
 public:
  // What a tag did to the innermost table's cell or caption. reopened: closed one, opened
  // the next.
  enum class Change : std::uint8_t { none, opened, closed, reopened };

  bool empty() const { return open_.empty(); }
  bool in_structure() const { return !open_.empty() && open_.back().content == Tag::other; }

  void start_table();
  Change start_part(Tag part);  // REQUIRES: !empty()
  Change end(Tag tag);          // of "table" or a part

 private:
  struct Table {
    Tag section = Tag::other;  // the tbody, thead or tfoot that is open
    Tag content = Tag::other;  // the td, th or caption that is open
  };

  Change end_content();

  std::vector<Table> open_;
};

}  // namespace weft::page
