#include "crawl/scan_trust.hpp"

namespace weft {

ReadOrders ScanTrust::next(const std::string& host) const {
  if (parser_ == Parser::gumbo) return {.parser = Parser::gumbo};
  const Lock lock(mutex_);
  const auto known = hosts_.find(host);
  if (known == hosts_.end()) return {.audit = true};
  if (known->second.is_gumbos) return {.parser = Parser::gumbo};
  return {.audit = known->second.scanned % kSample == 0};
}

bool ScanTrust::note(const std::string& host, const PageLinks& page, const ReadOrders& orders) {
  if (page.reader == Reader::none) return false;
  const bool was_certain = orders.parser == Parser::automatic && page.doubt.empty();
  const Lock lock(mutex_);
  ++(page.reader == Reader::scan ? counts_.scanned : counts_.parsed);
  if (!page.cut_reason.empty()) ++counts_.cut;
  if (!was_certain) return false;
  Host& read = hosts_[host];
  ++read.scanned;
  if (!orders.audit) return false;
  ++counts_.audited;
  if (!page.differs) return false;
  ++counts_.differed;
  return !std::exchange(read.is_gumbos, true);
}

HtmlCounts ScanTrust::counts() const {
  const Lock lock(mutex_);
  return counts_;
}

}  // namespace weft
