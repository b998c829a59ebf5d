// What durability costs: URLs admitted, records settled, and what a resumed job reads, over
// a frontier of N URLs (the first argument, 1 million) on 10,000 hosts.
#include <sys/resource.h>

#include <cstdlib>
#include <filesystem>
#include <random>
#include <string>

#include "bench/bench.hpp"
#include "bench/crawled.hpp"
#include "support/temp_dir.hpp"
#include "weft/store/job_db.hpp"

namespace weft {
namespace {

using Time = std::chrono::steady_clock;
using bench::record_of;
using bench::url_of;

constexpr std::uint64_t kEntriesOfCommit = 300;
constexpr std::uint64_t kUrlsOfRecord = 5;  // new ones
constexpr std::uint64_t kLine = 640;

double seconds_since(Time::time_point start) {
  return std::chrono::duration<double>(Time::now() - start).count();
}

void check(const Result<void>& done) {
  if (done) return;
  fmt::print(stderr, "job_bench: {}\n", done.error().message);
  std::exit(1);
}

template <class T>
T check(Result<T> result) {
  if (result) return std::move(*result);
  check(Result<void>(tl::unexpected(result.error())));
  std::abort();
}

double resident_mib() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1024;
}

double size_of(const std::string& path) {
  return static_cast<double>(std::filesystem::file_size(path));
}

template <class Work>
void time(std::string_view name, Work&& work) {
  const auto start = Time::now();
  work();
  bench::row(name, seconds_since(start), "s");
}

// Entries prepared beforehand, so that only the database is measured.
void measure_insert(JobDb& job, std::uint64_t urls) {
  double spent = 0;
  for (std::uint64_t id = 0; id < urls;) {
    std::vector<JournalEntry> entries(kEntriesOfCommit);
    for (JournalEntry& entry : entries) {
      for (std::uint64_t i = 0; i < bench::kUrlsOfPage && id < urls; ++i) {
        entry.admitted.push_back(url_of(id++));
      }
    }
    const auto start = Time::now();
    for (const JournalEntry& entry : entries) check(job.write(entry));
    check(job.commit());
    spent += seconds_since(start);
  }
  bench::row("job.insert", static_cast<double>(urls) / spent, "URLs/s");
}

// Records, each with new URLs, `group` to a commit. A crawl settles roughly in order of
// admission, host by host.
void measure_settle(JobDb& job, const std::string& output, std::uint64_t group) {
  constexpr std::uint64_t kRecords = 20'000;
  std::mt19937_64 random(group);
  std::uint64_t next = check(job.next_id());
  std::uint64_t end = check(job.output_end());
  const std::uint64_t settled = end / kLine;
  double spent = 0;
  double longest = 0;
  for (std::uint64_t done = 0; done < kRecords; done += group) {
    std::vector<JournalEntry> entries(group);
    for (JournalEntry& entry : entries) {
      entry.record = record_of(settled + done + random() % 100'000);
      for (std::uint64_t i = 0; i < kUrlsOfRecord; ++i) entry.admitted.push_back(url_of(next++));
    }
    const auto start = Time::now();
    for (const JournalEntry& entry : entries) {
      job.set_output_end(output, end += kLine);
      check(job.write(entry));
    }
    check(job.commit());
    const double took = seconds_since(start);
    spent += took;
    longest = std::max(longest, took);
  }
  const std::string name = fmt::format("job.settle_commit_{}", group);
  bench::row(name, spent / static_cast<double>(kRecords) * 1e6, "us/record");
  bench::row(name + "_longest", longest * 1e3, "ms");
}

// As the frontier asks: ids of one host, in order.
void measure_tasks(JobDb& job, std::uint64_t urls, std::uint64_t count) {
  std::mt19937_64 random(1);
  std::vector<std::uint32_t> ids(count);
  const double each = 1e6 / bench::per_second([&] {
                        const std::uint64_t first = random() % urls;
                        for (std::uint64_t i = 0; i < count; ++i) {
                          ids[i] = static_cast<std::uint32_t>((first + i * bench::kHosts) % urls);
                        }
                        bench::keep(check(job.tasks(ids)));
                        return std::size_t{1};
                      });
  bench::row(fmt::format("job.tasks_{}", count), each, "us");
}

void measure_resume(const std::string& directory) {
  const auto start = Time::now();
  auto job = check(JobDb::open(directory));
  bench::keep(check(job->next_id()));
  bench::row("job.open", seconds_since(start) * 1e3, "ms");
  time("job.for_each_url", [&] {
    std::uint64_t seen = 0;
    check(job->for_each_url([&](const KnownUrl& url) { seen += url.fingerprint.value_or(0); }));
    bench::keep(seen);
  });
  bench::keep(check(job->host_names()));
  time("job.settled", [&] { bench::keep(check(job->settled())); });
  time("job.seed_redirects", [&] { bench::keep(check(job->seed_redirects())); });
  bench::row("job.resume", seconds_since(start), "s");
}

void run(std::uint64_t urls) {
  const test::TempDir directory;
  {
    auto job = check(JobDb::create(directory.path()));
    measure_insert(*job, urls);
    bench::row("job.wal", size_of(directory / "job.db-wal") / (1 << 20), "MiB");
    bench::row("job.resident_after_insert", resident_mib(), "MiB");
    for (const std::uint64_t count : {16, 64, 1024}) measure_tasks(*job, urls, count);
  }
  bench::row("job.bytes", size_of(directory / "job.db") / static_cast<double>(urls), "bytes/URL");
  {
    auto job = check(JobDb::open(directory.path()));
    for (const std::uint64_t group : {1, 5, 20, 100}) {
      measure_settle(*job, directory / "pages.jsonl", group);
    }
  }
  measure_resume(directory.path());
  auto job = check(JobDb::open(directory.path()));
  time("job.begin_visit", [&] { bench::keep(check(job->begin_visit())); });
  bench::row("job.resident", resident_mib(), "MiB");
}

}  // namespace
}  // namespace weft

int main(int argc, char** argv) {
  weft::run(argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 1'000'000);
}
