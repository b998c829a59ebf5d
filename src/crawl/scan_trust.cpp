#include "crawl/scan_trust.hpp"

#include <utility>

namespace weft {

ReadOrders ScanTrust::next(const std::string& host) const {
  const Lock lock(mutex_);
  const auto known = hosts_.find(host);
  const bool is_new = known == hosts_.end();
  if (!is_new && known->second.is_scans) return {.parser = Parser::scan};
  if (parser_ == Parser::gumbo) return {.parser = Parser::gumbo};
  if (is_new) return {.audit = counts_.audited < kFirstAudits + counts_.scanned / kAuditShare};
  if (known->second.is_gumbos) return {.parser = Parser::gumbo};
  return {.audit = known->second.scanned % kSample == 0};
}

ScanTrust::GivenTo ScanTrust::note(const std::string& host, const PageLinks& page,
                                   const ReadOrders& orders) {
  if (page.reader == Reader::none) return GivenTo::nobody;
  const bool was_certain = orders.parser == Parser::automatic && page.doubt.empty();
  const Lock lock(mutex_);
  ++(page.reader == Reader::scan ? counts_.scanned : counts_.parsed);
  if (orders.parser == Parser::scan) ++counts_.spared;
  if (!page.cut_reason.empty()) {
    ++counts_.cut;
    if (std::exchange(hosts_[host].is_scans, true)) return GivenTo::nobody;
    ++counts_.costly_hosts;
    return GivenTo::scan;
  }
  if (!was_certain) return GivenTo::nobody;
  Host& read = hosts_[host];
  ++read.scanned;
  if (!orders.audit) return GivenTo::nobody;
  ++counts_.audited;
  if (!page.differs) return GivenTo::nobody;
  ++counts_.differed;
  return std::exchange(read.is_gumbos, true) ? GivenTo::nobody : GivenTo::gumbo;
}

HtmlCounts ScanTrust::counts() const {
  const Lock lock(mutex_);
  return counts_;
}

}  // namespace weft
