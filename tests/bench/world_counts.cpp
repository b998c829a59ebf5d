#include "bench/world_counts.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <iterator>

namespace weft::bench {

namespace {

// More pages than this of one host are counted each time that they are sent.
constexpr std::uint64_t kMostBits = 64'000'000;

constexpr std::string_view kCountColumns =
    "connections\topen\tmost_open\trequests\trobots\tpages\tfirst\tlast\tlast_page\n";

double seconds(Moment moment) {
  return std::chrono::duration<double>(moment.time_since_epoch()).count();
}

void append(const Counts& counts, std::string& out) {
  fmt::format_to(std::back_inserter(out), "{}\t{}\t{}\t{}\t{}\t{}\t{:.4f}\t{:.4f}\t{:.4f}\n",
                 counts.connections, counts.open, counts.most_open, counts.requests, counts.robots,
                 counts.pages, seconds(counts.first), seconds(counts.last),
                 seconds(counts.last_page));
}

}  // namespace

void Counts::opened() {
  ++connections;
  most_open = std::max(most_open, ++open);
}

void Counts::asked(Moment now, bool for_robots) {
  if (requests++ == 0) first = now;
  if (for_robots) ++robots;
  last = now;
}

void HostCounts::opened() {
  counts_.opened();
  range_.counts_.opened();
}

void HostCounts::closed() {
  counts_.closed();
  range_.counts_.closed();
}

void HostCounts::asked(Moment now, bool for_robots) {
  counts_.asked(now, for_robots);
  range_.counts_.asked(now, for_robots);
}

void HostCounts::sent(std::uint64_t page, Moment now) {
  const std::uint64_t all = range_.range_.pages;
  if (all != 0 && page < kMostBits) {
    if (page / 64 >= seen_.size()) seen_.resize(page / 64 + 1);
    const std::uint64_t bit = std::uint64_t{1} << page % 64;
    if ((seen_[page / 64] & bit) != 0) return;
    seen_[page / 64] |= bit;
  }
  counts_.last_page = range_.counts_.last_page = now;
  ++range_.counts_.pages;
  if (++counts_.pages == all) ++range_.whole_;
}

HostCounts& WorldCounts::of(std::uint32_t address, std::size_t range) {
  const auto [place, is_new] = hosts_.try_emplace(address, ranges_[range]);
  if (is_new) ++ranges_[range].hosts_;
  return place->second;
}

std::string WorldCounts::ranges_tsv() const {
  std::string out = "range\tkind\thosts\twhole\t";
  out += kCountColumns;
  for (const RangeCounts& range : ranges_) {
    fmt::format_to(std::back_inserter(out), "{}\t{}\t{}\t{}\t", range.range_.text,
                   to_text(range.range_.kind), range.hosts_, range.whole_);
    append(range.counts_, out);
  }
  return out;
}

std::string WorldCounts::hosts_tsv() const {
  std::string out = "host\tkind\t";
  out += kCountColumns;
  std::vector<std::uint32_t> addresses;
  for (const auto& [address, host] : hosts_) addresses.push_back(address);
  std::ranges::sort(addresses);
  for (const std::uint32_t address : addresses) {
    const HostCounts& host = hosts_.at(address);
    fmt::format_to(std::back_inserter(out), "{}\t{}\t", dotted(address),
                   to_text(host.range_.range_.kind));
    append(host.counts_, out);
  }
  return out;
}

}  // namespace weft::bench
