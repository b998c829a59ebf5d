// Which pages gumbo audits, and which hosts' pages it reads alone.
//
// The scan stands where it is certain. Still, the first page of each host and a sample after it
// are parsed too and compared, where hosts are many one page in 64 at most: a host where they
// differ is given over to gumbo. A host one of whose pages went over gumbo's budget (of time,
// memory or depth) is given over to the scan, whatever that doubts and whatever --parser says: it
// costs other hosts no more than that.
//
// Threads: every method may be called from any thread.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>

#include "weft/base/mutex.hpp"
#include "weft/crawl/crawl.hpp"
#include "weft/page/links.hpp"

namespace weft {

struct ReadOrders {
  Parser parser = Parser::automatic;
  bool audit = false;
};

class ScanTrust {
 public:
  explicit ScanTrust(Parser parser) : parser_(parser) {}

  // How the next page of `host` is to be read.
  ReadOrders next(const std::string& host) const EXCLUDES(mutex_);

  // How it was read, and to whom the host is given over from now on, if it was not before.
  enum class GivenTo : std::uint8_t { nobody, gumbo, scan };
  GivenTo note(const std::string& host, const PageLinks& page, const ReadOrders& orders)
      EXCLUDES(mutex_);

  HtmlCounts counts() const EXCLUDES(mutex_);

 private:
  // Parsing costs some forty times as much as scanning: a page in so many adds little to it.
  static constexpr std::uint64_t kSample = 1024;
  // A crawl of thousands of hosts with a few pages each would parse most of what it fetches.
  static constexpr std::uint64_t kFirstAudits = 32;
  static constexpr std::uint64_t kAuditShare = 64;

  struct Host {
    std::uint64_t scanned = 0;
    bool is_gumbos = false;
    bool is_scans = false;  // comes first
  };

  const Parser parser_;
  mutable Mutex mutex_;
  std::unordered_map<std::string, Host> hosts_ GUARDED_BY(mutex_);
  HtmlCounts counts_ GUARDED_BY(mutex_);
};

}  // namespace weft
