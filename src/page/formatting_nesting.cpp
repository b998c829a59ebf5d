#include "page/formatting_nesting.hpp"

namespace weft::page {

namespace {

constexpr std::size_t kReach = 8;         // searched: pages leave thousands open
constexpr std::uint32_t kAgencyRuns = 8;  // per end tag, at most

}  // namespace

bool FormattingNesting::close(Tag tag) {
  const std::size_t scope = scope_begin();
  std::size_t at = open_.size();
  while (at > scope && open_.size() - at < kReach && open_[at - 1].tag != tag) --at;
  if (at == scope) return true;  // no such element: the end tag is ignored
  if (open_[at - 1].tag != tag) return false;
  const std::uint32_t blocks = blocks_ - open_[at - 1].blocks;
  const bool crossed = at != open_.size() || may_lack_some_;
  if (blocks > 0 && crossed) return false;
  // Taken apart once for each block that is open in it, but no more often than this: then
  // the list keeps a copy.
  if (blocks >= kAgencyRuns) may_lack_some_ = true;
  if (at == open_.size()) {
    open_.pop_back();
    return true;
  }
  open_.erase(open_.begin() + static_cast<std::ptrdiff_t>(at) - 1);
  return true;
}

bool FormattingNesting::none_to_reopen() const {
  return !may_lack_some_ && open_.size() == scope_begin();
}

bool FormattingNesting::close_cell() {
  const bool is_cell = in_scope_of(Tag::td) || in_scope_of(Tag::th) || in_scope_of(Tag::caption);
  if (is_cell) leave_scope();
  return is_cell;
}

void FormattingNesting::close_object(Tag tag) {
  if (in_scope_of(tag)) leave_scope();
}

}  // namespace weft::page
