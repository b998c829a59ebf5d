#include "support/table_web.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <stdexcept>

namespace weft::test {

namespace {

class TableTransfers final : public Transfers {
 public:
  explicit TableTransfers(TableWeb& web) : web_(web) {}

  void start(Request request, std::uint64_t token) override {
    const std::string url = request.url.href();
    web_.asked.push_back({url, web_.clock.now()});
    web_.requests.push_back(request);
    Answer answer = web_.answer(url);
    flights_.push_back({token, web_.clock.now() + answer.after, url, std::move(answer)});
    web_.most_at_once = std::max(web_.most_at_once, flights_.size());
  }

  void wait(Clock::time_point until, std::vector<Completion>& ended) override {
    if (end_due(ended) || std::exchange(woken_, false)) return;
    Clock::time_point next = until;
    for (const Flight& flight : flights_) next = std::min(next, flight.due);
    if (next == Clock::time_point::max()) throw std::logic_error("the crawl waits for nothing");
    web_.clock.advance(next - web_.clock.now());
    end_due(ended);
  }

  void wake() noexcept override { woken_ = true; }

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
    std::string url;
    Answer answer;
  };

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
                          .retryable = flight.answer.retryable};
    if (result.outcome != Outcome::ok) return result;
    result.response.status = flight.answer.status;
    result.response.body = std::move(flight.answer.body);
    result.response.ip = "192.0.2.1";
    result.response.http_version = "1.1";
    result.response.timings.first_byte = flight.answer.after;
    for (const Header& header : flight.answer.headers) {
      result.response.headers.add(header.name, header.value);
    }
    return result;
  }

  TableWeb& web_;
  std::vector<Flight> flights_;
  bool woken_ = false;
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

Crawled crawl(TableWeb& web, const Urls& seeds, CrawlConfig config) {
  for (const std::string& seed : seeds) config.seeds.push_back(Url::parse(seed).value());
  config.threads = 1;
  const std::size_t asked_before = web.asked.size();
  Crawled crawled;
  CrawlSeams seams{
      .clock = web.clock, .make_transfers = [&] { return web.transfers(); }, .sinks = {}};
  seams.sinks.push_back(std::make_unique<MemorySink>(crawled.records));
  auto running = Crawl::create(std::move(config), std::move(seams));
  REQUIRE(running.has_value());
  (*running)->run_here();
  crawled.result = (*running)->join();
  for (std::size_t i = asked_before; i < web.asked.size(); ++i) {
    crawled.asked.push_back(web.asked[i].url);
  }
  return crawled;
}

}  // namespace weft::test
