// The crawl as the engine sees it: what to ask for a task, what to do with the answer.
//
// Threads: one for each worker; what they share is in CrawlShared.
#pragma once

#include <random>
#include <vector>

#include "crawl/link_memo.hpp"
#include "crawl/page_reader.hpp"
#include "crawl/shared.hpp"
#include "weft/engine/handler.hpp"
#include "weft/engine/retry.hpp"
#include "weft/page/sitemap.hpp"

namespace weft {

Outcome outcome_of(int status);

// The response came, but its body could not be undone.
void fail_decoding(Record& record, Outcome outcome, const std::string& message);

class CrawlHandler final : public Handler {
 public:
  CrawlHandler(CrawlShared& shared, unsigned seed);

  bool has_room() override;
  Clock::time_point deadline() const override { return shared_.budget.deadline(); }
  std::variant<Request, Settlement> prepare(const Lease& lease) override;
  Settlement finish(Task& task, TransferResult result) override;

 private:
  std::variant<Request, Settlement> begin(const Task& task);
  Settlement conclude(Task& task, TransferResult result);

  // Pages.
  std::variant<Request, Settlement> prepare_page(const Task& task);
  void finish_page(Task& task, TransferResult& result);
  void finish_redirect(const Task& task, Response& response, Record& record);
  void read_page(const Task& task, Response& response, Record& record);
  void admit_links(const Task& task, const ReadPage& read, Record& record);
  void admit_unknown(const Task& task, const std::shared_ptr<const Via>& via, Record& record);
  LinkMemo::Use use_of(const Link& link, bool nofollow) const;
  // False: it may be judged otherwise when it is found again.
  bool admit_link(const Task& task, const std::shared_ptr<const Via>& via, LinkMemo::Use use,
                  Url url);
  void settle_budget(const Task& task, Outcome outcome);

  // robots.txt and sitemaps (robots_task.cpp, sitemap_task.cpp).
  void finish_robots(const Task& task, TransferResult& result);
  bool follow_robots_redirect(const Task& task, const Response& response, Record& record);
  void settle_robots(RobotsNote note, Record record);
  void finish_sitemap(const Task& task, TransferResult& result);

  Url with_login(const Url& url) const;
  Request request(const Task& task) const;
  Record record(const Task& task) const;
  Record record(const Task& task, const TransferResult& result) const;
  Record unasked(const Task& task, Outcome outcome, RecordError error, std::string rule) const;
  Settlement refuse_by_robots(const Task& task, Outcome outcome, RecordError error);
  void give_up(const Task& task, Outcome outcome, const std::string& message);
  void write(Record record) { deliver({.record = std::move(record)}); }
  void deliver(JournalEntry entry);
  static void compare(const Task& task, Record& record);  // with the last visit
  static std::shared_ptr<const Via> via_of(const Task& task);
  bool is_page(const Task& task) const { return task.kind == TaskKind::page && !task.requisite; }

  CrawlShared& shared_;
  const RetryPolicy retry_;
  std::minstd_rand random_;
  PageReader reader_;
  LinkMemo memo_;
  struct KeyOfLink {
    LinkMemo::Use use;
    LinkMemo::Key key;
  };
  std::vector<KeyOfLink> keys_;  // of the page at hand
  struct UnknownLink {
    const Link& link;
    LinkMemo::Use use;
    std::optional<LinkMemo::Key> key;  // where what comes of it may be remembered
    tl::expected<Url, UrlError> url;
  };
  std::vector<UnknownLink> unknown_;
  Admissions found_;  // what the response at hand has added
};

}  // namespace weft
