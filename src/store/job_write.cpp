#include <algorithm>
#include <chrono>
#include <filesystem>

#include "store/job_state.hpp"
#include "weft/base/units.hpp"

namespace weft {

namespace {

constexpr std::chrono::seconds kSyncInterval{1};

using Milliseconds = std::chrono::duration<double, std::milli>;

std::optional<double> milliseconds(Clock::duration duration) {
  if (duration <= Clock::duration::zero()) return std::nullopt;
  // To a microsecond: more would be noise.
  return Milliseconds(std::chrono::round<std::chrono::microseconds>(duration)).count();
}

std::int64_t milliseconds_since_1970(Clock::wall_time time) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(time.time_since_epoch()).count();
}

std::string normal(const std::string& path) {
  return std::filesystem::path(path).lexically_normal().string();
}

constexpr const char* kIntoFetch =
    "INTO fetch VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, "
    "?, ?, ?, ?)";

// A page that is as it was: what its record has nothing to say of stays.
std::string renew_fetch_sql() {
  std::string sql = fmt::format("INSERT {} ON CONFLICT (url_id) DO UPDATE SET ", kIntoFetch);
  for (const char* taken : {"status", "wire_bytes", "location", "fetched_at", "ms_dns",
                            "ms_connect", "ms_tls", "ms_first_byte", "ms_total", "ip", "http",
                            "error_code", "error_message", "change", "output_end"}) {
    sql += fmt::format("{0} = excluded.{0}, ", taken);
  }
  for (const char* text : {"media_type", "charset", "digest", "title", "etag", "file"}) {
    sql += fmt::format("{0} = coalesce(excluded.{0}, {0}), ", text);
  }
  sql += "file_modified_ns = coalesce(excluded.file_modified_ns, file_modified_ns), ";
  sql += "last_modified = coalesce(excluded.last_modified, last_modified)";
  for (const char* number : {"bytes", "links"}) {
    sql += fmt::format(", {0} = coalesce(nullif(excluded.{0}, 0), {0})", number);
  }
  return sql;
}

}  // namespace

// A record may be here before the page that tells of its URL: it stays settled then.
JobDb::State::State(std::unique_ptr<Database> opened, const std::string& directory)
    : database(std::move(opened)),
      downloads(*database),
      pages_path(normal(directory + "/pages.jsonl")),
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
      insert_fetch(*database, fmt::format("INSERT OR REPLACE {}", kIntoFetch)),
      renew_fetch(*database, renew_fetch_sql()),
      insert_host(*database, "INSERT INTO host (id, name) VALUES (?, ?)"),
      update_host(*database,
                  "UPDATE host SET not_before_ms = ?2, slots = ?3, delay_ms = ?4, "
                  "times_set_aside = ?5, trouble = ?6 WHERE id = ?1"),
      insert_robots(*database, "INSERT OR REPLACE INTO robots VALUES (?, ?, ?, ?, ?, ?)"),
      insert_output(*database, "INSERT OR REPLACE INTO output VALUES (?, ?)"),
      insert_meta(*database, "INSERT OR REPLACE INTO meta VALUES (?, ?)"),
      select_meta(*database, "SELECT value FROM meta WHERE key = ?"),
      // Only a URL that has an outcome, of the visit before, has been fetched.
      select_task(*database,
                  fmt::format("SELECT {}, f.url_id, f.etag, f.last_modified, f.digest, u.outcome "
                              "FROM url_admitted u LEFT JOIN url_admitted v ON v.id = u.via_id "
                              "LEFT JOIN fetch f ON f.url_id = iif(u.outcome, u.id, NULL) "
                              "WHERE u.id = ? AND u.state = 0",
                              kTaskColumns)) {}

// Once in a while a commit waits for the disk, so that a power cut takes back no more than that.
Result<void> JobDb::State::begin() {
  if (database->in_transaction()) return {};
  const auto now = std::chrono::steady_clock::now();
  const bool is_due = now - synced_at >= kSyncInterval;
  if (is_due != syncs) {
    const char* const mode = is_due ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL";
    if (auto done = database->run(mode); !done) return done;
    syncs = is_due;
  }
  if (is_due) synced_at = now;
  return database->run("BEGIN IMMEDIATE");
}

Result<void> JobDb::State::write(const JournalEntry& entry) {
  settled_counts.reset();
  if (auto done = begin(); !done) return done;
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
  if (entry.downloads) {
    if (auto done = downloads.put(*entry.downloads); !done) return done;
    for (const Record& record : entry.downloads->duplicates) {
      if (auto done = settle(record); !done) return done;
    }
  }
  return entry.record ? settle(*entry.record) : Result<void>{};
}

Result<void> JobDb::State::admit(const AdmittedUrl& url) {
  if (url.id > kMostId) return fail("a job holds at most {} URLs.", kMostId);
  const Result<HostId> host = host_id(url.host);
  if (!host) return tl::unexpected(host.error());
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
  if (done = downloads.settle(record.sequence); !done) return done;
  return put_fetch(record);
}

Result<void> JobDb::State::put_fetch(const Record& record) {
  const auto status = record.status > 0 ? std::optional(record.status) : std::nullopt;
  const std::string fetched_at = record.fetched_at ? to_rfc3339(*record.fetched_at) : "";
  const RecordError error = record.error.value_or(RecordError{});
  const Timings& ms = record.ms;
  Statement& put = record.outcome == Outcome::not_modified ? renew_fetch : insert_fetch;
  return put
      .bind(record.sequence, status, or_null(record.media_type), or_null(record.charset),
            record.bytes, record.wire_bytes, or_null(record.digest), record.links,
            or_null(record.title), or_null(record.location), or_null(fetched_at),
            milliseconds(ms.dns), milliseconds(ms.connect), milliseconds(ms.tls),
            milliseconds(ms.first_byte), milliseconds(ms.total), or_null(record.ip),
            or_null(record.http), or_null(error.code), or_null(error.message), or_null(record.etag),
            or_null(record.last_modified), or_null(record.change),
            std::exchange(pages_end, std::nullopt), or_null(record.file),
            nanoseconds_since_1970(record.file_modified))
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

Result<void> JobDb::State::put_meta(std::string_view key, std::string_view value) {
  if (auto done = begin(); !done) return done;
  return insert_meta.bind(key, value).run();
}

Result<void> JobDb::State::commit() {
  if (!database->in_transaction()) return {};
  for (Output& output : outputs) {
    if (!std::exchange(output.has_moved, false)) continue;
    auto done = output.is_pages ? put_meta("output_end", std::to_string(output.end))
                                : insert_output.bind(output.path, output.end).run();
    if (!done) return done;
  }
  return database->run("COMMIT");
}

tl::unexpected<Error> JobDb::State::give_up(Error error) {
  // SQLite may have rolled back already; where it has not and cannot, closing does.
  if (database->in_transaction()) static_cast<void>(database->run("ROLLBACK"));
  hosts_loaded = false;
  refused_id = 0;
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

void JobDb::set_output_end(const std::string& path, std::uint64_t offset) {
  std::vector<State::Output>& outputs = state_->outputs;
  auto output = std::find_if(outputs.begin(), outputs.end(),
                             [&](const State::Output& known) { return known.path == path; });
  if (output == outputs.end()) {
    outputs.push_back(
        {.path = path, .is_pages = normal(path) == state_->pages_path, .has_moved = true});
    output = outputs.end() - 1;
  }
  output->has_moved = output->has_moved || output->end != offset;
  output->end = offset;
  if (output->is_pages) state_->pages_end = offset;
}

std::uint64_t JobDb::records_end() const {
  const auto pages = std::ranges::find(state_->outputs, true, &State::Output::is_pages);
  return pages == state_->outputs.end() ? 0 : pages->end;
}

}  // namespace weft
