#include "weft/store/former_files.hpp"

#include "store/job_downloads.hpp"
#include "store/job_schema.hpp"
#include "store/sqlite.hpp"
#include "weft/base/mutex.hpp"

namespace weft {

// One connection, which one thread uses at a time: a look-up takes some ten microseconds.
struct FormerFiles::State {
  explicit State(std::unique_ptr<Database> opened)
      : database(std::move(opened)),
        select(*database,
               "SELECT file, bytes, file_modified_ns, digest, etag, last_modified "
               "FROM url_admitted JOIN fetch ON url_id = id "
               "WHERE fingerprint = ? AND file NOT NULL AND file_modified_ns NOT NULL "
               "ORDER BY id DESC LIMIT 1") {}

  Mutex mutex;
  const std::unique_ptr<Database> database;
  Statement select GUARDED_BY(mutex);
};

Result<std::unique_ptr<FormerFiles>> FormerFiles::open(const std::string& directory,
                                                       JobReading* reading) {
  auto database = Database::open(job_db_path(directory));
  if (!database) return tl::unexpected(std::move(database).error());
  (*database)->watch(reading);
  auto made = (*database)->run(
      "CREATE INDEX IF NOT EXISTS url_admitted_fingerprint ON url_admitted (fingerprint)");
  if (!made) return tl::unexpected(std::move(made).error());
  (*database)->watch(nullptr);
  return std::unique_ptr<FormerFiles>(
      new FormerFiles(std::make_unique<State>(std::move(*database))));
}

FormerFiles::FormerFiles(std::unique_ptr<State> state) : state_(std::move(state)) {}
FormerFiles::~FormerFiles() = default;

// Where it cannot be read the file is asked for as one of which nothing is known.
std::optional<FormerFile> FormerFiles::find(std::uint64_t fingerprint) {
  const Lock lock(state_->mutex);
  Statement& row = state_->select.bind(fingerprint);
  std::optional<FormerFile> found;
  if (row.next()) {
    found = FormerFile{.path = std::string(row.text(0)),
                       .size = row.number(1),
                       .modified = wall_time_of_ns(row.number(2)),
                       .digest = std::string(row.text(3)),
                       .etag = std::string(row.text(4)),
                       .last_modified = std::string(row.text(5))};
  }
  (void)row.finish();
  return found;
}

}  // namespace weft
