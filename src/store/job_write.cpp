#include <chrono>

#include "store/job_state.hpp"
#include "weft/base/units.hpp"

namespace weft {

namespace {

using Milliseconds = std::chrono::duration<double, std::milli>;

// As url_admitted.outcome has it: 0 is for none, so that the ordinary ones take no room.
int outcome_number(Outcome outcome) { return static_cast<int>(outcome) + 1; }

std::optional<double> milliseconds(Clock::duration duration) {
  if (duration <= Clock::duration::zero()) return std::nullopt;
  // To a microsecond: more would be noise.
  return Milliseconds(std::chrono::round<std::chrono::microseconds>(duration)).count();
}

std::int64_t milliseconds_since_1970(Clock::wall_time time) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(time.time_since_epoch()).count();
}

}  // namespace

// A record may be here before the page that tells of its URL: it stays settled then.
JobDb::State::State(std::unique_ptr<Database> opened)
    : database(std::move(opened)),
      insert_url(*database,
                 "INSERT INTO url_admitted VALUES (?1, 0, 0, ?2, ?3, 0, ?4, ?5, ?6, ?7, ?8, ?9, "
                 "NULL, ?10) ON CONFLICT (id) DO UPDATE SET kind = ?2, priority = ?3, hops = ?4, "
                 "requisite = ?5, depth = ?6, host_id = ?7, via_id = ?8, fingerprint = ?9"),
      insert_refused(*database, "INSERT INTO url_refused VALUES (?, ?, ?, ?, ?, ?, ?)"),
      settle_url(*database,
                 "UPDATE url_admitted SET state = 1, outcome = ?2, attempts = ?3, rule = ?4 "
                 "WHERE id = ?1"),
      insert_settled(*database,
                     "INSERT INTO url_admitted VALUES (?, 1, ?, ?, 2, ?, 0, 0, ?, ?, NULL, NULL, "
                     "?, ?)"),
      insert_fetch(*database,
                   "INSERT OR REPLACE INTO fetch VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, "
                   "?, ?, ?, ?, ?, ?, ?, ?, ?, NULL)"),
      end_fetch(*database, "UPDATE fetch SET output_end = ?2 WHERE url_id = ?1"),
      insert_host(*database, "INSERT INTO host (id, name) VALUES (?, ?)"),
      update_host(*database,
                  "UPDATE host SET not_before_ms = ?2, slots = ?3, delay_ms = ?4, "
                  "times_set_aside = ?5, trouble = ?6 WHERE id = ?1"),
      insert_robots(*database, "INSERT OR REPLACE INTO robots VALUES (?, ?, ?, ?, ?, ?)"),
      insert_meta(*database, "INSERT OR REPLACE INTO meta VALUES (?, ?)"),
      select_meta(*database, "SELECT value FROM meta WHERE key = ?"),
      select_task(*database,
                  fmt::format("SELECT {} FROM url_admitted u LEFT JOIN url_admitted v ON v.id = "
                              "u.via_id WHERE u.id = ? AND u.state = 0",
                              kTaskColumns)) {}

Result<void> JobDb::State::begin() {
  return database->in_transaction() ? Result<void>{} : database->run("BEGIN IMMEDIATE");
}

Result<void> JobDb::State::write(const JournalEntry& entry) {
  if (auto done = begin(); !done) return done;
  if (auto done = end_last_record(); !done) return done;
  for (const AdmittedUrl& url : entry.admitted) {
    if (auto done = admit(url); !done) return done;
  }
  for (const RefusedUrl& url : entry.refused) {
    if (auto done = refuse(url); !done) return done;
  }
  if (entry.robots) {
    if (auto done = put(*entry.robots); !done) return done;
  }
  if (entry.host) {
    if (auto done = put(*entry.host); !done) return done;
  }
  return entry.record ? settle(*entry.record) : Result<void>{};
}

Result<void> JobDb::State::admit(const AdmittedUrl& url) {
  if (url.id > QueuedIds::kMost) return fail("a job holds at most {} URLs.", QueuedIds::kMost);
  const Result<HostId> host = host_id(url.host);
  if (!host) return tl::unexpected(host.error());
  if (queued_loaded) queued.add(*host, url.id);
  return insert_url
      .bind(url.id, static_cast<int>(url.kind), int{url.priority}, int{url.hops},
            static_cast<int>(url.requisite), url.depth, *host, url.via, url.fingerprint, url.url)
      .run();
}

Result<void> JobDb::State::refuse(const RefusedUrl& url) {
  if (refused_id == 0) {
    const Result<std::uint64_t> next = next_refused_id();
    if (!next) return tl::unexpected(next.error());
    refused_id = *next;
  }
  return insert_refused
      .bind(refused_id++, url.depth, static_cast<int>(url.requisite), url.via, url.fingerprint,
            url.rule, url.url)
      .run();
}

Result<void> JobDb::State::settle(const Record& record) {
  const std::optional<std::string_view> rule = or_null(record.rule);
  const int outcome = outcome_number(record.outcome);
  auto done = settle_url.bind(record.sequence, outcome, record.attempts, rule).run();
  if (!done) return done;
  if (database->rows_changed() == 0) {
    const Result<HostId> host = host_id(record.host);
    if (!host) return tl::unexpected(host.error());
    done = insert_settled
               .bind(record.sequence, outcome, static_cast<int>(record.kind), record.attempts,
                     record.depth, *host, rule, record.url)
               .run();
    if (!done) return done;
  }
  last_record = Written{record.sequence, 0};
  return put_fetch(record);
}

Result<void> JobDb::State::put_fetch(const Record& record) {
  const auto status = record.status > 0 ? std::optional(record.status) : std::nullopt;
  const std::string fetched_at = record.fetched_at ? to_rfc3339(*record.fetched_at) : "";
  const RecordError error = record.error.value_or(RecordError{});
  const Timings& ms = record.ms;
  return insert_fetch
      .bind(record.sequence, status, or_null(record.media_type), or_null(record.charset),
            record.bytes, record.wire_bytes, or_null(record.digest), record.links,
            or_null(record.title), or_null(record.location), or_null(fetched_at),
            milliseconds(ms.dns), milliseconds(ms.connect), milliseconds(ms.tls),
            milliseconds(ms.first_byte), milliseconds(ms.total), or_null(record.ip),
            or_null(record.http), or_null(error.code), or_null(error.message), or_null(record.etag),
            or_null(record.last_modified))
      .run();
}

Result<void> JobDb::State::put(const RobotsNote& note) {
  return insert_robots
      .bind(note.origin, note.status, note.body, note.message, note.outcome,
            milliseconds_since_1970(note.expires))
      .run();
}

Result<void> JobDb::State::put(const HostNote& note) {
  const Result<HostId> host = host_id(note.host);
  if (!host) return tl::unexpected(host.error());
  return update_host
      .bind(*host, milliseconds_since_1970(note.not_before), note.slots,
            Milliseconds(note.delay).count(), note.times_set_aside, note.trouble)
      .run();
}

Result<void> JobDb::State::end_last_record() {
  const std::optional<Written> ended = std::exchange(last_record, std::nullopt);
  if (!ended || ended->end == 0) return {};
  return end_fetch.bind(ended->id, ended->end).run();
}

Result<void> JobDb::State::put_meta(std::string_view key, std::string_view value) {
  if (auto done = begin(); !done) return done;
  return insert_meta.bind(key, value).run();
}

Result<void> JobDb::State::commit() {
  if (!database->in_transaction()) return {};
  if (auto done = end_last_record(); !done) return done;
  if (output_moved) {
    if (auto done = put_meta("output_end", std::to_string(output_end)); !done) return done;
    output_moved = false;
  }
  return database->run("COMMIT");
}

tl::unexpected<Error> JobDb::State::give_up(Error error) {
  // SQLite may have rolled back already; where it has not and cannot, closing does.
  if (database->in_transaction()) static_cast<void>(database->run("ROLLBACK"));
  hosts_loaded = queued_loaded = false;
  refused_id = 0;
  last_record.reset();
  failure = std::move(error);
  return tl::unexpected(*failure);
}

Result<void> JobDb::write(const JournalEntry& entry) {
  if (state_->failure) return tl::unexpected(*state_->failure);
  auto done = state_->write(entry);
  return done ? done : state_->give_up(std::move(done).error());
}

Result<void> JobDb::commit() {
  if (state_->failure) return tl::unexpected(*state_->failure);
  auto done = state_->commit();
  return done ? done : state_->give_up(std::move(done).error());
}

Result<void> JobDb::put_meta(std::string_view key, std::string_view value) {
  if (state_->failure) return tl::unexpected(*state_->failure);
  auto done = state_->put_meta(key, value);
  return done ? done : state_->give_up(std::move(done).error());
}

void JobDb::set_output_end(std::uint64_t offset) {
  if (state_->last_record) state_->last_record->end = offset;
  state_->output_end = offset;
  state_->output_moved = true;
}

}  // namespace weft
