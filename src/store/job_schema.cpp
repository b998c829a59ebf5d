#include "store/job_schema.hpp"

#include <fcntl.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <filesystem>
#include <system_error>

#include "weft/base/outcome.hpp"
#include "weft/store/job_db.hpp"

namespace weft {

namespace {

constexpr std::uint32_t kApplicationId = 0x77656674;  // "weft"

constexpr const char* kTables = R"(
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

CREATE TABLE output (path TEXT PRIMARY KEY, end INTEGER NOT NULL) WITHOUT ROWID;

CREATE TABLE host (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  not_before_ms INTEGER,      -- set aside until then: milliseconds since 1970
  slots INTEGER,              -- transfers in flight it may have now
  delay_ms REAL,
  times_set_aside INTEGER,
  trouble TEXT
);

CREATE TABLE robots (
  origin TEXT PRIMARY KEY,
  status INTEGER NOT NULL,    -- 0: unreachable, for the reason in message
  body TEXT NOT NULL,
  message TEXT NOT NULL,
  outcome TEXT NOT NULL,
  expires_ms INTEGER NOT NULL
);

CREATE TABLE url_admitted (
  id INTEGER PRIMARY KEY,
  state INTEGER NOT NULL,     -- 0 queued, 1 settled
  outcome INTEGER NOT NULL,   -- 0 none yet, n + 1 of the list in the view; queued: of the
                              -- visit before
  kind INTEGER NOT NULL,      -- 0 page, 1 robots, 2 sitemap
  priority INTEGER NOT NULL,  -- 0 first, 1 high, 2 normal, 3 low
  attempts INTEGER NOT NULL,
  hops INTEGER NOT NULL,
  requisite INTEGER NOT NULL,
  depth INTEGER NOT NULL,
  host_id INTEGER,
  via_id INTEGER,
  fingerprint INTEGER,        -- null: settled without having been admitted
  rule TEXT,
  url TEXT NOT NULL
);

CREATE TABLE url_refused (
  id INTEGER PRIMARY KEY,     -- from 2^40 on
  depth INTEGER NOT NULL,
  requisite INTEGER NOT NULL,
  via_id INTEGER,
  fingerprint INTEGER NOT NULL,
  rule TEXT NOT NULL,
  url TEXT NOT NULL
);

CREATE TABLE fetch (
  url_id INTEGER PRIMARY KEY,
  status INTEGER,
  media_type TEXT, charset TEXT,
  bytes INTEGER NOT NULL, wire_bytes INTEGER NOT NULL,
  digest TEXT,
  links INTEGER NOT NULL,
  title TEXT, location TEXT,
  fetched_at TEXT,
  ms_dns REAL, ms_connect REAL, ms_tls REAL, ms_first_byte REAL, ms_total REAL,
  ip TEXT, http TEXT,
  error_code TEXT, error_message TEXT,
  etag TEXT, last_modified TEXT,
  change TEXT,                -- since the visit before
  output_end INTEGER,         -- where its line in pages.jsonl ends
  file TEXT,                  -- where its body is, below the directory of downloads
  file_modified_ns INTEGER    -- when that was last written, as it was kept: since 1970
);

-- What weft get was asked for, and how far it has got.

CREATE TABLE input (
  id INTEGER PRIMARY KEY,     -- in the order given
  path TEXT NOT NULL,
  position INTEGER NOT NULL,  -- entries read
  ended INTEGER NOT NULL
);

CREATE TABLE download (
  url_id INTEGER PRIMARY KEY,
  input_id INTEGER NOT NULL,
  line INTEGER NOT NULL,
  entry TEXT                  -- as a line of a list; null: nothing but the URL
);

CREATE TABLE part (           -- NAME.part, of files that are not done; one for each path
  url_id INTEGER PRIMARY KEY,
  path TEXT NOT NULL,         -- NAME
  size INTEGER NOT NULL,      -- of the whole
  url TEXT NOT NULL,
  validator TEXT NOT NULL,
  done TEXT NOT NULL,         -- 0-100,200-300: the bytes that are there, ends excluded
  modified_ns INTEGER         -- when it was last written, where its URL has failed
);
)";

// The view that spells out what the tables hold as numbers. Its casts give both halves columns
// of the same affinity, without which SQLite builds the whole view to find one id.
std::string view_sql() {
  std::string outcomes;
  for (std::size_t i = 0; i < kOutcomes; ++i) {
    outcomes += fmt::format(" WHEN {} THEN '{}'", i + 1, kOutcomeNames[i]);
  }
  return fmt::format(
      R"(CREATE VIEW url AS
SELECT id, url,
  CASE kind WHEN 0 THEN 'page' WHEN 1 THEN 'robots' ELSE 'sitemap' END AS kind,
  depth, via_id,
  CASE state WHEN 0 THEN 'queued' ELSE 'settled' END AS state,
  CASE state WHEN 1 THEN CASE outcome{} END END AS outcome,
  rule, priority, attempts, hops, requisite,
  (SELECT name FROM host WHERE host.id = host_id) AS host, fingerprint
FROM url_admitted
UNION ALL
SELECT id, url, 'page', depth, via_id, 'refused', NULL, rule, CAST(NULL AS INTEGER),
  CAST(0 AS INTEGER), CAST(0 AS INTEGER), requisite, CAST(NULL AS TEXT), fingerprint
FROM url_refused;)",
      outcomes);
}

// What a file says of itself in its first 100 bytes (SQLite's file format, §1.3).
struct FileHeader {
  std::array<unsigned char, 100> bytes{};
  std::uint64_t file_size = 0;

  std::uint32_t at(std::size_t i) const {
    return std::uint32_t{bytes[i]} << 24 | std::uint32_t{bytes[i + 1]} << 16 |
           std::uint32_t{bytes[i + 2]} << 8 | bytes[i + 3];
  }
  bool is_sqlite() const {
    return std::string_view(reinterpret_cast<const char*>(bytes.data()), 16) ==
           std::string_view("SQLite format 3\0", 16);
  }
  std::uint64_t page_size() const {
    const std::uint32_t size = at(16) >> 16;
    return size == 1 ? 65536 : size;
  }
  std::uint64_t pages() const { return at(28); }
  std::uint32_t user_version() const { return at(60); }
  std::uint32_t application_id() const { return at(68); }
};

tl::unexpected<Error> cannot_read(const std::string& path, int error) {
  if (error == ENOENT || error == ENOTDIR) {
    return fail("there is no job: no file '{}'. Give the directory of a job, or start one.", path);
  }
  return fail("cannot read '{}': {}.", path, std::generic_category().message(error));
}

tl::unexpected<Error> damaged(const std::string& path, std::string_view why) {
  return fail(
      "'{}' is damaged: {}. Nothing was changed. Put a copy of it in its place, or start afresh "
      "in another directory.",
      path, why);
}

Result<FileHeader> read_header(const std::string& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return cannot_read(path, errno);
  FileHeader header;
  struct stat file {};
  const ssize_t got = ::read(fd, header.bytes.data(), header.bytes.size());
  const int error = got < 0 || ::fstat(fd, &file) != 0 ? errno : 0;
  ::close(fd);
  if (error != 0) return cannot_read(path, error);
  header.file_size = static_cast<std::uint64_t>(file.st_size);
  return header;
}

// What is left where the program was killed while it made the job: no table, and no record.
bool has_not_begun(const std::string& directory, const FileHeader& header) {
  const bool is_blank = header.is_sqlite() && header.application_id() == 0 &&
                        header.user_version() == 0 && header.pages() <= 1;
  if (header.file_size > 0 && !is_blank) return false;
  std::error_code none;
  const auto records = std::filesystem::file_size(directory + "/pages.jsonl", none);
  return !none && records == 0;
}

Result<void> check_header(const std::string& directory, const std::string& path) {
  const Result<FileHeader> header = read_header(path);
  if (!header) return tl::unexpected(header.error());
  if (has_not_begun(directory, *header)) {
    return fail(
        "cannot go on with the job '{}': it was stopped before it had begun. Start afresh in "
        "another directory.",
        directory);
  }
  if (header->file_size == 0) return damaged(path, "it is empty");
  if (!header->is_sqlite()) return damaged(path, "it is not a SQLite database");
  if (header->application_id() != kApplicationId) {
    return fail(
        "'{}' is a database, but not one of weft's. Give the directory of a job, or start "
        "afresh in another one.",
        path);
  }
  if (header->user_version() != kJobFormat) {
    return fail(
        "cannot open the job '{}': it was written by format {}, this program reads format {}. "
        "Use the program that wrote it, or start afresh in another directory.",
        directory, header->user_version(), kJobFormat);
  }
  // With a WAL beside it, the pages missing here may be there.
  std::error_code none;
  const auto wal = std::filesystem::file_size(path + "-wal", none);
  if ((none || wal == 0) && header->file_size < header->pages() * header->page_size()) {
    return damaged(path, "its end is missing");
  }
  return {};
}

// Bounded memory: 64 MiB of pages. The WAL is copied back when it has 64 MB: what is written
// often (where URLs are settled, where they are added) is then copied once for many commits.
// NORMAL: fsync when the WAL is copied back, not at each commit.
Result<void> configure(Database& database) {
  return database.run(
      "PRAGMA synchronous = NORMAL; PRAGMA cache_size = -65536; PRAGMA temp_store = MEMORY;"
      "PRAGMA wal_autocheckpoint = 16000; PRAGMA journal_size_limit = 67108864;");
}

Result<void> use_wal(Database& database, const std::string& path) {
  Statement wal(database, "PRAGMA journal_mode = WAL");
  const bool is_wal = wal.next() && wal.text(0) == "wal";
  if (auto done = wal.finish(); !done) return done;
  if (is_wal) return {};
  return fail("cannot keep a job in '{}': its file system shares no memory. Choose a local one.",
              path);
}

Result<void> lay_out(Database& database, const std::string& path) {
  const std::string sql = fmt::format(
      "BEGIN; PRAGMA application_id = {}; PRAGMA user_version = {};{}{}"
      "INSERT INTO meta VALUES ('format', '{}'); COMMIT;",
      kApplicationId, kJobFormat, kTables, view_sql(), kJobFormat);
  if (auto done = use_wal(database, path); !done) return done;
  if (auto done = configure(database); !done) return done;
  if (auto done = database.run(sql.c_str()); !done) return done;
  return database.run("PRAGMA wal_checkpoint(TRUNCATE)");  // the header says what it is
}

// Reserves the name; without it two programs could make one job. SQLite gives the files beside
// it the same permissions.
Result<void> reserve(const std::string& path) {
  const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (fd >= 0) {
    ::close(fd);
    return {};
  }
  if (errno == EEXIST) {
    return fail("cannot create '{}': it exists. Go on with weft resume, or choose another place.",
                path);
  }
  return fail("cannot create '{}': {}. Choose another place.", path,
              std::generic_category().message(errno));
}

void sync_directory(const std::string& directory) {
  const int fd = ::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return;
  ::fsync(fd);
  ::close(fd);
}

}  // namespace

std::string job_db_path(const std::string& directory) { return directory + "/job.db"; }

Result<std::unique_ptr<Database>> create_job_file(const std::string& directory) {
  const std::string path = job_db_path(directory);
  if (auto done = reserve(path); !done) return tl::unexpected(done.error());
  auto database = Database::open(path);
  if (database) {
    if (auto done = lay_out(**database, path); !done) database = tl::unexpected(done.error());
  }
  if (database) {
    sync_directory(directory);
    return database;
  }
  for (const char* suffix : {"-wal", "-shm", ""}) ::unlink((path + suffix).c_str());
  return database;
}

Result<std::unique_ptr<Database>> open_job_file(const std::string& directory) {
  const std::string path = job_db_path(directory);
  if (auto good = check_header(directory, path); !good) return tl::unexpected(good.error());
  auto database = Database::open(path);
  if (!database) return database;
  // Until it is known to be whole, closing it must not change it.
  sqlite3* handle = (*database)->handle();
  sqlite3_db_config(handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
  if (auto done = configure(**database); !done) return tl::unexpected(done.error());
  for (const char* table : {"url_admitted", "url_refused", "fetch"}) {
    Statement last(**database, fmt::format("SELECT max(rowid) FROM {}", table));
    if (auto done = last.run(); !done) return tl::unexpected(done.error());
  }
  sqlite3_db_config(handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 0, nullptr);
  return database;
}

}  // namespace weft
