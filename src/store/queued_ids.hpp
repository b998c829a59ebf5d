// Which ids wait in each host's queue, in order, so that the tail of a host is found without
// an index in the database: that index would be written at 10,000 places in each commit
// (54,000 URLs/s where 300,000 go in without it).
//
// Ids are kept when they are settled; whoever reads a tail asks the database what is still
// queued.
//
// Threads: owned by one thread.
// Memory:  4 to 8 bytes an id. Rebuilt from the database when a job is opened.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

namespace weft {

using HostId = std::uint32_t;

class QueuedIds {
 public:
  // Ids are dense, so a job this large would have filled memory long before.
  static constexpr std::uint64_t kMost = std::numeric_limits<std::uint32_t>::max();

  void add(HostId host, std::uint64_t id) {  // id <= kMost; cheap at a host's end
    if (host >= hosts_.size()) hosts_.resize(host + std::size_t{1});
    std::vector<std::uint32_t>& ids = hosts_[host];
    const auto small = static_cast<std::uint32_t>(id);
    const auto at = std::upper_bound(ids.begin(), ids.end(), small);
    if (at != ids.begin() && *(at - 1) == small) return;
    ids.insert(at, small);
  }

  // Of the host, in order; empty for a host that is not known.
  const std::vector<std::uint32_t>& of(HostId host) const {
    static const std::vector<std::uint32_t> kNone;
    return host < hosts_.size() ? hosts_[host] : kNone;
  }

  std::size_t hosts() const { return hosts_.size(); }
  void clear() { hosts_.clear(); }

 private:
  std::vector<std::vector<std::uint32_t>> hosts_;
};

}  // namespace weft
