// The web as a table: whole crawls in memory, on one thread, in a time that stands still
// until the crawl waits.
//
//   TableWeb web{{"http://a/", html(R"(<a href="/x">x</a>)")}, {"http://a/x", html("")}};
//   CHECK(crawl(web, {.seeds = ...}).fetched() == Urls{...});
//
// A URL that is not in the table answers 404.
#pragma once

#include <deque>
#include <initializer_list>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "support/manual_clock.hpp"
#include "weft/crawl/crawl.hpp"
#include "weft/net/transfers.hpp"

namespace weft::test {

struct Answer {
  int status = 200;
  std::string body{};
  std::vector<Header> headers{};
  Clock::duration after{};        // from request to end
  Outcome outcome = Outcome::ok;  // else the transfer breaks so
  bool retryable = false;
  bool late = false;                 // later than Request::answer_within
  bool ranges = false;               // a part is given to who asks for one (RFC 9110 §14)
  std::optional<std::size_t> cut{};  // truncated after so many bytes of the body
};

Answer html(std::string body);
Answer text(std::string body);  // text/plain: robots.txt
Answer redirect(std::string location, int status = 301);
Answer broken(Outcome outcome, bool retryable);
// A file of a server that gives ranges, as long as If-Range (if sent) is this ETag.
Answer file(std::string body, const std::string& etag = "\"1\"");

struct Asked {
  std::string url;
  Clock::time_point at;
};

class TableWeb {
 public:
  // Several answers for one URL are given in turn, the last for ever.
  TableWeb(std::initializer_list<std::pair<std::string, Answer>> answers);
  void add(const std::string& url, Answer answer) { answers_[url].push_back(std::move(answer)); }

  Answer answer(const std::string& url);
  std::unique_ptr<Transfers> transfers();

  ManualClock clock{};
  std::vector<Asked> asked;       // every request, in order
  std::vector<Request> requests;  // the same, whole
  std::size_t most_at_once = 0;
  bool keeps_job = false;  // the crawl under way does

 private:
  std::map<std::string, std::deque<Answer>> answers_;
};

using Urls = std::vector<std::string>;

struct Crawled {
  CrawlResult result;
  std::vector<Record> records;
  Urls asked;
  Resumed resumed;

  // URLs asked for, sorted, robots.txt left out.
  Urls fetched() const;
  // The record of a URL; fails the test if there is none or more than one.
  const Record& record(const std::string& url) const;
};

// A crawl from `seeds` on one worker; `config` says the rest.
Crawled crawl(TableWeb& web, const Urls& seeds, CrawlConfig config = {});

}  // namespace weft::test
