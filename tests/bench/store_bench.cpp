// What a record costs: its JSON line (beside nlohmann-json's), its digest, its way through
// the sink thread, alone and with a job.
#include <chrono>
#include <ctime>
#include <future>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "bench/bench.hpp"
#include "bench/crawled.hpp"
#include "support/temp_dir.hpp"
#include "weft/base/units.hpp"
#include "weft/store/digest.hpp"
#include "weft/store/jsonl.hpp"

namespace weft {
namespace {

// The same line by the library, as its users would write it.
std::string by_nlohmann(const Record& record) {
  using Json = nlohmann::ordered_json;
  const auto text = [](const std::string& value) { return value.empty() ? Json() : Json(value); };
  const auto ms = [](Clock::duration value) {
    return std::chrono::duration<double, std::milli>(value).count();
  };
  const Json json{{"url", record.url},
                  {"kind", name(record.kind)},
                  {"outcome", name(record.outcome)},
                  {"status", record.status},
                  {"depth", record.depth},
                  {"via", text(record.via)},
                  {"location", text(record.location)},
                  {"media_type", text(record.media_type)},
                  {"charset", text(record.charset)},
                  {"bytes", record.bytes},
                  {"wire_bytes", record.wire_bytes},
                  {"digest", text(record.digest)},
                  {"links", record.links},
                  {"title", text(record.title)},
                  {"attempts", record.attempts},
                  {"fetched_at", to_rfc3339(*record.fetched_at)},
                  {"ms",
                   {{"dns", ms(record.ms.dns)},
                    {"connect", ms(record.ms.connect)},
                    {"tls", ms(record.ms.tls)},
                    {"first_byte", ms(record.ms.first_byte)},
                    {"total", ms(record.ms.total)}}},
                  {"ip", text(record.ip)},
                  {"http", text(record.http)},
                  {"error", nullptr},
                  {"file", nullptr},
                  {"warc", nullptr}};
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

template <class Work>
double nanoseconds_each(Work&& work) {
  return 1e9 / bench::per_second([&] {
           for (int i = 0; i < 1000; ++i) work();
           return std::size_t{1000};
         });
}

void measure_json() {
  const Record record = bench::record_of(17);
  bench::row("store.json", nanoseconds_each([&] { bench::keep(to_json(record)); }), "ns/record");
  bench::row("store.json_nlohmann", nanoseconds_each([&] { bench::keep(by_nlohmann(record)); }),
             "ns/record");
  bench::row("store.rfc3339",
             nanoseconds_each([&] { bench::keep(to_rfc3339(*record.fetched_at)); }), "ns/time");
}

void measure_digest() {
  const std::string page(95'000, 'p');
  bench::row("store.sha256",
             95'000 * 1e3 / nanoseconds_each([&] { bench::keep(sha256_hex(page)); }), "MB/s");
  Digester crc(DigestAlgorithm::crc32c);
  bench::row("store.crc32c", 95'000 * 1e3 / nanoseconds_each([&] {
                               crc.add(page);
                               bench::keep(crc.finish());
                             }),
             "MB/s");
  bench::row("store.sha256_of_nothing", nanoseconds_each([&] { bench::keep(sha256_hex("")); }),
             "ns/digest");
}

void measure_sink_thread() {
  auto file = open_record_file("/dev/null", OpenMode::append);
  if (!file) return;
  std::vector<std::unique_ptr<Sink>> sinks;
  sinks.push_back(std::move(*file));
  SinkThread thread(std::move(sinks), nullptr, 1024, nullptr);
  const Record record = bench::record_of(17);
  bench::row("store.sink_thread", nanoseconds_each([&] { thread.push({.record = record}); }),
             "ns/record");
}

// CPU time of the sink thread so far, once all that was pushed is written.
double sink_seconds(SinkThread& thread) {
  std::promise<double> answer;
  thread.ask([&](JobDb&) -> Result<void> {
    timespec now{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    answer.set_value(static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9);
    return {};
  });
  return answer.get_future().get();
}

// A steady crawl of 2,500 pages a second, each with five new URLs, into a job.
void measure_gather(std::chrono::milliseconds gather) {
  using Time = std::chrono::steady_clock;
  constexpr std::uint64_t kRecords = 7'500;
  constexpr std::uint64_t kUrls = 5;
  constexpr std::chrono::microseconds kBetween(400);
  const test::TempDir directory;
  auto job = JobDb::create(directory.path());
  auto file = open_record_file(directory / "pages.jsonl", OpenMode::create_new);
  if (!job || !file) return;
  std::vector<std::unique_ptr<Sink>> sinks;
  sinks.push_back(std::move(*file));
  SinkThread thread(std::move(sinks), std::move(*job), 1024, nullptr, {.longest = gather});
  std::uint64_t next = 0;
  const double before = sink_seconds(thread);
  auto due = Time::now();
  for (std::uint64_t id = 0; id < kRecords; ++id) {
    JournalEntry entry{.record = bench::record_of(id)};
    for (std::uint64_t i = 0; i < kUrls; ++i) entry.admitted.push_back(bench::url_of(next++));
    std::this_thread::sleep_until(due += kBetween);
    thread.push(std::move(entry));
  }
  bench::row(fmt::format("store.job_gather_{}ms", gather.count()),
             (sink_seconds(thread) - before) / kRecords * 1e6, "us/record");
}

}  // namespace
}  // namespace weft

int main() {
  weft::measure_json();
  weft::measure_digest();
  weft::measure_sink_thread();
  for (const int gather : {0, 1, 2, 5}) weft::measure_gather(std::chrono::milliseconds(gather));
}
