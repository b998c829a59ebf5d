#include "weft/store/job_db.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>

#include "store/job_state.hpp"

namespace weft {

namespace {

Result<std::uint64_t> one_number(Database& database, std::string sql) {
  Statement select(database, std::move(sql));
  const std::uint64_t number = select.next() ? select.number(0) : 0;
  if (auto done = select.finish(); !done) return tl::unexpected(done.error());
  return number;
}

Clock::wall_time wall_time_of(std::uint64_t milliseconds) {
  return Clock::wall_time(std::chrono::milliseconds(static_cast<std::int64_t>(milliseconds)));
}

}  // namespace

JobDb::JobDb(std::unique_ptr<State> state) : state_(std::move(state)) {}
JobDb::~JobDb() = default;

Result<std::unique_ptr<JobDb>> JobDb::create(const std::string& directory) {
  auto file = create_job_file(directory);
  if (!file) return tl::unexpected(file.error());
  auto state = std::make_unique<State>(std::move(*file));
  state->hosts_loaded = state->queued_loaded = true;  // there are none
  return std::unique_ptr<JobDb>(new JobDb(std::move(state)));
}

Result<std::unique_ptr<JobDb>> JobDb::open(const std::string& directory) {
  auto file = open_job_file(directory);
  if (!file) return tl::unexpected(file.error());
  return std::unique_ptr<JobDb>(new JobDb(std::make_unique<State>(std::move(*file))));
}

// --- hosts and queues in memory ---

Result<void> JobDb::State::load_hosts() {
  if (hosts_loaded) return {};
  host_ids.clear();
  Statement select(*database, "SELECT id, name FROM host");
  while (select.next()) {
    host_ids.emplace(select.text(1), static_cast<HostId>(select.number(0)));
  }
  auto done = select.finish();
  hosts_loaded = done.has_value();
  return done;
}

Result<HostId> JobDb::State::host_id(std::string_view name) {
  if (auto done = load_hosts(); !done) return tl::unexpected(done.error());
  const auto [place, is_new] =
      host_ids.try_emplace(std::string(name), static_cast<HostId>(host_ids.size()));
  if (is_new) {
    auto done = insert_host.bind(place->second, name).run();
    if (!done) return tl::unexpected(done.error());
  }
  return place->second;
}

Result<void> JobDb::State::load_queued() {
  if (queued_loaded) return {};
  queued.clear();
  Statement select(*database, "SELECT host_id, id FROM url_admitted WHERE state = 0");
  while (select.next()) queued.add(static_cast<HostId>(select.number(0)), select.number(1));
  auto done = select.finish();
  queued_loaded = done.has_value();
  return done;
}

StoredTask JobDb::State::read_task(const Statement& row) const {
  const auto via = row.is_null(4) ? std::nullopt : std::optional(row.number(4));
  return {.url = {.id = row.number(0),
                  .url = std::string(row.text(1)),
                  .kind = static_cast<RecordKind>(row.number(2)),
                  .depth = static_cast<std::uint32_t>(row.number(3)),
                  .via = via,
                  .priority = static_cast<std::uint8_t>(row.number(5)),
                  .hops = static_cast<std::uint8_t>(row.number(6)),
                  .requisite = row.number(7) != 0,
                  .fingerprint = row.number(8),
                  .host = {}},
          .via_url = std::string(row.text(11)),
          .attempts = static_cast<std::uint16_t>(row.number(10))};
}

Result<std::vector<StoredTask>> JobDb::tail(const std::string& host, std::uint64_t from,
                                            std::size_t limit) {
  if (auto done = state_->load_hosts(); !done) return tl::unexpected(done.error());
  if (auto done = state_->load_queued(); !done) return tl::unexpected(done.error());
  std::vector<StoredTask> tasks;
  const auto known = state_->host_ids.find(host);
  if (known == state_->host_ids.end()) return tasks;
  const std::vector<std::uint32_t>& ids = state_->queued.of(known->second);
  for (auto id = std::lower_bound(ids.begin(), ids.end(), from);
       id != ids.end() && tasks.size() < limit; ++id) {
    Statement& select = state_->select_task.bind(*id);
    if (select.next()) {
      tasks.push_back(state_->read_task(select));
      tasks.back().url.host = host;
    }
    if (auto done = select.finish(); !done) return tl::unexpected(done.error());
  }
  return tasks;
}

Result<std::vector<StoredTail>> JobDb::tails() {
  // Read anew: ids settled since would still be counted.
  state_->queued_loaded = false;
  if (auto done = state_->load_hosts(); !done) return tl::unexpected(done.error());
  if (auto done = state_->load_queued(); !done) return tl::unexpected(done.error());
  std::vector<StoredTail> tails;
  for (const auto& [name, id] : state_->host_ids) {
    const std::vector<std::uint32_t>& ids = state_->queued.of(id);
    if (!ids.empty()) tails.push_back({.host = name, .first_id = ids.front(), .count = ids.size()});
  }
  std::sort(tails.begin(), tails.end(),
            [](const StoredTail& a, const StoredTail& b) { return a.first_id < b.first_id; });
  return tails;
}

// --- reading ---

Result<std::optional<std::string>> JobDb::meta(std::string_view key) {
  Statement& select = state_->select_meta.bind(key);
  std::optional<std::string> value;
  if (select.next()) value = select.text(0);
  if (auto done = select.finish(); !done) return tl::unexpected(done.error());
  return value;
}

Result<std::uint64_t> JobDb::output_end() {
  const auto text = meta("output_end");
  if (!text) return tl::unexpected(text.error());
  std::uint64_t end = 0;
  if (*text) std::from_chars((*text)->data(), (*text)->data() + (*text)->size(), end);
  return end;
}

Result<std::uint64_t> JobDb::next_id() {
  return one_number(*state_->database, "SELECT coalesce(max(id) + 1, 0) FROM url_admitted");
}

Result<std::uint64_t> JobDb::State::next_refused_id() {
  return one_number(
      *database, fmt::format("SELECT coalesce(max(id) + 1, {}) FROM url_refused", kFirstRefusedId));
}

Result<void> JobDb::for_each_admitted(const std::function<void(std::uint64_t)>& visit,
                                      RecordKind kind) {
  Statement select(*state_->database,
                   "SELECT fingerprint FROM url_admitted WHERE kind = ? AND fingerprint NOT NULL");
  select.bind(static_cast<int>(kind));
  while (select.next()) visit(select.number(0));
  return select.finish();
}

Result<void> JobDb::for_each_refused(const std::function<void(std::uint64_t)>& visit) {
  Statement select(*state_->database, "SELECT fingerprint FROM url_refused");
  while (select.next()) visit(select.number(0));
  return select.finish();
}

Result<std::vector<RobotsNote>> JobDb::robots() {
  Statement select(*state_->database,
                   "SELECT origin, status, body, message, outcome, expires_ms FROM robots");
  std::vector<RobotsNote> notes;
  while (select.next()) {
    notes.push_back({.origin = std::string(select.text(0)),
                     .status = static_cast<int>(select.number(1)),
                     .body = std::string(select.text(2)),
                     .message = std::string(select.text(3)),
                     .outcome = std::string(select.text(4)),
                     .expires = wall_time_of(select.number(5))});
  }
  if (auto done = select.finish(); !done) return tl::unexpected(done.error());
  return notes;
}

Result<std::vector<HostNote>> JobDb::hosts() {
  Statement select(*state_->database,
                   "SELECT name, not_before_ms, slots, delay_ms, times_set_aside, trouble "
                   "FROM host WHERE slots NOT NULL");
  std::vector<HostNote> notes;
  while (select.next()) {
    const std::chrono::duration<double, std::milli> delay(select.real(3));
    notes.push_back({.host = std::string(select.text(0)),
                     .not_before = wall_time_of(select.number(1)),
                     .slots = static_cast<int>(select.number(2)),
                     .delay = std::chrono::round<Clock::duration>(delay),
                     .times_set_aside = static_cast<int>(select.number(4)),
                     .trouble = std::string(select.text(5))});
  }
  if (auto done = select.finish(); !done) return tl::unexpected(done.error());
  return notes;
}

Result<std::vector<std::pair<std::string, std::uint64_t>>> JobDb::refused_by_rule() {
  Statement select(*state_->database,
                   "SELECT rule, count(*) FROM url_refused GROUP BY rule ORDER BY rule");
  std::vector<std::pair<std::string, std::uint64_t>> counts;
  while (select.next()) counts.emplace_back(select.text(0), select.number(1));
  if (auto done = select.finish(); !done) return tl::unexpected(done.error());
  return counts;
}

}  // namespace weft
