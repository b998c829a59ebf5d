// robots.txt fetched: RFC 9309 §2.3.1.
#include <algorithm>

#include "crawl/crawl_handler.hpp"
#include "crawl/robots_note.hpp"
#include "weft/net/decode.hpp"

namespace weft {

namespace {

constexpr int kMaxRobotsRedirects = 5;  // §2.3.1.2

}  // namespace

void CrawlHandler::finish_robots(const Task& task, TransferResult& result) {
  Response& response = result.response;
  Record record = this->record(task, result);

  // A file over the limit counts as far as it was read (§2.5); a body cut by the network
  // never passes for the whole.
  const bool usable = result.outcome == Outcome::ok || result.outcome == Outcome::too_large;
  if (!usable) {
    return settle_robots(unreachable(*task.robots_for, result.outcome, result.message),
                         std::move(record));
  }
  if (response.status >= 300 && response.status < 400 && response.headers.get("Location")) {
    record.outcome = Outcome::redirect;
    record.error.reset();
    record.location = *response.headers.get("Location");
    if (follow_robots_redirect(task, response, record)) return;
    return settle_robots({.origin = *task.robots_for, .status = response.status},
                         std::move(record));
  }
  Decoded decoded = decode(response.headers.get("Content-Encoding").value_or(""),
                           std::move(response.body), {.max_size = kRobotsReadSize});
  record.bytes = decoded.body.size();
  if (result.outcome == Outcome::too_large) {
    record.outcome = outcome_of(response.status);
    record.error.reset();
  } else if (record.outcome == Outcome::ok && decoded.outcome == Outcome::decode_error) {
    fail_decoding(record, decoded.outcome, decoded.message);
    return settle_robots(unreachable(*task.robots_for, decoded.outcome, decoded.message),
                         std::move(record));
  }
  settle_robots(answered(*task.robots_for, response.status, std::move(decoded.body)),
                std::move(record));
}

// §2.3.1.2: at least five redirects, also to other hosts; the rules then hold for the
// origin that was asked first. True if the record is settled.
bool CrawlHandler::follow_robots_redirect(const Task& task, const Response& response,
                                          Record& record) {
  if (task.hops >= kMaxRobotsRedirects) return false;
  auto target = Url::resolve(task.url, *response.headers.get("Location"));
  if (!target) {
    settle_robots(unreachable(*task.robots_for, Outcome::refused_robots,
                              "it redirects to what is not an http URL"),
                  std::move(record));
    return true;
  }
  write(std::move(record));
  shared_.frontier.push(Task{.url = target->without_credentials(),
                             .kind = TaskKind::robots,
                             .priority = Priority::first,
                             .hops = static_cast<std::uint8_t>(task.hops + 1),
                             .sequence = shared_.frontier.reserve(1),
                             .via = via_of(task),
                             .robots_for = std::make_unique<const std::string>(*task.robots_for)});
  return true;
}

void CrawlHandler::settle_robots(RobotsNote note, Record record) {
  const Url origin = Url::parse(note.origin).value();
  const Clock::time_point now = shared_.clock.now();
  RobotsAnswer answer = answer_of(note, shared_.config.agent);
  if (answer.unreachable && shared_.robots.has_rules(note.origin)) {
    // §2.4: rules once had hold on while they cannot be had anew.
    write(std::move(record));
    shared_.frontier.open(origin, {}, now + lifetime(answer));
    return;
  }
  if (shared_.config.sitemaps && shared_.scope.covers_host(origin)) {
    for (const std::string& sitemap : answer.rules.sitemaps()) {
      if (const auto url = Url::parse(sitemap)) shared_.gate.admit_sitemap(*url, 0, found_);
    }
  }
  const Clock::duration delay = crawl_delay(answer, shared_.config);
  const Clock::time_point expires = now + lifetime(answer);
  note.expires = shared_.clock.wall() + lifetime(answer);
  shared_.robots.put(note.origin, std::move(answer));
  deliver({.record = std::move(record), .robots = std::move(note)});
  shared_.frontier.open(origin, delay, expires);
}

}  // namespace weft
