// A whole crawl: owns the frontier, the visited set, the workers and their threads, and
// runs them from the seeds to the last record.
//
//   Crawl crawl(config, {...});
//   crawl.start();
//   while (!crawl.finished()) { ...wait for on_finished or a signal, draw progress... }
//   CrawlResult result = crawl.join();
//
// Threads:   one owner calls everything; stop() and state() from any thread. on_finished
//            and on_planned are called from workers' threads.
// Ownership: the clock and what make_transfers refers to must outlive the crawl.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "weft/crawl/config.hpp"
#include "weft/engine/crew.hpp"
#include "weft/net/transfers.hpp"
#include "weft/store/sink.hpp"

namespace weft {

// How pages of HTML were read.
struct HtmlCounts {
  std::uint64_t scanned = 0;   // by their tags alone
  std::uint64_t parsed = 0;    // by gumbo's tree
  std::uint64_t audited = 0;   // of those where the scan was certain: by both
  std::uint64_t differed = 0;  // of those audited
  std::uint64_t cut = 0;       // the tree went over its budget: scanned
  // Hosts of such pages, and the pages of theirs that were scanned after, certain or not.
  std::uint64_t costly_hosts = 0;
  std::uint64_t spared = 0;
};

struct CrawlResult {
  StopReason stopped = StopReason::none;
  std::optional<Error> sink_error;               // where stopped is sink_failed, or closing failed
  std::map<std::string, std::uint64_t> refused;  // URLs by the rule that refused them
  std::vector<HostTrouble> troubles;
  std::size_t left_queued = 0;  // tasks never settled
  std::size_t known_urls = 0;
  std::size_t visited_memory = 0;  // bytes
  HtmlCounts html;
};

struct CrawlSeams {
  const Clock& clock;
  std::function<std::unique_ptr<Transfers>()> make_transfers;  // called once for each worker
  std::vector<std::unique_ptr<Sink>> sinks;
  NameLookUp look_up{};                 // of hosts before their turn; null: none
  std::unique_ptr<JobDb> job{};         // where the crawl's state is kept; null: nowhere
  std::function<void()> on_finished{};  // the last worker has ended
  // --dry-run: each page that would be fetched (rule empty), or not and why.
  std::function<void(const Url& url, std::string_view rule)> on_planned{};
  // All is settled, and the job is done: what it is to remember of that. On the thread that owns
  // the job, after the last record.
  std::function<Result<void>(JobDb& job, const CrawlResult& result)> on_done{};
};

// What a crawl that goes on found.
struct Resumed {
  std::uint64_t settled = 0;
  std::uint64_t queued = 0;
  std::uint64_t refused_now = 0;   // of those queued, by a scope that has changed
  std::uint64_t admitted_now = 0;  // of those it had refused
};

enum class Rejudge : std::uint8_t { no, yes };

// What a crawl is doing now, for the status line.
struct CrawlState {
  FrontierState frontier;
  std::string waiting_for{};  // what it is waiting for, for people
};

class Crawl {
 public:
  // Fails where the configuration cannot work (no seed, a bad regex): says which and why.
  static Result<std::unique_ptr<Crawl>> create(CrawlConfig config, CrawlSeams seams);

  // Goes on with the crawl that seams.job holds, from whose seeds it began; those of `config`
  // only say their user names and passwords. With Rejudge::yes what is queued, and what the
  // scope refused, is judged again.
  static Result<std::unique_ptr<Crawl>> resume(CrawlConfig config, CrawlSeams seams,
                                               Rejudge rejudge);

  ~Crawl();  // drops what is in flight and joins

  void start();

  // Runs one worker on the caller's thread until the end instead of start(): for tests.
  void run_here();

  Resumed resumed() const;  // zeros for a new crawl
  bool finished() const;
  void stop(StopHow how, StopReason reason = StopReason::interrupted);
  CrawlState state() const;

  // Waits for the workers, writes what is queued, closes the sinks.
  CrawlResult join();

 private:
  struct Parts;
  explicit Crawl(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace weft
