#include "support/table_web.hpp"

#include "support/job_crawl.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <stdexcept>

#include "support/hand_on.hpp"
#include "support/ranges.hpp"

namespace weft::test {

namespace {

// The answer to a request that may want a part of it.
Answer in_part(Answer answer, const Request& request) {
  const auto header = [](const std::vector<Header>& headers,
                         std::string_view name) -> std::optional<std::string_view> {
    for (const Header& one : headers) {
      if (one.name == name) return one.value;
    }
    return std::nullopt;
  };
  const Part part = part_of(answer.body.size(), header(answer.headers, "ETag").value_or(""),
                            header(request.headers, "Range"), header(request.headers, "If-Range"));
  answer.status = part.status;
  answer.body = answer.body.substr(part.first, part.size);
  answer.headers.push_back({"Accept-Ranges", "bytes"});
  answer.headers.push_back({"Content-Length", std::to_string(part.size)});
  if (!part.content_range.empty()) answer.headers.push_back({"Content-Range", part.content_range});
  return answer;
}

class TableTransfers final : public Transfers {
 public:
  explicit TableTransfers(TableWeb& web) : web_(web) {}

  void start(Request request, std::uint64_t token) override {
    const std::string url = request.url.href();
    web_.asked.push_back({url, web_.clock.now()});
    web_.requests.push_back(request);
    Answer answer = web_.answer(url);
    if (answer.ranges) answer = in_part(std::move(answer), request);
    const bool waits = request.others_wait != nullptr && *request.others_wait;
    for (const bool yields : {true, false}) {
      const Clock::duration most = yields ? request.yield_after : request.answer_within;
      if (most == Clock::duration{} || answer.after <= most || (yields && !waits)) continue;
      answer = broken(Outcome::timeout, true);
      answer.after = most;
      answer.late = yields;
      break;
    }
    const Clock::time_point due = web_.clock.now() + answer.after;
    flights_.push_back({token, due, std::move(request), std::move(answer)});
    web_.most_at_once = std::max(web_.most_at_once, flights_.size());
  }

  void wait(Clock::time_point until, std::vector<Completion>& ended) override {
    if (end_due(ended) || was_woken()) return;
    Clock::time_point next = until;
    for (const Flight& flight : flights_) next = std::min(next, flight.due);
    if (next == Clock::time_point::max()) return wait_for_wake();
    web_.clock.advance(next - web_.clock.now());
    end_due(ended);
  }

  void wake() noexcept override {
    {
      const Lock lock(mutex_);
      woken_ = true;
    }
    changed_.notify_all();
  }

  void close_idle(const HostKey&) override {}

  void cancel_all() override {
    for (Flight& flight : flights_) {
      flight.due = web_.clock.now();
      flight.answer = broken(Outcome::cancelled, false);
    }
  }

  std::size_t in_flight() const override { return flights_.size(); }

 private:
  struct Flight {
    std::uint64_t token;
    Clock::time_point due;
    Request request;
    Answer answer;
  };

  bool was_woken() {
    const Lock lock(mutex_);
    return std::exchange(woken_, false);
  }

  // What a job was asked for comes from its own thread; a crawl without one has none to wait
  // for.
  void wait_for_wake() {
    if (!web_.keeps_job) throw std::logic_error("the crawl waits for nothing");
    Lock lock(mutex_);
    while (!woken_) changed_.wait(lock);
    woken_ = false;
  }

  bool end_due(std::vector<Completion>& ended) {
    const auto is_due = [&](const Flight& flight) { return flight.due <= web_.clock.now(); };
    for (Flight& flight : flights_) {
      if (is_due(flight)) ended.push_back({flight.token, result(flight)});
    }
    return std::erase_if(flights_, is_due) > 0;
  }

  TransferResult result(Flight& flight) const {
    TransferResult result{.outcome = flight.answer.outcome,
                          .message = "broken as the table says",
                          .retryable = flight.answer.retryable,
                          .late = flight.answer.late};
    if (result.outcome != Outcome::ok) return result;
    result.response.status = flight.answer.status;
    result.response.body = flight.answer.body.substr(0, flight.answer.cut.value_or(SIZE_MAX));
    result.response.ip = "192.0.2.1";
    result.response.http_version = "1.1";
    result.response.timings.first_byte = flight.answer.after;
    for (const Header& header : flight.answer.headers) {
      result.response.headers.add(header.name, header.value);
    }
    hand_on(flight.request, result);
    if (flight.answer.cut && !result.stopped) {
      result.outcome = Outcome::truncated;
      result.retryable = true;
    }
    return result;
  }

  TableWeb& web_;
  std::vector<Flight> flights_;

  Mutex mutex_;
  Condition changed_;
  bool woken_ GUARDED_BY(mutex_) = false;
};

class MemorySink final : public Sink {
 public:
  explicit MemorySink(std::vector<Record>& records) : records_(records) {}
  Result<void> write(const Record& record) override {
    records_.push_back(record);
    return {};
  }

 private:
  std::vector<Record>& records_;
};

}  // namespace

Answer html(std::string body) {
  return {.body = std::move(body), .headers = {{"Content-Type", "text/html; charset=utf-8"}}};
}

Answer text(std::string body) {
  return {.body = std::move(body), .headers = {{"Content-Type", "text/plain"}}};
}

Answer redirect(std::string location, int status) {
  return {.status = status, .headers = {{"Location", std::move(location)}}};
}

Answer broken(Outcome outcome, bool retryable) {
  return {.outcome = outcome, .retryable = retryable};
}

Answer file(std::string body, const std::string& etag) {
  return {.body = std::move(body), .headers = {{"ETag", etag}}, .ranges = true};
}

TableWeb::TableWeb(std::initializer_list<std::pair<std::string, Answer>> answers) {
  for (const auto& [url, answer] : answers) answers_[url].push_back(answer);
}

Answer TableWeb::answer(const std::string& url) {
  const auto found = answers_.find(url);
  if (found == answers_.end()) return {.status = 404};
  Answer answer = found->second.front();
  if (found->second.size() > 1) found->second.pop_front();
  return answer;
}

std::unique_ptr<Transfers> TableWeb::transfers() { return std::make_unique<TableTransfers>(*this); }

Urls Crawled::fetched() const {
  Urls urls;
  for (const std::string& url : asked) {
    if (!url.ends_with("/robots.txt")) urls.push_back(url);
  }
  std::sort(urls.begin(), urls.end());
  return urls;
}

const Record& Crawled::record(const std::string& url) const {
  const Record* found = nullptr;
  for (const Record& record : records) {
    if (record.url != url) continue;
    INFO("two records of ", url);
    REQUIRE(found == nullptr);
    found = &record;
  }
  INFO("no record of ", url);
  REQUIRE(found != nullptr);
  return *found;
}

namespace {

// Runs what `make` makes of the seams.
template <class Make>
Crawled run(TableWeb& web, std::unique_ptr<JobDb> job, const Make& make) {
  const std::size_t asked_before = web.asked.size();
  web.keeps_job = job != nullptr;
  Crawled crawled;
  auto running = make(job_seams(web, std::move(job), &crawled.records));
  if (!running) throw std::runtime_error(running.error().message);
  (*running)->run_here();
  crawled.resumed = (*running)->resumed();
  crawled.result = (*running)->join();
  for (std::size_t i = asked_before; i < web.asked.size(); ++i) {
    crawled.asked.push_back(web.asked[i].url);
  }
  return crawled;
}

CrawlConfig with(CrawlConfig config, const Urls& seeds) {
  for (const std::string& seed : seeds) config.seeds.push_back(Url::parse(seed).value());
  config.threads = 1;
  return config;
}

}  // namespace

CrawlSeams job_seams(TableWeb& web, std::unique_ptr<JobDb> job, std::vector<Record>* records) {
  CrawlSeams seams{.clock = web.clock,
                   .make_transfers = [&web] { return web.transfers(); },
                   .sinks = {},
                   .job = std::move(job)};
  if (records != nullptr) seams.sinks.push_back(std::make_unique<MemorySink>(*records));
  return seams;
}

Crawled crawl_job(TableWeb& web, const std::string& directory, const Urls& seeds,
                  CrawlConfig config) {
  return run(web, must(JobDb::create(directory)), [&](CrawlSeams seams) {
    return Crawl::create(with(std::move(config), seeds), std::move(seams));
  });
}

Crawled resume_job(TableWeb& web, const std::string& directory, CrawlConfig config,
                   Rejudge rejudge) {
  return run(web, must(JobDb::open(directory)), [&](CrawlSeams seams) {
    return Crawl::resume(with(std::move(config), {}), std::move(seams), rejudge);
  });
}

Crawled crawl(TableWeb& web, const Urls& seeds, CrawlConfig config) {
  return run(web, nullptr, [&](CrawlSeams seams) {
    return Crawl::create(with(std::move(config), seeds), std::move(seams));
  });
}

}  // namespace weft::test
