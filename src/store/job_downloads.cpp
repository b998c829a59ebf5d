#include "store/job_downloads.hpp"

#include <charconv>
#include <string>

namespace weft {

namespace {

std::string to_text(const std::vector<std::pair<std::uint64_t, std::uint64_t>>& ranges) {
  std::string text;
  for (const auto& [begin, end] : ranges) {
    if (!text.empty()) text += ',';
    text += fmt::format("{}-{}", begin, end);
  }
  return text;
}

// Up to what cannot be read: fewer bytes are there then, never others.
std::vector<std::pair<std::uint64_t, std::uint64_t>> ranges_of(std::string_view text) {
  std::vector<std::pair<std::uint64_t, std::uint64_t>> ranges;
  const char* at = text.data();
  const char* const end = at + text.size();
  while (at != end) {
    std::pair<std::uint64_t, std::uint64_t> range;
    const auto [dash, no_begin] = std::from_chars(at, end, range.first);
    if (no_begin != std::errc() || dash == end || *dash != '-') break;
    const auto [comma, no_end] = std::from_chars(dash + 1, end, range.second);
    if (no_end != std::errc()) break;
    ranges.push_back(range);
    at = comma == end ? end : comma + 1;
  }
  return ranges;
}

Result<bool> has_rows(Database& database, std::optional<bool>& known, const char* table) {
  if (known) return *known;
  Statement select(database, fmt::format("SELECT 1 FROM {} LIMIT 1", table));
  const bool has = select.next();
  if (auto done = select.finish(); !done) return tl::unexpected(done.error());
  known = has;
  return has;
}

// Of the columns path, size, url, validator, done and modified_ns.
PartNote part_of(const Statement& row, std::uint64_t id) {
  PartNote note{.id = id,
                .path = std::string(row.text(0)),
                .size = row.number(1),
                .url = std::string(row.text(2)),
                .validator = std::string(row.text(3)),
                .done = ranges_of(row.text(4))};
  if (!row.is_null(5)) note.modified = wall_time_of_ns(row.number(5));
  return note;
}

}  // namespace

std::optional<std::int64_t> nanoseconds_since_1970(const std::optional<Clock::wall_time>& time) {
  if (!time) return std::nullopt;
  return std::chrono::duration_cast<std::chrono::nanoseconds>(time->time_since_epoch()).count();
}

Clock::wall_time wall_time_of_ns(std::uint64_t nanoseconds) {
  return Clock::wall_time(std::chrono::duration_cast<Clock::wall_time::duration>(
      std::chrono::nanoseconds(static_cast<std::int64_t>(nanoseconds))));
}

JobDownloads::JobDownloads(Database& database)
    : database_(database),
      insert_entry_(database, "INSERT OR REPLACE INTO download VALUES (?, ?, ?, ?)"),
      insert_position_(database, "INSERT OR REPLACE INTO input VALUES (?, ?, ?, ?)"),
      // A note that was on its way when its file was settled comes too late.
      insert_part_(
          database,
          "INSERT OR REPLACE INTO part SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7 WHERE ?7 NOT NULL "
          "OR EXISTS (SELECT 1 FROM url_admitted WHERE id = ?1 AND state = 0)"),
      delete_part_(database, "DELETE FROM part WHERE url_id = ?"),
      replace_part_(database, "DELETE FROM part WHERE path = ? AND url_id <> ?"),
      select_entry_(database, "SELECT input_id, line, entry FROM download WHERE url_id = ?"),
      select_part_(
          database,
          "SELECT path, size, url, validator, done, modified_ns FROM part WHERE url_id = ?") {}

Result<void> JobDownloads::put(const DownloadNews& news) {
  for (const DownloadEntry& entry : news.entries) {
    auto done = insert_entry_.bind(entry.id, entry.input, entry.line, or_null(entry.entry)).run();
    if (!done) return done;
    has_entries_ = true;
  }
  for (const PartNote& note : news.parts) {
    if (auto done = put(note); !done) return done;
  }
  if (!news.position) return {};
  const InputPosition& input = *news.position;
  return insert_position_
      .bind(input.input, input.path, input.position, static_cast<int>(input.ended))
      .run();
}

// NAME.part is one file: what was noted of it for another entry holds no more.
Result<void> JobDownloads::put(const PartNote& note) {
  has_parts_ = true;
  if (auto done = replace_part_.bind(note.path, note.id).run(); !done) return done;
  const std::string ranges = to_text(note.done);
  return insert_part_
      .bind(note.id, note.path, note.size, note.url, note.validator, ranges,
            nanoseconds_since_1970(note.modified))
      .run();
}

Result<std::vector<LeftPart>> JobDownloads::left_parts(std::uint64_t before) {
  Statement select(database_,
                   "SELECT path, size, part.url, validator, done, modified_ns, url_id, fingerprint "
                   "FROM part JOIN url_admitted ON id = url_id "
                   "WHERE id < ? AND fingerprint NOT NULL AND modified_ns NOT NULL");
  select.bind(before);
  std::vector<LeftPart> parts;
  while (select.next()) {
    parts.push_back({.fingerprint = select.number(7), .note = part_of(select, select.number(6))});
  }
  if (auto done = select.finish(); !done) return tl::unexpected(done.error());
  return parts;
}

Result<void> JobDownloads::forget_inputs() { return database_.run("DELETE FROM input"); }

Result<void> JobDownloads::settle(std::uint64_t id) {
  const auto has = has_rows(database_, has_parts_, "part");
  if (!has) return tl::unexpected(has.error());
  return *has ? delete_part_.bind(id).run() : Result<void>{};
}

Result<void> JobDownloads::complete(StoredTask& task) {
  const auto has = has_rows(database_, has_entries_, "download");
  if (!has) return tl::unexpected(has.error());
  if (!*has) return {};
  const std::uint64_t id = task.url.id;
  if (Statement& row = select_entry_.bind(id); row.next()) {
    task.download = DownloadEntry{.id = id,
                                  .input = static_cast<std::uint32_t>(row.number(0)),
                                  .line = row.number(1),
                                  .entry = std::string(row.text(2))};
  }
  if (auto done = select_entry_.finish(); !done) return done;
  if (Statement& row = select_part_.bind(id); row.next()) {
    task.part = part_of(row, id);
  }
  return select_part_.finish();
}

Result<std::vector<InputPosition>> JobDownloads::inputs() {
  Statement select(database_, "SELECT id, path, position, ended FROM input ORDER BY id");
  std::vector<InputPosition> inputs;
  while (select.next()) {
    inputs.push_back({.input = static_cast<std::uint32_t>(select.number(0)),
                      .path = std::string(select.text(1)),
                      .position = select.number(2),
                      .ended = select.number(3) != 0});
  }
  if (auto done = select.finish(); !done) return tl::unexpected(done.error());
  return inputs;
}

}  // namespace weft
