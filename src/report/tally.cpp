#include "weft/report/tally.hpp"

#include <algorithm>
#include <functional>

namespace weft {

namespace {

using Hosts = std::unordered_map<std::string, HostTally>;

void add(HostTally& to, const HostTally& what) {
  to.pages += what.pages;
  to.errors += what.errors;
  to.bytes.count += what.bytes.count;
}

HostTally tally_of(const SettledCount& settled) {
  const bool is_page = settled.kind == RecordKind::page;
  const bool is_had = was_had(settled.outcome);
  return {.pages = is_page && is_had ? settled.count : 0U,
          .errors = is_page && is_failure(settled.outcome) ? settled.count : 0U,
          .bytes = {settled.bytes}};
}

// The hosts with the most of `count`; by name where they have as many.
std::vector<NamedHostTally> most(const Hosts& hosts, std::uint64_t HostTally::*count,
                                 std::size_t top) {
  std::vector<const Hosts::value_type*> ranked;
  for (const auto& host : hosts) {
    if (host.second.*count > 0) ranked.push_back(&host);
  }
  const std::size_t shown = std::min(top, ranked.size());
  std::partial_sort(ranked.begin(), ranked.begin() + shown, ranked.end(),
                    [count](const auto* a, const auto* b) {
                      if (a->second.*count != b->second.*count) {
                        return a->second.*count > b->second.*count;
                      }
                      return a->first < b->first;
                    });
  std::vector<NamedHostTally> named;
  for (std::size_t i = 0; i < shown; ++i) named.push_back({ranked[i]->first, ranked[i]->second});
  return named;
}

}  // namespace

std::uint64_t Totals::failures() const {
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < kOutcomes; ++i) {
    if (is_failure(static_cast<Outcome>(i))) sum += outcomes[i];
  }
  return sum;
}

void Changes::add(std::string_view change, std::uint64_t count) {
  if (change == "new") fresh += count;
  if (change == "changed") changed += count;
  if (change == "unchanged") unchanged += count;
  if (change == "gone") gone += count;
}

Result<void> Tally::write(const Record& record) {
  Lock lock(mutex_);
  count({.host = record.host,
         .kind = record.kind,
         .outcome = record.outcome,
         .count = 1,
         .bytes = record.bytes,
         .wire_bytes = record.wire_bytes});
  if (record.kind == RecordKind::page) totals_.changes.add(record.change, 1);
  return {};
}

void Tally::add(const SettledCount& settled) {
  Lock lock(mutex_);
  count(settled);
}

void Tally::add_change(std::string_view change, std::uint64_t count) {
  Lock lock(mutex_);
  totals_.changes.add(change, count);
}

void Tally::count(const SettledCount& settled) {
  totals_.bytes.count += settled.bytes;
  totals_.wire_bytes.count += settled.wire_bytes;
  switch (settled.kind) {
    case RecordKind::page:
      totals_.outcomes[static_cast<std::size_t>(settled.outcome)] += settled.count;
      break;
    case RecordKind::robots:
      totals_.robots += settled.count;
      break;
    case RecordKind::sitemap:
      totals_.sitemaps += settled.count;
      break;
  }
  if (settled.host.empty()) return;
  weft::add(hosts_[settled.host], tally_of(settled));
  if (hosts_.size() > most_hosts_) forget_lesser_hosts();
}

Totals Tally::totals() const {
  Lock lock(mutex_);
  return totals_;
}

TallySnapshot Tally::snapshot(std::size_t top) const {
  Lock lock(mutex_);
  return {.totals = totals_,
          .by_pages = most(hosts_, &HostTally::pages, top),
          .by_errors = most(hosts_, &HostTally::errors, top),
          .hosts = hosts_.size(),
          .others = others_};
}

// Half of them at once, so that each new host costs a constant on average.
void Tally::forget_lesser_hosts() {
  std::vector<Hosts::iterator> ranked;
  for (auto host = hosts_.begin(); host != hosts_.end(); ++host) ranked.push_back(host);
  const auto weight = [](const HostTally& tally) { return tally.pages + tally.errors; };
  const auto middle = ranked.begin() + static_cast<std::ptrdiff_t>(most_hosts_ / 2);
  std::nth_element(ranked.begin(), middle, ranked.end(), [&](const auto& a, const auto& b) {
    return weight(a->second) > weight(b->second);
  });
  for (auto host = middle; host != ranked.end(); ++host) {
    weft::add(others_, (*host)->second);
    hosts_.erase(*host);
  }
}

}  // namespace weft
