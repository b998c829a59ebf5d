// Whether the text between <a> and </a> is the anchor's in the tree too. It is where what
// stands between them is well nested and closes nothing that was opened before the anchor:
// else the tree takes the anchor apart (HTML §13.2.4.3, §13.2.6.4.7) and its text with it.
//
// Threads:   one thread at a time.
// Ownership: holds views into the page.
#pragma once

#include <string_view>
#include <vector>

#include "page/element.hpp"

namespace weft::page {

class AnchorNesting {
 public:
  // To be told every HTML tag. `in_link`: within an anchor whose text is wanted. False: its
  // text may be another in the tree.
  bool start(Tag tag, std::string_view name, bool in_link);
  bool end(Tag tag, std::string_view name, bool in_link);

 private:
  bool start_in_link(Tag tag, std::string_view name);
  void note_paragraph(Tag tag);

  std::vector<std::string_view> open_;  // within the anchor
  // There may be a <p> that a block would close. Once something has hidden one it may come
  // to light again, and that is where counting ends.
  bool paragraph_ = false;
  bool hidden_paragraph_ = false;
};

}  // namespace weft::page
