// What a resumed job asks before it goes on.
#include <chrono>
#include <map>
#include <tuple>
#include <utility>

#include "store/job_state.hpp"

namespace weft {

namespace {

Clock::wall_time wall_time_of(std::uint64_t milliseconds) {
  return Clock::wall_time(std::chrono::milliseconds(static_cast<std::int64_t>(milliseconds)));
}

}  // namespace

// --- URLs ---

Result<std::vector<std::string>> JobDb::seeds() {
  Statement select(*state_->database,
                   "SELECT url FROM url_admitted WHERE depth = 0 AND via_id IS NULL AND kind = 0 "
                   "UNION SELECT url FROM url_refused WHERE depth = 0 AND via_id IS NULL");
  std::vector<std::string> seeds;
  while (select.next()) seeds.emplace_back(select.text(0));
  if (auto done = select.finish(); !done) return tl::unexpected(done.error());
  return seeds;
}

Result<void> JobDb::for_each_url(const std::function<void(const KnownUrl&)>& visit) {
  Statement select(*state_->database,
                   "SELECT id, state, kind, priority, requisite, depth, host_id, fingerprint "
                   "FROM url_admitted WHERE id >= ? ORDER BY id");
  const auto first = state_->first_of_batch();
  if (!first) return tl::unexpected(first.error());
  const auto next = next_id();
  if (!next) return tl::unexpected(next.error());
  state_->begin_step(JobReading::Step::restoring, *next - *first);
  select.bind(*first);
  while (select.next()) {
    state_->reach(select.number(0) - *first);
    const auto fingerprint =
        select.is_null(7) ? std::nullopt : std::optional<std::uint64_t>(select.number(7));
    visit({.id = select.number(0),
           .queued = select.number(1) == static_cast<std::uint64_t>(UrlState::queued),
           .kind = static_cast<RecordKind>(select.number(2)),
           .priority = static_cast<std::uint8_t>(select.number(3)),
           .requisite = select.number(4) != 0,
           .depth = static_cast<std::uint32_t>(select.number(5)),
           .host = static_cast<HostId>(select.number(6)),
           .fingerprint = fingerprint});
  }
  return select.finish();
}

Result<void> JobDb::for_each_refused(const std::function<void(std::uint64_t)>& visit) {
  Statement select(*state_->database, "SELECT fingerprint FROM url_refused");
  while (select.next()) visit(select.number(0));
  return select.finish();
}

Result<std::vector<std::string>> JobDb::host_names() {
  if (auto done = state_->load_hosts(); !done) return tl::unexpected(done.error());
  std::vector<std::string> names;
  names.reserve(state_->host_names.size());
  for (const std::string* name : state_->host_names) names.push_back(*name);
  return names;
}

Result<std::vector<std::pair<std::string, std::string>>> JobDb::seed_redirects() {
  Statement select(
      *state_->database,
      "SELECT url, location FROM fetch CROSS JOIN url_admitted ON id = url_id WHERE depth = 0 "
      "AND kind = 0 AND requisite = 0 AND outcome = ? AND location NOT NULL");
  select.bind(outcome_number(Outcome::redirect));
  std::vector<std::pair<std::string, std::string>> redirects;
  while (select.next()) redirects.emplace_back(select.text(0), select.text(1));
  if (auto done = select.finish(); !done) return tl::unexpected(done.error());
  return redirects;
}

// --- tallies ---

Result<std::vector<SettledCount>> JobDb::settled() {
  if (state_->settled_counts) return *state_->settled_counts;
  if (auto done = state_->load_hosts(); !done) return tl::unexpected(done.error());
  // Summed here: GROUP BY would sort every row.
  std::map<std::tuple<HostId, RecordKind, Outcome, bool>, SettledCount> counts;
  // CROSS JOIN: in this order, which costs nothing where little is settled.
  Statement select(*state_->database,
                   "SELECT host_id, kind, outcome, bytes, wire_bytes, requisite, id FROM fetch "
                   "CROSS JOIN url_admitted ON id = url_id WHERE state = 1 AND url_id >= ?");
  const auto first = state_->first_of_batch();
  if (!first) return tl::unexpected(first.error());
  const auto next = next_id();
  if (!next) return tl::unexpected(next.error());
  state_->begin_step(JobReading::Step::counting, *next - *first);
  select.bind(*first);
  while (select.next()) {
    state_->reach(select.number(6) - *first);
    const auto host = static_cast<HostId>(select.number(0));
    const auto kind = static_cast<RecordKind>(select.number(1));
    const Outcome outcome = outcome_of(select.number(2));
    SettledCount& count = counts[{host, kind, outcome, select.number(5) != 0}];
    ++count.count;
    if (outcome != Outcome::not_modified) count.bytes += select.number(3);
    count.wire_bytes += select.number(4);
  }
  if (auto done = select.finish(); !done) return tl::unexpected(done.error());
  state_->begin_step(JobReading::Step::opening, 0);
  std::vector<SettledCount> settled;
  settled.reserve(counts.size());
  for (auto& [key, count] : counts) {
    const auto& [host, kind, outcome, requisite] = key;
    count.host = *state_->host_names.at(host);
    count.kind = kind;
    count.outcome = outcome;
    count.requisite = requisite;
    settled.push_back(std::move(count));
  }
  state_->settled_counts = settled;
  return settled;
}

// --- politeness ---

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

Result<std::vector<InputPosition>> JobDb::inputs() { return state_->downloads.inputs(); }

Result<void> JobDb::for_each_file(const std::function<void(std::string_view)>& visit) {
  Statement select(*state_->database,
                   "SELECT file FROM fetch WHERE url_id >= ?1 AND file NOT NULL "
                   "UNION ALL SELECT path FROM part WHERE url_id >= ?1");
  const auto first = state_->first_of_batch();
  if (!first) return tl::unexpected(first.error());
  select.bind(*first);
  while (select.next()) visit(select.text(0));
  return select.finish();
}

Result<std::vector<std::pair<std::string, std::uint64_t>>> JobDb::changes() {
  std::vector<std::pair<std::string, std::uint64_t>> counts;
  const auto number = visit();
  if (!number) return tl::unexpected(number.error());
  if (*number == 1) return counts;
  // What is queued still has its row of the visit before.
  Statement select(*state_->database,
                   "SELECT change, count(*) FROM fetch JOIN url_admitted ON id = url_id "
                   "WHERE state = 1 AND kind = 0 AND change NOT NULL GROUP BY change");
  while (select.next()) counts.emplace_back(select.text(0), select.number(1));
  if (auto done = select.finish(); !done) return tl::unexpected(done.error());
  return counts;
}

}  // namespace weft
