// What a response is: the file, a part of it, or something else.
#include <algorithm>

#include "get/download.hpp"
#include "get/verifier.hpp"
#include "weft/base/digits.hpp"
#include "weft/base/text.hpp"
#include "weft/base/units.hpp"
#include "weft/get/digest_headers.hpp"
#include "weft/get/names.hpp"
#include "weft/net/content_range.hpp"

namespace weft::get {

namespace {

std::uint64_t length_of(const Headers& headers) {
  const auto length = headers.get("Content-Length");
  return length ? parse_digits(*length).value_or(SegmentPlan::kUnknown) : SegmentPlan::kUnknown;
}

bool gives_ranges(const Headers& headers) {
  const auto units = headers.get("Accept-Ranges");
  return units && to_lower(*units) == "bytes";
}

std::string media_type_of(const Headers& headers) {
  std::string type(headers.get("Content-Type").value_or(""));
  type.resize(std::min(type.find(';'), type.size()));
  return to_lower(trim(type));
}

// The hand's transfer has to stop.
bool halt(Hand& hand, Halt why, std::string message = {}) {
  hand.halt = why;
  hand.why = std::move(message);
  return false;
}

}  // namespace

bool Hand::begin(const Response& head) { return download->begin(*this, head); }
bool Hand::receive(std::string_view bytes) { return download->receive(*this, bytes); }

bool Download::begin(Hand& hand, const Response& head) {
  if (head.status == 206) return begin_part(hand, head);
  if (head.status == 200) return begin_whole(hand, head);
  return true;  // read a little of, so that the connection can be used again, and dropped
}

bool Download::receive(Hand& hand, std::string_view bytes) {
  constexpr std::uint64_t kMostDropped = 64u << 10;
  hand.received += bytes.size();
  shared_.counters.received.fetch_add(bytes.size(), std::memory_order_relaxed);
  if (!hand.writes) return hand.received <= kMostDropped || halt(hand, Halt::enough);
  if (is_too_large(hand.received)) return halt(hand, Halt::too_large, too_large("more"));
  Body::Written written = hand.body->write(hand.pen, bytes);
  switch (written.how) {
    case Body::Wrote::all:
      if (written.is_behind) shared_.verifier.post(shared_from_this());
      return true;
    case Body::Wrote::full:
      return halt(hand, Halt::full);
    case Body::Wrote::retired:
      return halt(hand, Halt::retired);
    case Body::Wrote::failed:
      hand.failure = std::move(written.failure);
      return halt(hand, Halt::failed);
  }
  return false;
}

bool Download::is_too_large(std::uint64_t size) const {
  const std::uint64_t most = shared_.config.max_file_size.count;
  return most > 0 && size > most;
}

std::string Download::too_large(std::string_view size) const {
  return fmt::format("the file has {}, {} is allowed", size, to_text(shared_.config.max_file_size));
}

// RFC 9110 §15.3.7: what a 206 holds is what its Content-Range says, which may be less than
// was asked for.
bool Download::begin_part(Hand& hand, const Response& head) {
  const auto range = parse_content_range(head.headers.get("Content-Range").value_or(""));
  if (!hand.asked) return halt(hand, Halt::broken, "a part came where the whole was asked for");
  if (!range || range->first != hand.asked->begin || range->last >= hand.asked->end) {
    return halt(hand, Halt::no_ranges);
  }
  bool is_other = range->total && *range->total != hand.body->size();
  {
    const Lock lock(mutex_);
    Source& source = sources_[hand.source];
    is_other = is_other || is_other_file(head.headers, source.validator);
    if (!is_other) {
      if (source.validator.empty()) source.validator = validator_of(head.headers);
      learn(head);
    }
  }
  if (is_other) return halt(hand, Halt::changed);
  hand.writes = true;
  call_hands(hand);
  return true;
}

bool Download::begin_whole(Hand& hand, const Response& head) {
  if (hand.asked) return whole_for_part(hand, head);
  return open_body(hand, head);
}

// The server does not know ranges, or the file is another one by now (RFC 9110 §13.1.5). Where
// nobody else is at work, what comes is as good as asking again.
bool Download::whole_for_part(Hand& hand, const Response& head) {
  const std::uint64_t length = length_of(head.headers);
  const std::uint64_t size = hand.body->size();
  bool is_other = length != SegmentPlan::kUnknown && length != size;
  bool is_alone = false;
  {
    const Lock lock(mutex_);
    Source& source = sources_[hand.source];
    is_other = is_other || is_other_file(head.headers, source.validator);
    if (!is_other) source.gives_ranges = false;
    is_alone = hands_ == 1;
  }
  if (!is_alone) return halt(hand, is_other ? Halt::changed : Halt::no_ranges);
  hand.body->give_back(hand.id);
  hand.asked.reset();
  if (is_other && !may_begin_anew()) return halt(hand, Halt::broken, kKeepsChanging);
  return open_body(hand, head);
}

bool Download::may_begin_anew() {
  const Lock lock(mutex_);
  return ++begun_anew_ <= std::max(1, shared_.config.tries);
}

// A name for the file, as the server has it where that counts. False: a file stands there.
bool Download::give_name(const Response& head) {
  NameClaims::Seen seen;
  std::string expected;
  {
    const Lock lock(mutex_);
    if (is_claimed_) return true;
    seen = seen_;
    expected = std::move(expected_path_);
  }
  const auto disposition = head.headers.get("Content-Disposition");
  const std::string served = disposition_filename(disposition.value_or("")).value_or("");
  if (served.empty()) return claim(expected, &seen);
  const Result<std::string> path = shared_.placement.path_of(wanted_, served);
  if (!path) return false;  // it can be: see place()
  return claim(*path, *path == expected ? &seen : nullptr);
}

void Download::retire_body() {
  std::shared_ptr<Body> old;
  {
    const Lock lock(mutex_);
    old = std::exchange(body_, nullptr);
  }
  if (old == nullptr) return;
  old->retire();
  old->drop();
}

OutletResult<std::unique_ptr<Outlet>> Download::open_outlet(std::uint64_t size) {
  std::string path;
  {
    const Lock lock(mutex_);
    path = path_;
  }
  auto outlet = shared_.open_outlet(path);
  if (!outlet || size == SegmentPlan::kUnknown || size < kLarge.count) return outlet;
  if (auto reserved = (*outlet)->reserve(size); !reserved) {
    (*outlet)->drop();
    return tl::unexpected(std::move(reserved).error());
  }
  return outlet;
}

// The file begins with this response, whatever was before.
bool Download::open_body(Hand& hand, const Response& head) {
  const std::uint64_t size = length_of(head.headers);
  if (wanted_.size && size != SegmentPlan::kUnknown && size != *wanted_.size) {
    return halt(hand, Halt::broken,
                fmt::format("the file has {} bytes, the list says {}", size, *wanted_.size));
  }
  if (size != SegmentPlan::kUnknown && is_too_large(size)) {
    return halt(hand, Halt::too_large, too_large(to_text(Bytes{size})));
  }
  if (!give_name(head)) return halt(hand, Halt::unwanted);
  retire_body();
  auto outlet = open_outlet(size);
  if (!outlet) {
    hand.failure = std::move(outlet).error();
    return halt(hand, Halt::failed);
  }
  std::string validator = validator_of(head.headers);
  const bool splits = (*outlet)->is_random() && gives_ranges(head.headers) && !validator.empty();
  std::vector<Checksum> said = digests_of(head.status, head.headers).whole;
  std::vector<Checksum> all = said;
  {
    const Lock lock(mutex_);
    all.insert(all.end(), expected_.begin(), expected_.end());
  }
  auto along =
      (*outlet)->is_random() ? shared_.verifier.read_along(size) : std::optional<ReadAlong>();
  hand.body = std::make_shared<Body>(SegmentPlan(size), *std::move(outlet), all,
                                     splits ? pieces(size) : Pieces{}, std::move(along));
  hand.pen = {hand.id, 0};
  hand.writes = true;
  (void)hand.body->take(hand.id);  // all of it or the first piece; nothing of an empty file
  {
    const Lock lock(mutex_);
    for (Source& source : sources_) source.validator.clear();
    sources_[hand.source].validator = std::move(validator);
    said_ = std::move(said);
    body_ = hand.body;
    opener_ = 0;
    has_called_ = !splits;
    learn(head);
  }
  show(size);
  std::optional<Url> answering;
  {
    const Lock lock(mutex_);
    answering = sources_[hand.source].url();
  }
  shared_.frontier.answered(*answering);
  call_hands(hand);
  return true;
}

// What the record says of where the file came from, its first answer counting.
void Download::learn(const Response& head) {
  record_.status = head.status;
  record_.media_type = media_type_of(head.headers);
  record_.etag = head.headers.get("ETag").value_or("");
  record_.last_modified = head.headers.get("Last-Modified").value_or("");
}

// Further hands, where the file is large enough for them: at the host that has just answered,
// and at mirrors where a checksum will tell whether they have the same file.
void Download::call_hands(const Hand& hand) {
  const std::uint64_t wanted = hands_for(hand.body->size());
  std::vector<Task> tasks;
  {
    const Lock lock(mutex_);
    if (std::exchange(has_called_, true)) return;
    std::vector<std::size_t> at{hand.source};
    for (std::size_t i = 0; i < sources_.size(); ++i) {
      const bool may_mix = mismatches_ == 0 && (!expected_.empty() || !said_.empty());
      if (i != hand.source && may_mix && !sources_[i].is_dead) at.push_back(i);
    }
    for (; static_cast<std::uint64_t>(hands_) < wanted; ++hands_) {
      const std::size_t source = at[static_cast<std::size_t>(hands_) % at.size()];
      tasks.push_back(task_for(sources_[source].url(), Priority::high,
                               std::make_unique<Hand>(shared_from_this(), ++last_hand_, source)));
    }
  }
  if (!tasks.empty()) shared_.frontier.push(std::move(tasks));
}

Task Download::task_for(Url url, Priority priority, std::unique_ptr<Hand> hand) const {
  return {.url = std::move(url),
          .priority = priority,
          .sequence = id_,
          .parallel = true,
          .is_stored = false,
          .data = std::move(hand)};
}

}  // namespace weft::get
