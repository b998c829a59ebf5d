#include "crawl/crawl_handler.hpp"

#include "weft/base/log.hpp"

namespace weft {

namespace {

// Links that are resolved before the first of them is admitted, so that memory for all is asked
// for at once; few enough that what a page repeats is known the second time.
constexpr std::size_t kTogether = 32;

constexpr std::size_t kMostAudited = 256u << 10;  // bytes as received

// RFC 9110 §13.1: the server answers 304 where nothing has changed.
void ask_whether_changed(const LastVisit& last, Request& request) {
  if (!last.etag.empty()) request.headers.push_back({"If-None-Match", last.etag});
  if (!last.last_modified.empty()) {
    request.headers.push_back({"If-Modified-Since", last.last_modified});
  }
}

}  // namespace

CrawlHandler::CrawlHandler(CrawlShared& shared, unsigned seed)
    : shared_(shared),
      retry_{.tries = shared.config.tries, .max_retry_after = shared.config.max_retry_after},
      random_(seed),
      reader_(shared.config) {}

bool CrawlHandler::has_room() {
  if (shared_.clock.now() >= shared_.budget.deadline()) {
    shared_.stop(StopHow::finish_transfers, StopReason::max_time);
    return false;
  }
  return shared_.budget.has_page() && shared_.at_stake.has_room();
}

// --- before the request

// The URL as it is asked for: a seed's user name and password go to all of its origin, and
// to nothing else. Tasks and records are without them.
Url CrawlHandler::with_login(const Url& url) const {
  const auto login =
      shared_.logins.empty() ? shared_.logins.end() : shared_.logins.find(url.origin());
  if (login == shared_.logins.end()) return url;
  return Url::parse(login->second + std::string(url.target())).value_or(url);
}

Request CrawlHandler::request(const Task& task) const {
  const bool named = shared_.named_hosts.contains(host_key(task.url).name);
  Request request{.url = with_login(task.url),
                  .addresses = address_policy(shared_.config.private_addresses,
                                              named ? HostIs::named : HostIs::found),
                  .max_body = shared_.config.max_file_size};
  if (task.last_visit != nullptr && task.last_visit->was_had()) {
    ask_whether_changed(*task.last_visit, request);
  }
  if (task.kind == TaskKind::robots) {
    request.max_body = kRobotsReadSize;
    request.keep_cut_body = true;
  } else if (task.kind == TaskKind::sitemap) {
    request.max_body = Bytes{kSitemapMaxBytes};
    request.keep_cut_body = true;
  }
  return request;
}

std::variant<Request, Settlement> CrawlHandler::prepare(const Lease& lease) {
  const Task& task = lease.task();
  if (const auto& down = lease.host_down()) {
    give_up(task, down->outcome, "the host was given up: " + down->reason);
    return Settlement{};
  }
  if (task.kind == TaskKind::robots) return begin(task);
  return prepare_page(task);
}

std::variant<Request, Settlement> CrawlHandler::begin(const Task& task) {
  if (!shared_.at_stake.begin()) return Settlement{.retry_after = Clock::duration{}};
  return request(task);
}

std::variant<Request, Settlement> CrawlHandler::prepare_page(const Task& task) {
  if (shared_.config.robots) {
    const auto answer = shared_.robots.get(task.url.origin());
    if (answer != nullptr && answer->unreachable) {
      return refuse_by_robots(task, *answer->unreachable, {"robots_unreachable", answer->message});
    }
    const RobotsVerdict verdict =
        answer == nullptr ? RobotsVerdict{} : answer->rules.judge(task.url.target());
    if (!verdict.allowed) {
      return refuse_by_robots(
          task, Outcome::refused_robots,
          {"robots", fmt::format("robots.txt line {}: {}", verdict.line, verdict.rule)});
    }
  }
  if (shared_.config.dry_run && task.kind == TaskKind::page) {
    if (shared_.on_planned) shared_.on_planned(task.url, "");
    return Settlement{};
  }
  if (is_page(task) && !shared_.budget.reserve_page()) {
    return Settlement{.retry_after = Clock::duration{}};  // all begun; has_room() will say
  }
  auto begun = begin(task);
  if (std::holds_alternative<Settlement>(begun)) settle_budget(task, Outcome::cancelled);
  return begun;
}

// --- after it

Settlement CrawlHandler::finish(Task& task, TransferResult result) {
  Settlement settlement = conclude(task, std::move(result));
  shared_.at_stake.end();
  return settlement;
}

Settlement CrawlHandler::conclude(Task& task, TransferResult result) {
  Settlement settlement = judge_end(result, task.attempts, retry_, shared_.clock.wall(), random_);
  if (shared_.budget.count_bytes(result.response.body.size())) {
    shared_.stop(StopHow::finish_transfers, StopReason::max_bytes);
  }
  if (settlement.retry_after) {
    log(LogLevel::debug, "put back url={} attempts={} why={}", task.url.href(), task.attempts,
        result.outcome == Outcome::ok ? std::to_string(result.response.status) : result.message);
    settle_budget(task, Outcome::cancelled);
    return settlement;
  }
  switch (task.kind) {
    case TaskKind::page:
      finish_page(task, result);
      break;
    case TaskKind::robots:
      finish_robots(task, result);
      break;
    case TaskKind::sitemap:
      finish_sitemap(task, result);
      break;
  }
  return settlement;
}

void CrawlHandler::finish_page(Task& task, TransferResult& result) {
  Record record = this->record(task, result);
  Response& response = result.response;
  if (result.outcome == Outcome::ok) {
    if (is_redirect(response.status) && response.headers.get("Location")) {
      finish_redirect(task, response, record);
    } else if (record.outcome == Outcome::ok) {
      read_page(task, response, record);
    }
  }
  const Outcome outcome = record.outcome;
  if (shared_.config.recrawl) compare(task, record);
  write(std::move(record));
  settle_budget(task, outcome);
}

void CrawlHandler::finish_redirect(const Task& task, Response& response, Record& record) {
  record.outcome = Outcome::redirect;
  record.error.reset();
  record.location = *response.headers.get("Location");
  auto target = Url::resolve(task.url, record.location);
  if (!target) {
    const Rule rule = rule_of(target.error());
    record.rule = name(rule);
    return shared_.gate.refuse(record.location, {rule, task.depth, via_of(task)}, found_);
  }
  record.location = target->href();
  if (task.depth == 0 && !task.requisite) shared_.scope.adopt(task.url, *target);
  const Admission admission = shared_.gate.admit({.url = std::move(*target),
                                                  .depth = task.depth,
                                                  .hops = static_cast<std::uint8_t>(task.hops + 1),
                                                  .requisite = task.requisite},
                                                 via_of(task), found_, &task.url);
  if (admission.admitted == Admitted::refused) record.rule = name(admission.rule);
}

void CrawlHandler::read_page(const Task& task, Response& response, Record& record) {
  ReadOrders orders = shared_.trust.next(record.host);
  // An audit of a page of many megabytes would take seconds.
  if (response.body.size() > kMostAudited) orders.audit = false;
  const ReadPage read = reader_.read(response, orders);
  record.bytes = read.bytes;
  record.media_type = read.media_type;
  record.charset = read.charset;
  record.digest = read.digest;
  record.title = read.page.title;
  if (read.outcome != Outcome::ok) return fail_decoding(record, read.outcome, read.message);
  if (!read.page.cut_reason.empty()) {
    log(LogLevel::warning, "scanned page url={} why={}", task.url.href(), read.page.cut_reason);
  }
  switch (shared_.trust.note(record.host, read.page, orders)) {
    case ScanTrust::GivenTo::nobody:
      break;
    case ScanTrust::GivenTo::gumbo:
      log(LogLevel::warning, "gave host over to gumbo url={} why={}", task.url.href(),
          read.page.difference);
      break;
    case ScanTrust::GivenTo::scan:
      log(LogLevel::warning, "gave host over to the scan url={} why={}", task.url.href(),
          read.page.cut_reason);
      break;
  }
  admit_links(task, read, record);
}

void CrawlHandler::admit_links(const Task& task, const ReadPage& read, Record& record) {
  const Url& page = task.url;
  tl::expected<Url, UrlError> base = page;
  if (read.page.base) {
    base = Url::resolve(page, *read.page.base);
    if (!base) base = page;
  }
  const std::shared_ptr<const Via> via = via_of(task);
  const bool nofollow = read.nofollow && shared_.config.robots;
  memo_.begin_page(*base, shared_.scope.changes());
  keys_.clear();
  for (const Link& link : read.page.links) {
    const LinkMemo::Use use = use_of(link, nofollow);
    keys_.push_back({use, memo_.key(link.reference, use)});
  }
  for (std::size_t i = 0; i < keys_.size(); ++i) {
    const Link& link = read.page.links[i];
    const bool may_know = !task.requisite && !shared_.config.record_links && !link.is_target_base;
    const LinkMemo::Known known = may_know ? memo_.find(keys_[i].key) : LinkMemo::Known::no;
    if (known == LinkMemo::Known::url) ++record.links;
    if (known != LinkMemo::Known::no) continue;
    unknown_.push_back({.link = link,
                        .use = keys_[i].use,
                        .key = may_know ? std::optional(keys_[i].key) : std::nullopt,
                        .url = Url::resolve(link.is_target_base ? page : *base, link.reference)});
    if (unknown_.back().url) shared_.gate.expect(*unknown_.back().url);
    if (unknown_.size() == kTogether) admit_unknown(task, via, record);
  }
  admit_unknown(task, via, record);
}

void CrawlHandler::admit_unknown(const Task& task, const std::shared_ptr<const Via>& via,
                                 Record& record) {
  for (UnknownLink& unknown : unknown_) {
    const Link& link = unknown.link;
    bool is_settled = true;
    if (unknown.url) {
      ++record.links;
      if (shared_.config.record_links) {
        record.link_records.push_back({record.url, unknown.url->href(),
                                       std::string(name(link.kind)), std::string(link.text)});
      }
      is_settled = admit_link(task, via, unknown.use, std::move(*unknown.url));
    } else {
      shared_.gate.refuse(link.reference, {rule_of(unknown.url.error()), task.depth + 1, via},
                          found_);
    }
    if (!unknown.key || !is_settled) continue;
    memo_.add(*unknown.key, unknown.url ? LinkMemo::Known::url : LinkMemo::Known::not_url);
  }
  unknown_.clear();
}

LinkMemo::Use CrawlHandler::use_of(const Link& link, bool nofollow) const {
  if (is_followed(link.kind) || link.kind == LinkKind::feed) {
    const bool obeyed = nofollow || (link.nofollow && shared_.config.robots);
    return obeyed ? LinkMemo::Use::nofollow : LinkMemo::Use::followed;
  }
  const bool is_wanted = shared_.config.requisites && is_requisite(link.kind);
  return is_wanted ? LinkMemo::Use::requisite : LinkMemo::Use::none;
}

bool CrawlHandler::admit_link(const Task& task, const std::shared_ptr<const Via>& via,
                              LinkMemo::Use use, Url url) {
  // What was fetched only to show a page leads nowhere, unless it is a page of the crawl itself.
  const bool leads_nowhere =
      task.requisite &&
      shared_.scope.judge({.url = task.url, .depth = task.depth, .hops = task.hops});
  Admission admission{Admitted::duplicate};
  switch (use) {
    case LinkMemo::Use::none:
      break;
    case LinkMemo::Use::nofollow:
      if (!leads_nowhere) {
        shared_.gate.refuse(url, {Rule::nofollow, task.depth + 1, via}, found_);
      }
      break;
    case LinkMemo::Use::followed:
      if (!leads_nowhere) {
        admission =
            shared_.gate.admit({.url = std::move(url), .depth = task.depth + 1}, via, found_);
      }
      break;
    case LinkMemo::Use::requisite:
      // What a requisite needs counts as a hop: style sheets may import each other for ever.
      admission =
          shared_.gate.admit({.url = std::move(url),
                              .depth = task.depth,
                              .hops = static_cast<std::uint8_t>(task.requisite ? task.hops + 1 : 0),
                              .requisite = true},
                             via, found_);
      break;
  }
  return admission.admitted != Admitted::refused || admission.rule != Rule::depth;
}

void CrawlHandler::settle_budget(const Task& task, Outcome outcome) {
  if (!is_page(task)) return;
  if (was_had(outcome)) {
    if (shared_.budget.count_page()) {
      shared_.stop(StopHow::finish_transfers, StopReason::max_pages);
    }
  } else if (shared_.budget.release_page()) {
    shared_.frontier.wake_all();
  }
}

}  // namespace weft
