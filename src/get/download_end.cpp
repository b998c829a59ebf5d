// What the end of a transfer means: for the hand, for its source, for the file.
#include <algorithm>

#include "get/download.hpp"
#include "get/verifier.hpp"
#include "weft/base/shown.hpp"
#include "weft/engine/retry.hpp"
#include "weft/net/content_range.hpp"

namespace weft::get {

Next Download::end(Hand& hand, const Task& task, const TransferResult& result) {
  const Response& response = result.response;
  if (result.late) {
    if (hand.body != nullptr) hand.body->give_back(hand.id);
    return {.what = Next::Do::again};
  }
  {
    const Lock lock(mutex_);
    record_.wire_bytes += response.body_size;
    if (hand.writes || record_.ip.empty()) {
      record_.ip = response.ip;
      record_.http = response.http_version;
    }
    if (record_.ms.first_byte == Clock::duration{}) record_.ms = response.timings;
    if (hand.received >= kLarge.count && hand.asked) sources_[hand.source].failures = 0;
  }
  if (hand.halt != Halt::none) return end_halted(hand, task, response);
  if (result.outcome == Outcome::protocol_error && hand.asked) return without_ranges(hand);
  if (result.outcome != Outcome::ok) {
    return failed(
        hand, task,
        {.outcome = result.outcome, .message = result.message, .is_transient = result.retryable});
  }
  return hand.writes ? filled(hand) : end_answered(hand, task, response);
}

Next Download::end_halted(Hand& hand, const Task& task, const Response& response) {
  switch (hand.halt) {
    case Halt::none:
    case Halt::unwanted:  // settled
      return {};
    case Halt::full:
    case Halt::retired:
      return filled(hand);
    case Halt::no_ranges:
      return without_ranges(hand);
    case Halt::changed:
      return anew(hand);
    case Halt::enough:
      return end_answered(hand, task, response);
    case Halt::broken:
      return failed(hand, task, {.outcome = Outcome::protocol_error, .message = hand.why});
    case Halt::too_large:
      return failed(hand, task, {.outcome = Outcome::too_large, .message = hand.why});
    case Halt::failed:
      return outlet_failed(hand);
  }
  return {};
}

// A response that is no file.
Next Download::end_answered(Hand& hand, const Task& task, const Response& response) {
  const int status = response.status;
  if (is_redirect(status)) {
    if (const auto location = response.headers.get("Location")) {
      return redirected(hand, task, *location);
    }
  }
  if (status == 304 && hand.asks_for_news) return end_unchanged(response);
  if (status == 416 && hand.asked) return unsatisfied(hand, response);
  {
    const Lock lock(mutex_);
    record_.status = status;
  }
  return failed(hand, task,
                {.outcome = Outcome::http_error,
                 .message = fmt::format("status {}", status),
                 .is_transient = is_transient(status)});
}

Next Download::end_unchanged(const Response& response) {
  std::uint64_t size = 0;
  {
    const Lock lock(mutex_);
    size = existing_->size.count;
    // Of a file of which the job knows nothing, the server's word is about its time alone: it may
    // be another entry's.
    if (former_) record_.file_modified = existing_->modified;
    const auto said = [&](std::string_view header, const std::string& known) {
      return std::string(response.headers.get(header).value_or(known));
    };
    const FormerFile before = former_.value_or(FormerFile{});
    record_.etag = said("ETag", before.etag);
    record_.last_modified = said("Last-Modified", before.last_modified);
    record_.digest = before.digest;
  }
  (void)give_name(response);
  settle_existing(size, Why::unchanged);
  return {};
}

Next Download::redirected(Hand& hand, const Task& task, std::string_view location) {
  const auto target = Url::resolve(task.url, location);
  if (!target) {
    return failed(hand, task,
                  {.outcome = Outcome::protocol_error,
                   .message = fmt::format("it redirects to '{}', which cannot be "
                                          "fetched: {}",
                                          weft::shown(location), describe(target.error()))});
  }
  if (task.hops >= shared_.config.redirect_hops) {
    return failed(hand, task,
                  {.outcome = Outcome::protocol_error,
                   .message = fmt::format("more than {} redirects", shared_.config.redirect_hops)});
  }
  if (hand.body != nullptr) hand.body->give_back(hand.id);
  const Lock lock(mutex_);
  Source& source = sources_[hand.source];
  source.moved = with_login_of(source.listed, *target);
  record_.location = target->without_credentials().href();
  return {.what = Next::Do::move, .to = source.moved, .is_redirect = true};
}

// A range that the server finds beyond the file's end: it is shorter than it was, or the
// server's ranges are not to be relied on (RFC 9110 §15.5.17).
Next Download::unsatisfied(Hand& hand, const Response& response) {
  const auto range = response.headers.get("Content-Range");
  const auto total = parse_unsatisfied_range(range.value_or(""));
  if (total && *total != hand.body->size()) return anew(hand);
  return without_ranges(hand);
}

// The server knows no ranges, or none to be relied on: of it there is the whole to be had.
Next Download::without_ranges(Hand& hand) {
  {
    const Lock lock(mutex_);
    sources_[hand.source].gives_ranges = false;
  }
  return filled(hand);
}

// What was asked for is there, or as much of it as came: on to what is left.
Next Download::filled(Hand& hand) {
  const std::shared_ptr<Body> body = hand.body;
  if (body != nullptr) {
    if (hand.halt == Halt::none && body->size() == SegmentPlan::kUnknown) {
      body->end_at(hand.pen.at);
    }
    body->give_back(hand.id);
    if (body->is_complete()) {
      if (!body->claim_end()) {
        shared_.verifier.post(shared_from_this());
      } else if (!finish(*body)) {
        const Lock lock(mutex_);
        hand.source = source_to_try_again();
        return {.what = Next::Do::move, .to = sources_[hand.source].url()};
      }
      return drop_hand();
    }
    if (body->needs_catching_up()) shared_.verifier.post(shared_from_this());
  }
  return {.what = Next::Do::again};
}

Next Download::drop_hand() {
  const Lock lock(mutex_);
  --hands_;
  return {};
}

// The next source to try: one that has failed less often than others, those after this one
// before those before it.
std::optional<std::size_t> Download::next_source(std::size_t after) const {
  std::optional<std::size_t> best;
  for (std::size_t i = 1; i <= sources_.size(); ++i) {
    const std::size_t at = (after + i) % sources_.size();
    if (sources_[at].is_dead) continue;
    if (!best || sources_[at].failures < sources_[*best].failures) best = at;
  }
  return best;
}

Next Download::failed(Hand& hand, const Task& task, const Failure& failure) {
  if (hand.body != nullptr) hand.body->give_back(hand.id);
  {
    const Lock lock(mutex_);
    if (opener_ == hand.id) opener_ = 0;
    Source& source = sources_[hand.source];
    ++source.failures;
    // Where a redirect led may have come to its end: the listed URL knows the way.
    const bool has_expired =
        !failure.is_transient && body_ != nullptr && !(task.url == source.listed);
    if (has_expired) source.moved.reset();
    const bool is_over = source.failures >= shared_.config.tries;
    source.is_dead = is_over || (!failure.is_transient && !has_expired);
    if (ended_ || hands_ > 1) {
      --hands_;
      return {};
    }
    if (const auto next = next_source(hand.source)) {
      if (*next == hand.source && failure.is_transient) {
        return {.what = Next::Do::retry, .failures = source.failures};
      }
      hand.source = *next;
      return {.what = Next::Do::move, .to = sources_[*next].url()};
    }
  }
  settle_failed(failure);
  return drop_hand();
}

Next Download::lost_host(Hand& hand, const Task& task, const HostDown& down) {
  hand.begin_turn();
  {
    const Lock lock(mutex_);
    sources_[hand.source].failures = shared_.config.tries;
  }
  return failed(hand, task,
                {.outcome = down.outcome, .message = "the host was given up: " + down.reason});
}

// Where nothing can be written, the run ends and the file waits for the next one.
Next Download::outlet_failed(Hand& hand) {
  if (hand.body != nullptr) hand.body->give_back(hand.id);
  if (hand.failure.of == OutletFailure::Of::run) {
    shared_.fail_run(hand.failure.message);
    return {.what = Next::Do::put_back};
  }
  retire_body();
  settle_failed({.outcome = Outcome::io_error, .message = hand.failure.message});
  return drop_hand();
}

// What is there is of another file than what comes now.
Next Download::anew(Hand& hand) {
  bool is_first = false;
  {
    const Lock lock(mutex_);
    is_first = hand.body == body_;  // else somebody else has seen it too
    if (is_first) opener_ = hand.id;
  }
  if (!is_first) return {.what = Next::Do::again};
  retire_body();
  if (may_begin_anew()) return {.what = Next::Do::again};
  // Whatever the other hands see: it would begin anew with them again, and again.
  settle_failed({.outcome = Outcome::protocol_error, .message = kKeepsChanging});
  return drop_hand();
}

}  // namespace weft::get
