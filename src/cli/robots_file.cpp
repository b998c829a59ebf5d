#include "cli/robots_file.hpp"

#include <fmt/core.h>

#include "weft/net/decode.hpp"

namespace weft {
namespace {

constexpr int kMostRedirects = 5;

TransferResult fetch(Transfers& transfers, const Url& url, AddressPolicy addresses) {
  transfers.start(
      {.url = url, .addresses = addresses, .max_body = kRobotsReadSize, .keep_cut_body = true}, 0);
  std::vector<Completion> ended;
  while (ended.empty()) transfers.wait(Clock::time_point::max(), ended);
  return std::move(ended.front().result);
}

RobotsFile read_answer(const Url& url, TransferResult result, std::string_view agent) {
  Response& response = result.response;
  // A file over the limit counts as far as it was read (§2.5).
  if (result.outcome != Outcome::ok && result.outcome != Outcome::too_large) {
    return {Robots::disallow_all(), url.href(), "robots.txt could not be had: " + result.message};
  }
  const int status = response.status;
  if (status >= 500 || status == 429) {
    return {Robots::disallow_all(), url.href(),
            fmt::format("robots.txt could not be had: status {}", status)};
  }
  if (status < 200 || status >= 300) {
    return {Robots::allow_all(), url.href(),
            fmt::format("there is no robots.txt: status {}", status)};
  }
  const Decoded decoded = decode(response.headers.get("Content-Encoding").value_or(""),
                                 std::move(response.body), {.max_size = kRobotsReadSize});
  return {Robots::parse(decoded.body, agent), url.href()};
}

}  // namespace

RobotsFile fetch_robots(Transfers& transfers, const Url& page, std::string_view agent) {
  Url url = Url::parse(page.origin() + "/robots.txt").value();
  for (int redirects = 0; redirects <= kMostRedirects; ++redirects) {
    // The user named the page's host; where its redirects lead nobody has.
    const bool named = url.host() == page.host();
    TransferResult result =
        fetch(transfers, url, named ? AddressPolicy::any : AddressPolicy::public_only);
    const int status = result.response.status;
    const auto location = result.response.headers.get("Location");
    const bool leads_on =
        result.outcome == Outcome::ok && status >= 300 && status < 400 && location.has_value();
    if (!leads_on) return read_answer(url, std::move(result), agent);
    const auto target = Url::resolve(url, *location);
    if (!target) {
      return {Robots::disallow_all(), url.href(),
              "robots.txt redirects to what is not an http URL"};
    }
    url = *target;
  }
  return {Robots::allow_all(), url.href(),
          fmt::format("there is no robots.txt: more than {} redirects", kMostRedirects)};
}

std::string explain(const Url& page, const RobotsFile& file) {
  const RobotsVerdict verdict = file.rules.judge(page.target());
  std::string text =
      fmt::format("{} {}\n", verdict.allowed ? "allowed" : "disallowed", page.href());
  if (!file.note.empty()) {
    text += fmt::format("rule:   none: {}\n", file.note);
  } else if (verdict.line == 0) {
    text += "rule:   none matches\n";
  } else {
    text += fmt::format("rule:   {}\nline:   {}\n", verdict.rule, verdict.line);
  }
  const std::string& group = file.rules.group();
  text += fmt::format("group:  {}\n", group.empty() ? "none" : "User-agent: " + group);
  return text + fmt::format("source: {}\n", file.source);
}

}  // namespace weft
