// The end of a download: its digests compared, its file named, its record written.
#include <algorithm>

#include "get/download.hpp"
#include "get/part_file.hpp"
#include "get/verifier.hpp"

namespace weft::get {

namespace {

std::string differs(const Checksum& expected, const std::vector<Checksum>& digests,
                    std::string_view who) {
  const auto own = std::ranges::find(digests, expected.algorithm, &Checksum::algorithm);
  return fmt::format("it is {}, {} says {}", to_text(*own), who, to_text(expected));
}

}  // namespace

// What the user says counts; what the server says, only where the user says nothing.
std::string Download::mismatch(const std::vector<Checksum>& digests) const {
  const Lock lock(mutex_);
  if (const Checksum* wrong = contradicted(expected_, digests)) {
    return differs(*wrong, digests, "the list");
  }
  if (!expected_.empty()) return {};
  const Checksum* wrong = contradicted(said_, digests);
  return wrong != nullptr ? differs(*wrong, digests, "the server") : std::string();
}

// Once more, and of each mirror by itself: which of them had another file is not known. What went
// to a stream cannot be taken back.
bool Download::may_try_again() {
  const Lock lock(mutex_);
  return static_cast<std::size_t>(++mismatches_) <= sources_.size() && shared_.keep != Keep::stream;
}

std::size_t Download::source_to_try_again() const {
  const std::size_t last = static_cast<std::size_t>(mismatches_ - 1) % sources_.size();
  return next_source(last).value_or(last);
}

bool Download::finish(Body& body) {
  const std::string why = mismatch(body.digests());
  if (why.empty()) {
    keep(body);
    return true;
  }
  retire_body();
  if (may_try_again()) return false;
  settle(Outcome::checksum_mismatch, why);
  return true;
}

void Download::keep(Body& body) {
  const std::uint64_t size = body.size();
  const OnExist on_exist = shared_.config.on_exist;
  const auto replace = on_exist == OnExist::update || on_exist == OnExist::overwrite
                           ? Folder::Replace::yes
                           : Folder::Replace::no;
  while (true) {
    std::string path;
    {
      const Lock lock(mutex_);
      record_.bytes = size;
      record_.digest = to_text(body.digests().front());
      path = path_;
    }
    const auto kept = body.outlet().keep(path, size, replace);
    if (kept && *kept == Outlet::Kept::kept) {
      keep_time(body.outlet().modified());
      return settle(Outcome::ok, {}, &body.outlet());
    }
    if (!kept) {
      body.drop();
      return settle(Outcome::io_error, kept.error().message);
    }
    // Somebody else has made a file of that name meanwhile.
    if (on_exist != OnExist::rename) {
      body.drop();
      return settle_existing(size, Why::exists);
    }
    Claim other = shared_.claims->claim(path);
    const Lock lock(mutex_);
    path_ = std::move(other.path);
  }
}

// By which a later batch tells whether anybody has altered the file.
void Download::keep_time(const std::optional<Clock::wall_time>& modified) {
  const Lock lock(mutex_);
  record_.file_modified = modified;
}

void Download::verify(const std::stop_token& unless_whole, const std::stop_token& drop) {
  std::shared_ptr<Body> body;
  {
    const Lock lock(mutex_);
    if (ended_) return;
    body = body_;
  }
  if (body == nullptr) return;
  const auto read = body->catch_up(body->is_complete() ? drop : unless_whole);
  if (!read) {
    retire_body();
    return settle(Outcome::io_error, read.error().message);
  }
  if (!body->claim_end() || finish(*body)) return;
  std::optional<Task> again;
  {
    const Lock lock(mutex_);
    ++hands_;
    const std::size_t source = source_to_try_again();
    again = task_for(sources_[source].url(), Priority::first,
                     std::make_unique<Hand>(shared_from_this(), ++last_hand_, source));
  }
  shared_.frontier.push(std::move(*again));
}

// What has come of a large file is kept for a later run, where another try may have the rest.
void Download::settle_failed(const Failure& failure) {
  std::optional<PartNote> part;
  if (failure.is_transient) part = note();
  if (part) {
    const auto there = shared_.folder->look(part_name(part->path));
    if (there) part->modified = there->modified;
  }
  if (!part) retire_body();
  {
    const Lock lock(mutex_);
    record_.bytes = 0;
  }
  settle(failure.outcome, failure.message);
  if (part) shared_.sinks.push({.downloads = DownloadNews{.parts = {std::move(*part)}}});
}

void Download::settle_existing(std::uint64_t size, Why why) {
  {
    const Lock lock(mutex_);
    record_.bytes = size;
    if (why == Why::exists) {
      record_.digest.clear();
      record_.status = 0;
      record_.rule = "exists";
    } else {
      record_.status = 304;
    }
  }
  settle(Outcome::not_modified);
}

void Download::settle(Outcome outcome, const std::string& message, Outlet* kept) {
  Record record;
  {
    const Lock lock(mutex_);
    if (std::exchange(ended_, true)) return;
    record = std::move(record_);
    if (was_had(outcome)) record.file = path_;
    if (asked_at_ != Clock::time_point{}) {
      record.fetched_at = shared_.clock.wall();
      record.ms.total = shared_.clock.now() - asked_at_;
    }
  }
  record.outcome = outcome;
  if (!message.empty()) record.error = RecordError{std::string(name(outcome)), message};
  const bool has_failed = is_failure(outcome);
  if (has_failed) record.entry = list_line(wanted_);
  shared_.open.remove(*this);
  if (kept == nullptr || !kept->pass_on(record)) {
    shared_.sinks.push({.record = std::move(record)});
  }
  if (has_failed && shared_.config.fail_fast) {
    shared_.stop(StopHow::finish_transfers, StopReason::first_failure);
  }
}

std::optional<PartNote> Download::note() {
  std::shared_ptr<Body> body;
  PartNote note{.id = id_};
  {
    const Lock lock(mutex_);
    if (ended_ || body_ == nullptr || !keeps_files(shared_.keep)) return std::nullopt;
    const auto has_validator = [](const Source& source) { return !source.validator.empty(); };
    auto source = std::ranges::find_if(sources_, has_validator);
    if (source == sources_.end() && expected_.empty()) return std::nullopt;
    if (source == sources_.end()) source = sources_.begin();
    note.path = path_;
    note.url = source->listed.href();
    note.validator = source->validator;
    body = body_;
  }
  note.size = body->size();
  if (note.size == SegmentPlan::kUnknown || note.size < kLarge.count) return std::nullopt;
  const auto done = body->synced();
  if (!done || done->empty()) return std::nullopt;
  for (const ByteRange& range : *done) note.done.emplace_back(range.begin, range.end);
  return note;
}

UnderWay Download::shown() const {
  std::shared_ptr<Body> body;
  UnderWay shown{.id = id_};
  {
    const Lock lock(mutex_);
    shown.path = path_.empty() ? record_.url : path_;
    body = body_;
  }
  if (body == nullptr) return shown;
  shown.done = Bytes{body->done_bytes()};
  if (body->size() != SegmentPlan::kUnknown) shown.size = Bytes{body->size()};
  return shown;
}

}  // namespace weft::get
