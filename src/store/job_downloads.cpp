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

}  // namespace

JobDownloads::JobDownloads(Database& database)
    : database_(database),
      insert_entry_(database, "INSERT OR REPLACE INTO download VALUES (?, ?, ?, ?)"),
      insert_position_(database, "INSERT OR REPLACE INTO input VALUES (?, ?, ?, ?)"),
      insert_part_(database, "INSERT OR REPLACE INTO part VALUES (?, ?, ?, ?, ?, ?)"),
      delete_part_(database, "DELETE FROM part WHERE url_id = ?"),
      select_entry_(database, "SELECT input_id, line, entry FROM download WHERE url_id = ?"),
      select_part_(database, "SELECT path, size, url, validator, done FROM part WHERE url_id = ?") {
}

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

Result<void> JobDownloads::put(const PartNote& note) {
  has_parts_ = true;
  const std::string done = to_text(note.done);
  return insert_part_.bind(note.id, note.path, note.size, note.url, note.validator, done).run();
}

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
    task.part = PartNote{.id = id,
                         .path = std::string(row.text(0)),
                         .size = row.number(1),
                         .url = std::string(row.text(2)),
                         .validator = std::string(row.text(3)),
                         .done = ranges_of(row.text(4))};
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
