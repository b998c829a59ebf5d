#include "page/table_nesting.hpp"

namespace weft::page {

using Change = TableNesting::Change;

// §13.2.6.4.9: a table right in a table ends that one.
void TableNesting::start_table() {
  if (in_structure()) open_.pop_back();
  open_.emplace_back();
}

// §13.2.6.4.9-15: a part closes whatever cell, row or section it cannot stand in.
Change TableNesting::start_part(Tag part) {
  const bool closed = end_content() == Change::closed;
  Table& table = open_.back();
  const bool is_cell = part == Tag::td || part == Tag::th;
  if (is_cell || part == Tag::tr) {
    if (table.section == Tag::other) table.section = Tag::tbody;
  } else {
    const bool is_section = part == Tag::tbody || part == Tag::thead || part == Tag::tfoot;
    table.section = is_section ? part : Tag::other;
  }
  if (!is_cell && part != Tag::caption) return closed ? Change::closed : Change::none;
  table.content = part;
  return closed ? Change::reopened : Change::opened;
}

// An end tag of what is not open in this table is ignored.
Change TableNesting::end(Tag tag) {
  if (open_.empty()) return Change::none;
  Table& table = open_.back();
  switch (tag) {
    case Tag::table: {
      const Change change = end_content();
      open_.pop_back();
      return change;
    }
    case Tag::td:
    case Tag::th:
    case Tag::caption:
      return table.content == tag ? end_content() : Change::none;
    case Tag::tr:
      return table.content == Tag::caption ? Change::none : end_content();
    case Tag::tbody:
    case Tag::thead:
    case Tag::tfoot:
      if (table.section != tag) return Change::none;
      table.section = Tag::other;
      return end_content();
    default:
      return Change::none;
  }
}

Change TableNesting::end_content() {
  if (open_.back().content == Tag::other) return Change::none;
  open_.back().content = Tag::other;
  return Change::closed;
}

}  // namespace weft::page
