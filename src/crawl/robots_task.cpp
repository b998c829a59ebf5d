// robots.txt fetched: RFC 9309 §2.3.1.
#include <algorithm>

#include "crawl/crawl_handler.hpp"
#include "weft/net/decode.hpp"

namespace weft {

namespace {

using namespace std::chrono_literals;

constexpr int kMaxRobotsRedirects = 5;            // §2.3.1.2
constexpr Clock::duration kRobotsLifetime = 24h;  // §2.4
constexpr Clock::duration kUnreachableLifetime = 10min;

// What a complete response says.
RobotsAnswer answer_of(const Record& record, std::string_view body, std::string_view agent) {
  const int status = record.status;
  if (record.outcome == Outcome::decode_error) {
    return {.rules = Robots::disallow_all(),
            .unreachable = record.outcome,
            .message = "robots.txt could not be had: " + record.error->message};
  }
  if (status >= 200 && status < 300) return {.rules = Robots::parse(body, agent)};
  // §2.3.1.3 "unavailable" allows all, §2.3.1.4 "unreachable" disallows all; 429 asks to
  // be left alone and counts with the latter.
  if (status < 500 && status != 429) return {.rules = Robots::allow_all()};
  return {.rules = Robots::disallow_all(),
          .unreachable = Outcome::refused_robots,
          .message = fmt::format("robots.txt could not be had: status {}", status)};
}

}  // namespace

void CrawlHandler::finish_robots(const Task& task, TransferResult& result) {
  Response& response = result.response;
  Record record = this->record(task, result);

  // A file over the limit counts as far as it was read (§2.5); a body cut by the network
  // never passes for the whole.
  const bool usable = result.outcome == Outcome::ok || result.outcome == Outcome::too_large;
  if (usable && response.status >= 300 && response.status < 400 &&
      response.headers.get("Location")) {
    record.outcome = Outcome::redirect;
    record.error.reset();
    record.location = *response.headers.get("Location");
    write(std::move(record));
    if (!follow_robots_redirect(task, response)) {
      settle_robots(task, {.rules = Robots::allow_all()});
    }
    return;
  }
  if (!usable) {
    const Outcome outcome = result.outcome;
    write(std::move(record));
    settle_robots(task, {.rules = Robots::disallow_all(),
                         .unreachable = outcome,
                         .message = "robots.txt could not be had: " + result.message});
    return;
  }
  Decoded decoded = decode(response.headers.get("Content-Encoding").value_or(""),
                           std::move(response.body), {.max_size = kRobotsReadSize});
  record.bytes = decoded.body.size();
  if (result.outcome == Outcome::too_large) {
    record.outcome = outcome_of(response.status);
    record.error.reset();
  } else if (record.outcome == Outcome::ok && decoded.outcome == Outcome::decode_error) {
    fail_decoding(record, decoded.outcome, decoded.message);
  }
  RobotsAnswer answer = answer_of(record, decoded.body, shared_.config.agent);
  write(std::move(record));
  settle_robots(task, std::move(answer));
}

// §2.3.1.2: at least five redirects, also to other hosts; the rules then hold for the
// origin that was asked first. True if the way goes on.
bool CrawlHandler::follow_robots_redirect(const Task& task, const Response& response) {
  if (task.hops >= kMaxRobotsRedirects) return false;
  auto target = Url::resolve(task.url, *response.headers.get("Location"));
  if (!target) {
    settle_robots(task, {.rules = Robots::disallow_all(),
                         .unreachable = Outcome::refused_robots,
                         .message = "robots.txt redirects to what is not an http URL"});
    return true;
  }
  shared_.frontier.push(Task{.url = target->without_credentials(),
                             .kind = TaskKind::robots,
                             .priority = Priority::first,
                             .hops = static_cast<std::uint8_t>(task.hops + 1),
                             .via = std::make_shared<const std::string>(task.url.href()),
                             .robots_for = std::make_unique<const std::string>(*task.robots_for)});
  return true;
}

void CrawlHandler::settle_robots(const Task& task, RobotsAnswer answer) {
  const Url origin = Url::parse(*task.robots_for).value();
  const Clock::time_point now = shared_.clock.now();
  if (answer.unreachable && shared_.robots.has_rules(*task.robots_for)) {
    // §2.4: rules once had hold on while they cannot be had anew.
    shared_.frontier.open(origin, {}, now + kUnreachableLifetime);
    return;
  }
  const Clock::duration delay = std::min<Clock::duration>(answer.rules.crawl_delay().value_or(0ms),
                                                          shared_.config.max_crawl_delay);
  const Clock::duration lifetime = answer.unreachable ? kUnreachableLifetime : kRobotsLifetime;

  if (shared_.config.sitemaps && shared_.scope.covers_host(origin)) {
    for (const std::string& sitemap : answer.rules.sitemaps()) {
      if (const auto url = Url::parse(sitemap)) shared_.gate.admit_sitemap(*url, 0, admitted_);
    }
  }
  shared_.robots.put(*task.robots_for, std::move(answer));
  shared_.frontier.open(origin, delay, now + lifetime);
  push_admitted();
}

}  // namespace weft
