#include "net/transfer.hpp"

#include "net/curl_outcome.hpp"

namespace weft {

namespace {

// "example.org", "example.org:8080": as people know the host.
std::string authority(const Url& url) { return url.origin().substr(url.scheme().size() + 3); }

// Nothing where libcurl does not know.
std::optional<std::uint64_t> number(CURL* easy, CURLINFO info) {
  curl_off_t value = -1;
  curl_easy_getinfo(easy, info, &value);
  return value < 0 ? std::nullopt : std::optional(static_cast<std::uint64_t>(value));
}

std::optional<Clock::wall_time> modified(CURL* easy) {
  constexpr std::uint64_t kLast = 9'000'000'000;  // in the year 2255: fits the clock
  const auto seconds = number(easy, CURLINFO_FILETIME_T);
  if (!seconds || *seconds > kLast) return std::nullopt;
  return Clock::wall_time(std::chrono::seconds(*seconds));
}

// After each file libcurl blocks until an ftp server has confirmed it: at most so long.
constexpr long kConfirmSeconds = 5;

constexpr int kMostRepeats = 5;

// What libcurl 7.88 says where a connection ends before an answer, among other things. PARTIAL_FILE
// is an HTTP/2 stream that ended with its connection, HTTP2 one that was handed to a connection
// after GOAWAY. HTTP/1.1 requests and refused streams are repeated by libcurl itself, five times;
// after that SEND_ERROR or RECV_ERROR. Not HTTP2_STREAM: the server has ended this very stream.
bool may_end_connection(CURLcode code) {
  return code == CURLE_HTTP2 || code == CURLE_PARTIAL_FILE || code == CURLE_SEND_ERROR ||
         code == CURLE_RECV_ERROR || code == CURLE_GOT_NOTHING;
}

}  // namespace

bool Transfer::speaks_http() const {
  return request.url.is_web() || (proxy != nullptr && proxy->turns_to_http(request.url));
}

bool Transfer::file_body(std::string_view bytes) {
  if (!reader.started()) {
    CURL* const curl = easy->get();
    curl_easy_setopt(curl, CURLOPT_SERVER_RESPONSE_TIMEOUT, kConfirmSeconds);
    const auto left = number(curl, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T);
    range_failed = range && !left;  // which part this is nobody can tell
    if (range_failed) return false;
    if (!reader.head(file_head({.range = range, .left = left, .modified = modified(curl)}))) {
      return false;
    }
  }
  return reader.body(bytes);
}

CURLcode Transfer::file_end(CURLcode code) {
  if (range_failed || reader.started()) return code;
  range_failed = range && (code == CURLE_FTP_COULDNT_USE_REST || code == CURLE_RANGE_ERROR);
  const bool beyond_end = range && code == CURLE_BAD_DOWNLOAD_RESUME;
  if (range_failed || (code != CURLE_OK && !beyond_end)) return code;

  CURL* const curl = easy->get();
  const auto size = number(curl, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T);
  FileFacts facts{.left = size, .modified = modified(curl)};
  if (range) {
    facts.nothing_left = true;
    facts.total = beyond_end || !size ? size : range->first;
  }
  reader.head(file_head(facts));
  return CURLE_OK;
}

Transfer::End Transfer::judge(CURLcode code) {
  const std::string detail(easy->error_text());
  CurlEnd end{.code = code, .detail = detail, .http = speaks_http()};
  if (!end.http) end.code = file_end(code);
  if (end.code == CURLE_OK || end.code == CURLE_PARTIAL_FILE) reader.finish();
  if (end.code != CURLE_OK) {
    end.started = reader.started();
    curl_easy_getinfo(easy->get(), CURLINFO_OS_ERRNO, &end.os_error);
    if (!end.http) curl_easy_getinfo(easy->get(), CURLINFO_RESPONSE_CODE, &end.reply);
  }

  Defect reason;
  if (defect) {
    reason = *defect;
  } else if (reader.defect()) {
    reason = *reader.defect();
  } else if (end.code != CURLE_OK && !reader.stopped()) {
    reason = defect_of(end);
  }
  const bool retryable = may_go_better(reason.outcome, end);
  return {std::move(reason), retryable};
}

bool Transfer::repeat_unanswered(CURLcode code) {
  if (!may_end_connection(code) || fresh_connection || !speaks_http()) return false;
  if (defect || reader.defect() || first_byte != Clock::time_point{}) return false;
  // libcurl has met six such connections in a row: a seventh kept one would be no better.
  const bool given_up = has_died(easy->error_text());
  long connections = 0;
  curl_easy_getinfo(easy->get(), CURLINFO_NUM_CONNECTS, &connections);
  if (connections > 0 && !given_up) return false;
  fresh_connection = ++repeats == kMostRepeats || given_up;
  return true;
}

void Transfer::wait_in(WaitingList& list, Clock::time_point now) {
  active = now;
  if (waiting_in == nullptr) {
    waiting_at = list.insert(list.end(), this);
  } else {
    list.splice(list.end(), *waiting_in, waiting_at);
  }
  waiting_in = &list;
}

void Transfer::wait_no_more() {
  if (waiting_in == nullptr) return;
  waiting_in->erase(waiting_at);
  waiting_in = nullptr;
}

Clock::time_point Transfer::next_check(Clock::time_point now) const {
  Clock::time_point at = Clock::time_point::max();
  const bool is_unanswered = !is_heard && first_byte == Clock::time_point{};
  if (request.answer_within > Clock::duration{} && is_unanswered) {
    at = asked + request.answer_within;
  }
  if (request.yield_after > Clock::duration{}) at = std::min(at, now + request.yield_after);
  return at;
}

std::optional<Defect> Transfer::too_slow(Clock::time_point now, bool is_unlimited) {
  const bool is_unanswered = !is_heard && first_byte == Clock::time_point{};
  if (request.answer_within > Clock::duration{} && is_unanswered &&
      now - asked >= request.answer_within) {
    return Defect{Outcome::timeout,
                  fmt::format("no answer for {}", to_text(request.answer_within))};
  }
  if (request.yield_after == Clock::duration{} || !request.others_wait->load()) return {};
  const double seconds = std::chrono::duration<double>(now - asked).count();
  const bool is_slow = is_unanswered || (is_unlimited && static_cast<double>(reader.received()) <
                                                             seconds * kYieldingSpeed);
  if (!is_slow || now - asked < request.yield_after) return {};
  is_late = true;
  return Defect{Outcome::timeout,
                fmt::format("{} for {}, while other hosts waited",
                            is_unanswered ? "no answer" : "hardly a byte",
                            to_text(std::chrono::floor<std::chrono::milliseconds>(now - asked)))};
}

std::string Transfer::place(std::string_view ip) const {
  std::string addresses(ip);
  if (ip.empty() && easy) {
    for (const IpAddress& address : reachable) {
      addresses += (addresses.empty() ? "" : ", ") + to_text(address);
    }
  }
  std::string place = authority(request.url);
  if (!addresses.empty() && !parse_ip(request.url.host())) {
    place += fmt::format(" ({})", addresses);
  }
  if (proxy != nullptr) place += fmt::format(" by proxy {}", proxy->host);
  return place;
}

Response Transfer::release_response() {
  Response response = reader.release();
  Timings& timings = response.timings;
  timings.dns = dns;
  if (first_byte != Clock::time_point{}) timings.first_byte = first_byte - started;
  if (!easy) return response;

  const char* ip = nullptr;
  curl_easy_getinfo(easy->get(), CURLINFO_PRIMARY_IP, &ip);
  if (ip != nullptr) response.ip = ip;
  long connections = 0;
  curl_easy_getinfo(easy->get(), CURLINFO_NUM_CONNECTS, &connections);
  if (connections == 0) return response;  // an old one was used
  curl_off_t connect = 0;
  curl_off_t tls = 0;
  curl_easy_getinfo(easy->get(), CURLINFO_CONNECT_TIME_T, &connect);
  curl_easy_getinfo(easy->get(), CURLINFO_APPCONNECT_TIME_T, &tls);
  if (connect > 0) timings.connect = dns + std::chrono::microseconds(connect);
  if (tls > 0) timings.tls = dns + std::chrono::microseconds(tls);
  return response;
}

}  // namespace weft
