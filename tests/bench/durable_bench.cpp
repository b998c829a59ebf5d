// A frontier far longer than memory, kept in a job: what it costs to fill, and to go on with.
//
//   durable_bench [URLS [HOSTS]]      10,000,000 on 10,000 hosts
//
// Everything is the crawl's own, from the gate to the job; only nothing is fetched. Filling and
// going on run in processes of their own, so that each has its own memory.
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "bench/bench.hpp"
#include "weft/crawl/crawl.hpp"
#include "weft/crawl/gate.hpp"
#include "weft/engine/job_tasks.hpp"

using namespace weft;

namespace {

constexpr std::uint64_t kLinks = 100;  // of a page

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

double resident_mib() { return bench::resident_bytes() / (1 << 20); }

[[noreturn]] void give_up(const Error& error) {
  fmt::print(stderr, "durable_bench: {}\n", error.message);
  std::exit(1);
}

CrawlConfig config() { return {.robots = false, .scope = ScopeKind::any}; }

Url url(std::uint64_t i, std::uint64_t hosts) {
  return Url::parse(fmt::format("http://h{}.example/docs/page-{}.html", i * 7919 % hosts, i))
      .value();
}

void fill(const std::string& directory, std::uint64_t urls, std::uint64_t hosts) {
  auto job = JobDb::create(directory);
  if (!job) give_up(job.error());
  const SystemClock clock;
  CrawlConfig crawl = config();
  crawl.seeds.push_back(url(0, hosts));
  const auto scope = Scope::create(crawl);
  RuleCounts refused;
  Gate gate(crawl, **scope, refused);
  SinkThread sinks({}, std::move(*job), 1024, give_up);

  struct Late : TaskStore {  // the frontier and its store need each other
    void load(TailRequest request) override { tasks->load(std::move(request)); }
    void keep(HostNote note) override { tasks->keep(std::move(note)); }
    JobTasks* tasks = nullptr;
  } late;
  Frontier frontier({.robots_first = false}, clock, &late);
  JobTasks tasks(sinks, frontier);
  late.tasks = &tasks;

  const auto start = clock.now();
  const std::uint64_t tenth = std::max<std::uint64_t>(kLinks, urls / 10);
  for (std::uint64_t first = 0; first < urls; first += kLinks) {
    Admissions found;
    const auto via = std::make_shared<const Via>(Via{first, "http://h.example/"});
    for (std::uint64_t i = first; i < first + kLinks; ++i) {
      gate.admit({.url = url(i, hosts), .depth = i == 0 ? 0U : 1U}, i == 0 ? nullptr : via, found);
    }
    JournalEntry entry;
    number_tasks(found.tasks, frontier, true, entry);
    sinks.push(std::move(entry));
    frontier.push(std::move(found.tasks));
    if ((first + kLinks) % tenth == 0) {
      bench::row(fmt::format("memory at {} queued URLs", first + kLinks), resident_mib(), "MiB");
    }
  }
  if (const auto closed = sinks.close(); !closed) give_up(closed.error());
  bench::row("URLs inserted", static_cast<double>(urls) / seconds_since(start), "per s");
  bench::row("visited set", static_cast<double>(gate.memory()) / (1 << 20), "MiB");
}

// Notes the first request, and ends the crawl.
class FirstRequest final : public Transfers {
 public:
  explicit FirstRequest(std::function<void()> on_request) : on_request_(std::move(on_request)) {}

  void start(Request /*request*/, std::uint64_t token) override { tokens_.push_back(token); }
  void wait(Clock::time_point /*until*/, std::vector<Completion>& ended) override {
    if (tokens_.empty()) return ::usleep(1000), void();
    on_request_();
    if (!cancelled_) return;
    for (const std::uint64_t token : std::exchange(tokens_, {})) {
      ended.push_back({token, {.outcome = Outcome::cancelled}});
    }
  }
  void wake() noexcept override {}
  void cancel_all() override { cancelled_ = true; }
  std::size_t in_flight() const override { return tokens_.size(); }

 private:
  const std::function<void()> on_request_;
  std::vector<std::uint64_t> tokens_;
  bool cancelled_ = false;
};

void go_on(const std::string& directory) {
  const SystemClock clock;
  const auto start = clock.now();
  auto job = JobDb::open(directory);
  if (!job) give_up(job.error());
  CrawlConfig crawl = config();
  crawl.threads = 1;
  std::unique_ptr<Crawl> running;
  double ready = 0;
  const auto on_request = [&] {
    if (ready > 0) return;
    ready = seconds_since(start);
    bench::row("resumed: ready to fetch after", ready, "s");
    bench::row("memory then", resident_mib(), "MiB");
    running->stop(StopHow::drop_transfers);
  };
  auto resumed =
      Crawl::resume(std::move(crawl),
                    {.clock = clock,
                     .make_transfers = [&] { return std::make_unique<FirstRequest>(on_request); },
                     .sinks = {},
                     .job = std::move(*job)},
                    Rejudge::no);
  if (!resumed) give_up(resumed.error());
  running = std::move(*resumed);
  running->run_here();
  bench::row("URLs queued again", static_cast<double>(running->join().left_queued), "");
}

template <class Work>
void in_a_process(Work&& work) {
  std::fflush(stdout);
  const pid_t child = ::fork();
  if (child == 0) {
    work();
    std::fflush(stdout);
    ::_exit(0);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  if (status != 0) std::exit(1);
}

}  // namespace

int main(int argc, char** argv) {
  const std::uint64_t urls = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 10'000'000;
  const std::uint64_t hosts = argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 10'000;
  std::string directory = (std::filesystem::temp_directory_path() / "weft-bench-XXXXXX").string();
  if (::mkdtemp(directory.data()) == nullptr) return 1;
  in_a_process([&] { fill(directory, urls, hosts); });
  bench::row("job.db and its log",
             static_cast<double>([&] {
               std::uintmax_t bytes = 0;
               for (const auto& file : std::filesystem::directory_iterator(directory)) {
                 bytes += file.file_size();
               }
               return bytes;
             }()) /
                 (1 << 20),
             "MiB");
  in_a_process([&] { go_on(directory); });
  std::filesystem::remove_all(directory);
}
