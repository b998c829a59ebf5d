// Before a request: where the file goes, who may ask for what.
#include <algorithm>

#include "get/download.hpp"
#include "get/given_names.hpp"
#include "get/lost_files.hpp"
#include "get/part_file.hpp"
#include "get/verifier.hpp"
#include "weft/net/retry_after.hpp"
#include "weft/url/identity.hpp"

namespace weft::get {

namespace {

std::string_view directory_of(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string_view::npos ? std::string_view() : path.substr(0, slash);
}

bool keeps_existing(OnExist how) { return how == OnExist::skip || how == OnExist::rename; }

}  // namespace

Download::Download(GetShared& shared, Listed listed)
    : shared_(shared),
      id_(listed.id),
      identity_(listed.identity),
      wanted_(std::move(listed.wanted)) {
  for (const Url& url : wanted_.urls) sources_.push_back({.listed = url});
  record_ = record_of(wanted_);
  record_.sequence = id_;
}

bool Download::place(Hand& hand, const std::optional<PartNote>& part) {
  const bool keeps = keeps_files(shared_.keep);
  if (keeps && shared_.config.resume_parts) {
    const std::optional<PartNote> known = part ? part : left_part();
    if (known) go_on_with_part(hand, *known);
    const Lock lock(mutex_);
    if (is_claimed_) return true;
  }
  if (const auto* name = shared_.given != nullptr ? shared_.given->of(id_) : nullptr) {
    return go_on_as(*name);
  }
  Result<std::string> path = shared_.placement.path_of(wanted_);
  if (!path) {
    settle_failed({.outcome = Outcome::io_error, .message = path.error().message});
    return false;
  }
  if (shared_.config.dry_run && keeps) return claim(*path);
  if (shared_.config.dry_run) {
    plan(*path, "");
    return false;
  }
  if (!keeps) {
    const Lock lock(mutex_);
    is_claimed_ = true;
    expect(*path);
    return true;
  }
  if (claim_former(*path)) return true;
  if (!shared_.placement.depends_on_server(wanted_)) return claim(*path);
  // The server may give another name; but where this one stands, it is not asked. What stands
  // beside shards is none of their affair.
  NameClaims::Seen existing;
  if (shared_.keep == Keep::files) existing = shared_.folder->look(*path);
  const bool is_file = existing && existing->kind == Folder::Kind::file;
  if (is_file && shared_.config.on_exist == OnExist::skip && !shared_.claims->is_claimed(*path)) {
    return claim(*path, &existing);
  }
  const Lock lock(mutex_);
  if (is_file) existing_ = existing;
  seen_ = existing;
  expected_path_ = *std::move(path);
  return true;
}

void Download::plan(const std::string& path, std::string_view why_not) const {
  if (!shared_.on_planned) return;
  shared_.on_planned(wanted_.urls.front(), why_not.empty() ? path : "", why_not);
}

// What the user says that a file at `path` has to come to.
void Download::expect(const std::string& path) {
  if (wanted_.checksum) expected_.push_back(*wanted_.checksum);
  if (shared_.checksums == nullptr) return;
  for (Checksum& checksum : shared_.checksums->find(path, wanted_.urls.front())) {
    expected_.push_back(std::move(checksum));
  }
}

// False: a file stands there that is not to be touched; settled.
bool Download::claim(const std::string& path, const NameClaims::Seen* seen) {
  Claim given =
      shared_.keys ? Claim{.path = shared_.keys->claim(path)} : shared_.claims->claim(path, seen);
  if (shared_.config.dry_run) {
    const bool is_unwanted = given.existing && shared_.config.on_exist == OnExist::skip;
    plan(given.path, is_unwanted ? "it is there already" : "");
    return false;
  }
  // What stands there and is not touched is nobody's file to go on with.
  if (!given.existing || !keeps_existing(shared_.config.on_exist)) note_name(given.path);
  // Keys are no names that a list would have.
  const std::string listed = shared_.keys ? path : given.path;
  return claimed(std::move(given), listed);
}

void Download::note_name(const std::string& path) const {
  if (shared_.given == nullptr) return;
  if (auto noted = shared_.given->add(id_, path); !noted) {
    shared_.fail_run(std::move(noted).error().message);
  }
}

// It has a name from a former run. What stands there is its own, whole, or what stood there
// before.
bool Download::go_on_as(const std::string& path) {
  Claim given{.path = path, .existing = shared_.folder->look(path)};
  const bool doubted = given.existing && shared_.given->doubts_files();
  // Where it cannot be moved it is kept, and this one is not.
  if (doubted && keeps_existing(shared_.config.on_exist)) (void)set_aside(*shared_.folder, path);
  if (doubted || (given.existing && given.existing->kind != Folder::Kind::file)) {
    given.existing.reset();
  }
  return claimed(std::move(given), path);
}

bool Download::claimed(Claim claimed, const std::string& listed) {
  const bool is_unwanted = claimed.existing && keeps_existing(shared_.config.on_exist);
  const std::uint64_t size = claimed.existing ? claimed.existing->size.count : 0;
  {
    const Lock lock(mutex_);
    is_claimed_ = true;
    path_ = std::move(claimed.path);
    existing_ = claimed.existing;
    expect(listed);
  }
  if (is_unwanted) settle_existing(size, Why::exists);
  return !is_unwanted;
}

// Where the job knows which file the entry brought, that is the one to update, even if it was
// numbered, or named by the server. False: it knows of none there.
bool Download::claim_former(const std::string& path) {
  if (shared_.former == nullptr || shared_.claims == nullptr) return false;
  std::optional<FormerFile> former = shared_.former->find(identity_);
  if (!former || directory_of(former->path) != directory_of(path)) return false;
  std::optional<Claim> claimed = shared_.claims->claim_exactly(former->path);
  if (!claimed) return false;
  const Lock lock(mutex_);
  is_claimed_ = true;
  path_ = std::move(claimed->path);
  existing_ = claimed->existing;
  former_ = std::move(former);
  expect(path_);
  return true;
}

// What an earlier batch left of the same entry's file, which failed: where nobody has written to
// it since. The note is this download's from now on.
std::optional<PartNote> Download::left_part() const {
  const auto left = shared_.left_parts.find(identity_);
  if (left == shared_.left_parts.end() || shared_.keep != Keep::files) return std::nullopt;
  PartNote note = left->second;
  const auto path = shared_.placement.path_of(wanted_);
  const auto there = shared_.folder->look(part_name(note.path));
  if (!path || directory_of(*path) != directory_of(note.path)) return std::nullopt;
  if (!there || there->modified != std::exchange(note.modified, std::nullopt)) return std::nullopt;
  if (shared_.folder->look(note.path)) return std::nullopt;
  if (!shared_.claims->claim_exactly(note.path)) return std::nullopt;
  note_name(note.path);
  note.id = id_;
  shared_.sinks.push({.downloads = DownloadNews{.parts = {note}}});
  return note;
}

// The part is of a file at one of the sources; where that is no longer listed, or the part is
// gone, the file begins anew under the name it has been given.
void Download::go_on_with_part(Hand& hand, const PartNote& part) {
  std::vector<ByteRange> done;
  std::uint64_t least = 0;
  for (const auto& [begin, end] : part.done) {
    done.push_back({begin, end});
    least = std::max(least, end);
  }
  const auto is_source = [&](const Url& each) { return each.href() == part.url; };
  const auto source = std::ranges::find_if(wanted_.urls, is_source);
  std::unique_ptr<Outlet> file;
  if (source != wanted_.urls.end() && part.size != SegmentPlan::kUnknown) {
    file = shared_.reopen_outlet(part.path, least);
  }
  // NAME.part is gone: it may be NAME by now, of which place() thinks next.
  const bool has_name = shared_.given != nullptr && shared_.given->of(id_) != nullptr;
  if (file == nullptr && has_name) return;
  std::shared_ptr<Body> body;
  {
    const Lock lock(mutex_);
    is_claimed_ = true;
    path_ = part.path;
    expect(shared_.keys ? shared_.placement.path_of(wanted_).value_or(path_) : path_);
    if (file == nullptr) return;
    hand.source = static_cast<std::size_t>(source - wanted_.urls.begin());
    sources_[hand.source].validator = part.validator;
    body = std::make_shared<Body>(SegmentPlan(part.size, done), std::move(file), expected_,
                                  pieces(part.size));
    body_ = body;
  }
  show(part.size);
  if (body->is_complete() || body->needs_catching_up()) {
    shared_.verifier.post(shared_from_this());
  }
}

// Files of some size are worth being seen under way.
void Download::show(std::uint64_t size) {
  if (size < kLarge.count) return;
  {
    const Lock lock(mutex_);
    if (std::exchange(is_shown_, true)) return;
  }
  shared_.open.add(shared_from_this());
}

std::uint64_t Download::hands_for(std::uint64_t size) const {
  if (!keeps_files(shared_.keep) || size == SegmentPlan::kUnknown) return 1;
  const int most = shared_.config.split > 0 ? shared_.config.split : shared_.config.per_host;
  const std::uint64_t fit = size / std::max<std::uint64_t>(1, shared_.config.min_split.count);
  return std::clamp<std::uint64_t>(fit, 1, static_cast<std::uint64_t>(std::max(1, most)));
}

Pieces Download::pieces(std::uint64_t size) const {
  return {.least = shared_.config.min_split, .hands = hands_for(size)};
}

// May a part of the file under way come from there? Only where it can be told from a part of
// another file: by the server, or in the end by a checksum.
bool Download::may_join(const Source& source) const {
  if (!source.gives_ranges) return false;
  if (mismatches_ > 0) return !source.validator.empty();
  return !source.validator.empty() || !expected_.empty() || !said_.empty();
}

// Is it a host of the list's, rather than one that a redirect led to?
bool Download::is_named(const Url& url) const {
  return std::ranges::any_of(wanted_.urls,
                             [&](const Url& listed) { return listed.host() == url.host(); });
}

// What the list says is for the URL's own origin: nobody whom that redirects to is told.
void Download::add_headers(const Source& source, Hand& hand, Request& request) const {
  request.headers.push_back({"Accept-Encoding", "identity"});
  if (request.url.origin() == source.listed.origin()) {
    request.headers.insert(request.headers.end(), wanted_.headers.begin(), wanted_.headers.end());
  }
  if (hand.asked) {
    request.headers.push_back(
        {"Range", fmt::format("bytes={}-{}", hand.asked->begin, hand.asked->end - 1)});
    if (!source.validator.empty()) request.headers.push_back({"If-Range", source.validator});
  } else if (body_ == nullptr) {
    add_conditions(source, hand, request);
  }
}

// The file is there: is it what the server has (RFC 9110 §13.1.2, §13.1.3)? By what the job was
// told when the file came from there, else by the file's time. One that somebody has altered
// since is had whatever the server has.
void Download::add_conditions(const Source& source, Hand& hand, Request& request) const {
  if (!existing_ || shared_.config.on_exist != OnExist::update) return;
  if (former_ &&
      (existing_->size.count != former_->size || existing_->modified != former_->modified)) {
    return;
  }
  std::string since = to_http_date(existing_->modified);
  if (former_ && source.listed == wanted_.urls.front()) {
    if (!former_->etag.empty()) request.headers.push_back({"If-None-Match", former_->etag});
    if (!former_->last_modified.empty()) since = former_->last_modified;
  }
  request.headers.push_back({"If-Modified-Since", std::move(since)});
  hand.asks_for_news = true;
}

std::optional<Request> Download::ask(Hand& hand, const Url& url) {
  hand.begin_turn();
  std::shared_ptr<Body> body;
  {
    const Lock lock(mutex_);
    if (body_ != nullptr && may_join(sources_[hand.source])) body = body_;
    const bool others_do = body_ != nullptr || (opener_ != 0 && opener_ != hand.id);
    if (ended_ || (body == nullptr && others_do && hands_ > 1)) {
      --hands_;
      return std::nullopt;
    }
    if (body == nullptr) opener_ = hand.id;
  }
  if (body != nullptr) {
    hand.asked = body->take(hand.id);
    if (!hand.asked && body->is_retired()) return ask(hand, url);
    if (hand.asked) {
      hand.body = body;
      hand.pen = {hand.id, hand.asked->begin};
    }
  }
  const Lock lock(mutex_);
  if (body != nullptr && !hand.asked) {
    --hands_;
    return std::nullopt;
  }
  const Source& source = sources_[hand.source];
  const HostIs host = is_named(url) ? HostIs::named : HostIs::found;
  Request request{.url = url,
                  .foreign = host == HostIs::found,
                  .addresses = address_policy(shared_.config.private_addresses, host),
                  .max_body = Bytes{},
                  .receiver = &hand};
  add_headers(source, hand, request);
  if (asked_at_ == Clock::time_point{}) asked_at_ = shared_.clock.now();
  ++record_.attempts;
  return request;
}

}  // namespace weft::get
