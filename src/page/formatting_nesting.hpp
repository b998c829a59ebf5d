// Open <b>, <i>, <a>, ... as gumbo's list of active formatting elements has them (HTML
// §13.2.4.3), or more than it has; and whether a crossed one, "<b><i><p></b>", may be taken
// apart (the adoption agency, §13.2.6.4.7) so that later elements come to stand before
// earlier ones. The standard never does that. gumbo does: from the fourth element between the
// crossed one and the block within it, a formatting element stays on gumbo's stack though it
// lies before the block that was moved.
//
// Threads: one thread at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "page/element.hpp"

namespace weft::page {

inline constexpr TagSet kFormatting = {Tag::a,      Tag::b,      Tag::big,  Tag::code, Tag::em,
                                       Tag::font,   Tag::i,      Tag::nobr, Tag::s,    Tag::small,
                                       Tag::strike, Tag::strong, Tag::tt,   Tag::u};
constexpr bool is_formatting(Tag tag) { return kFormatting.has(tag); }

class FormattingNesting {
 public:
  void open(Tag tag) { open_.push_back({tag, blocks_}); }
  // False: what the tree makes of it is not certain.
  bool close(Tag tag);

  // Elements that may hold blocks, or are blocks.
  void count_block() { ++blocks_; }

  // Cells, captions and objects: what was opened before one cannot be closed within it.
  void open_scope(Tag tag) {
    scopes_.push_back(open_.size());
    open(tag);
  }
  bool close_cell();           // False as above: an object is still open in it.
  void close_object(Tag tag);  // where that is the innermost scope

  // Is none open, in the innermost scope, that the tree may open again?
  bool none_to_reopen() const;

 private:
  struct Open {
    Tag tag;
    std::uint32_t blocks;  // opened before it
  };

  std::size_t scope_begin() const { return scopes_.empty() ? 0 : scopes_.back() + 1; }
  bool in_scope_of(Tag tag) const { return !scopes_.empty() && open_[scopes_.back()].tag == tag; }
  void leave_scope() {
    open_.resize(scopes_.back());
    scopes_.pop_back();
  }

  std::vector<Open> open_;
  std::vector<std::size_t> scopes_;  // where in open_ they are
  std::uint32_t blocks_ = 0;
  bool may_lack_some_ = false;
};

}  // namespace weft::page
