// What durability costs: URLs admitted, records settled, and what a resumed job reads, over
// a frontier of N URLs (the first argument, 1 million) on 10,000 hosts.
#include <sys/resource.h>

#include <cstdlib>
#include <filesystem>
#include <random>
#include <string>

#include "bench/bench.hpp"
#include "support/temp_dir.hpp"
#include "weft/base/units.hpp"
#include "weft/store/job_db.hpp"

namespace weft {
namespace {

using Time = std::chrono::steady_clock;
using namespace std::chrono_literals;

constexpr std::uint64_t kHosts = 10'000;
constexpr std::uint64_t kUrlsOfPage = 50;
constexpr std::uint64_t kEntriesOfCommit = 300;

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

std::string host_of(std::uint64_t id) {
  return fmt::format("host{}.example.org", id * 7919 % kHosts);
}

AdmittedUrl url_of(std::uint64_t id) {
  const std::string host = host_of(id);
  return {.id = id,
          .url = fmt::format("https://{}/library/section-{}/concurrent.futures-{}.html", host,
                             id % 97, id),
          .depth = 3,
          .via = id / kUrlsOfPage,
          .priority = 2,
          .fingerprint = id * 0x9E37'79B9'7F4A'7C15,
          .host = host};
}

Record record_of(std::uint64_t id) {
  return {.sequence = id,
          .url = url_of(id).url,
          .status = 200,
          .depth = 3,
          .via = "https://docs.example.org/3/library/index.html",
          .media_type = "text/html",
          .charset = "utf-8",
          .bytes = 95123,
          .wire_bytes = 18123,
          .digest = "sha256:" + std::string(64, 'a'),
          .links = 312,
          .title = "concurrent.futures \xE2\x80\x94 Launching parallel tasks",
          .attempts = 1,
          .fetched_at = Clock::wall_time(1767323045678ms),
          .ms = {.dns = 0us, .connect = 412us, .tls = 2100us, .first_byte = 3250us, .total = 4ms},
          .ip = "93.184.215.14",
          .http = "1.1"};
}

// Entries prepared beforehand, so that only the database is measured.
void measure_insert(JobDb& job, std::uint64_t urls) {
  double spent = 0;
  for (std::uint64_t id = 0; id < urls;) {
    std::vector<JournalEntry> entries(kEntriesOfCommit);
    for (JournalEntry& entry : entries) {
      for (std::uint64_t i = 0; i < kUrlsOfPage && id < urls; ++i) {
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

// Records of random URLs, in groups of `group`.
void measure_settle(JobDb& job, std::uint64_t urls, std::uint64_t group, std::string_view name) {
  const std::uint64_t records = std::max<std::uint64_t>(20'000, 0);
  std::mt19937_64 random(group);
  double spent = 0;
  std::uint64_t end = 0;
  for (std::uint64_t done = 0; done < records; done += group) {
    std::vector<JournalEntry> entries(group);
    // A crawl settles roughly in order of admission, host by host.
    for (JournalEntry& entry : entries) {
      entry.record = record_of((done * 20 + random() % 100'000) % urls);
    }
    const auto start = Time::now();
    for (const JournalEntry& entry : entries) {
      check(job.write(entry));
      job.set_output_end(end += 640);
    }
    check(job.commit());
    spent += seconds_since(start);
  }
  bench::row(name, spent / static_cast<double>(records) * 1e6, "us/record");
}

void measure_tail(JobDb& job, std::uint64_t urls) {
  std::mt19937_64 random(1);
  check(job.tail(host_of(0), 0, 1));  // opened anew, it reads who waits where
  bench::row("job.tail64",
             1e6 / bench::per_second([&] {
               bench::keep(check(job.tail(host_of(random() % kHosts), random() % urls, 64)));
               return std::size_t{1};
             }),
             "us");
}

void measure_resume(const std::string& directory) {
  const auto start = Time::now();
  auto job = check(JobDb::open(directory));
  const std::uint64_t next = check(job->next_id());
  bench::row("job.open", seconds_since(start) * 1e3, "ms");
  const auto seen_start = Time::now();
  std::uint64_t seen = 0;
  check(job->for_each_admitted([&](std::uint64_t fingerprint) { seen += fingerprint; }));
  bench::keep(seen);
  bench::row("job.for_each_admitted", seconds_since(seen_start), "s");
  const auto tails_start = Time::now();
  bench::keep(check(job->tails()));
  bench::row("job.tails", seconds_since(tails_start), "s");
  bench::row("job.resume", seconds_since(start), "s");
  measure_tail(*job, next);
}

void run(std::uint64_t urls) {
  const test::TempDir directory;
  {
    auto job = check(JobDb::create(directory.path()));
    measure_insert(*job, urls);
    bench::row(
        "job.wal",
        static_cast<double>(std::filesystem::file_size(directory / "job.db-wal")) / (1 << 20),
        "MiB");
    bench::row("job.resident_after_insert", resident_mib(), "MiB");
    measure_tail(*job, urls);
  }
  bench::row("job.bytes",
             static_cast<double>(std::filesystem::file_size(directory / "job.db")) /
                 static_cast<double>(urls),
             "bytes/URL");
  measure_resume(directory.path());
  auto job = check(JobDb::open(directory.path()));
  measure_settle(*job, urls, 1, "job.settle_commit_each");
  measure_settle(*job, urls, 50, "job.settle_commit_50");
  measure_settle(*job, urls, 500, "job.settle_commit_500");
  bench::row("job.resident", resident_mib(), "MiB");
}

}  // namespace
}  // namespace weft

int main(int argc, char** argv) {
  weft::run(argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 1'000'000);
}
