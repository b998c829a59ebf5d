// What the hosts of host_world have been asked, each and each range together.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <string>
#include <unordered_map>
#include <vector>

#include "bench/world_range.hpp"

namespace weft::bench {

// Of CLOCK_MONOTONIC, which is the same to every process: who began a crawl can reckon from then.
using Moment = std::chrono::steady_clock::time_point;

struct Counts {
  std::uint64_t connections = 0;
  std::uint64_t open = 0;
  std::uint64_t most_open = 0;
  std::uint64_t requests = 0;
  std::uint64_t robots = 0;  // of the requests
  std::uint64_t pages = 0;   // sent whole, each counted once
  Moment first{};            // the first request
  Moment last{};             // the last one
  Moment last_page{};        // when `pages` last grew

  void opened();
  void closed() { --open; }
  void asked(Moment now, bool for_robots);
};

class RangeCounts;

class HostCounts {
 public:
  explicit HostCounts(RangeCounts& range) : range_(range) {}

  void opened();
  void closed();
  void asked(Moment now, bool for_robots);
  void sent(std::uint64_t page, Moment now);  // the whole of it

 private:
  friend class WorldCounts;
  RangeCounts& range_;
  Counts counts_;
  std::vector<std::uint64_t> seen_;  // a bit for each page
};

class RangeCounts {
 public:
  explicit RangeCounts(const HostRange& range) : range_(range) {}

 private:
  friend class HostCounts;
  friend class WorldCounts;
  const HostRange& range_;
  Counts counts_;
  std::uint64_t hosts_ = 0;
  std::uint64_t whole_ = 0;  // hosts of which every page has been sent
};

class WorldCounts {
 public:
  explicit WorldCounts(const std::vector<HostRange>& ranges) {
    for (const HostRange& range : ranges) ranges_.emplace_back(range);
  }

  // Stays where it is. `range` is the number of the address's.
  HostCounts& of(std::uint32_t address, std::size_t range);

  // Tab-separated, the first line names the columns; times in seconds of CLOCK_MONOTONIC.
  std::string ranges_tsv() const;
  std::string hosts_tsv() const;

 private:
  std::deque<RangeCounts> ranges_;
  std::unordered_map<std::uint32_t, HostCounts> hosts_;
};

}  // namespace weft::bench
