#include "store/sqlite.hpp"

#include <sqlite3.h>

#include <cerrno>
#include <system_error>

#include "weft/store/job_reading.hpp"

namespace weft {

namespace {

using namespace std::chrono_literals;

constexpr auto kBusyWait = 10'000ms;  // for a user who writes into it with another program
constexpr auto kBusyStep = 10ms;
constexpr int kInstructions = 2000;  // between two looks at whether to stop: some 0.1 ms

int is_stopped(void* reading) noexcept {
  return static_cast<const JobReading*>(reading)->stopped() ? 1 : 0;
}

// As the busy timeout, whose wait nothing ends.
int wait_while_busy(void* reading, int waits) noexcept {
  if (waits >= kBusyWait / kBusyStep) return 0;
  return static_cast<JobReading*>(reading)->wait_until_stopped(kBusyStep) ? 0 : 1;
}

std::string why_not_written(sqlite3* handle, int code) {
  if (code == SQLITE_FULL) return "No space left on device";
  // SQLite 3.40 keeps no errno of a WAL that cannot be written: the last one is that.
  const int kept = sqlite3_system_errno(handle);
  const int error = kept != 0 ? kept : errno;
  if (error == 0) return sqlite3_errmsg(handle);
  return std::generic_category().message(error);
}

}  // namespace

Result<std::unique_ptr<Database>> Database::open(const std::string& path) {
  sqlite3* handle = nullptr;
  const int code =
      sqlite3_open_v2(path.c_str(), &handle, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nullptr);
  std::unique_ptr<Database> database(new Database(handle, path));
  if (code != SQLITE_OK) return tl::unexpected(database->error(code));
  if (sqlite3_db_readonly(handle, "main") != 0) {
    return tl::unexpected(database->error(SQLITE_READONLY));
  }
  sqlite3_extended_result_codes(handle, 1);
  sqlite3_busy_timeout(handle, static_cast<int>(kBusyWait.count()));
  return database;
}

// The WAL of a job whose reading was stopped may be long: the next run copies it back.
Database::~Database() {
  if (reading_ != nullptr) {
    const int leaves_wal = reading_->stopped() ? 1 : 0;
    sqlite3_db_config(handle_, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, leaves_wal, nullptr);
    reading_->detach(handle_);
  }
  sqlite3_close(handle_);
}

void Database::watch(JobReading* reading) {
  if (reading_ != nullptr) reading_->detach(handle_);
  reading_ = reading;
  sqlite3_progress_handler(handle_, kInstructions, reading == nullptr ? nullptr : is_stopped,
                           reading);
  if (reading == nullptr) {
    sqlite3_busy_timeout(handle_, static_cast<int>(kBusyWait.count()));
    return;
  }
  sqlite3_busy_handler(handle_, wait_while_busy, reading);
  reading->attach(handle_);
}

Result<void> Database::run(const char* sql) {
  const int code = sqlite3_exec(handle_, sql, nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) return tl::unexpected(error(code));
  return {};
}

bool Database::in_transaction() const { return sqlite3_get_autocommit(handle_) == 0; }

std::uint64_t Database::rows_changed() const {
  return static_cast<std::uint64_t>(sqlite3_changes64(handle_));
}

Error Database::error(int code) const {
  switch (code & 0xFF) {
    case SQLITE_FULL:
    case SQLITE_IOERR:
      return {fmt::format("cannot write to '{}': {}. Make room there, or choose another place.",
                          path_, why_not_written(handle_, code))};
    case SQLITE_READONLY:
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
    case SQLITE_AUTH:
      return {
          fmt::format("cannot write to '{}': no permission for it or for its directory. Get "
                      "permission, or copy the job to a place of your own.",
                      path_)};
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return {
          fmt::format("'{}' is damaged: {}. Nothing was changed. Put a copy of it in its place, or "
                      "start afresh in another directory.",
                      path_, sqlite3_errstr(code & 0xFF))};
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return {fmt::format("cannot write to '{}': another program holds it. End that one first.",
                          path_)};
    default:
      return {fmt::format("cannot use '{}': {}.", path_, sqlite3_errmsg(handle_))};
  }
}

Statement::~Statement() { sqlite3_finalize(handle_); }

void Statement::prepare() {
  if (handle_ != nullptr || failure_) return;
  note(sqlite3_prepare_v3(database_.handle(), sql_.c_str(), static_cast<int>(sql_.size() + 1),
                          SQLITE_PREPARE_PERSISTENT, &handle_, nullptr));
}

void Statement::note(int code) {
  if (code != SQLITE_OK && !failure_) failure_ = database_.error(code);
}

void Statement::put(int at, std::int64_t value) {
  if (!failure_) note(sqlite3_bind_int64(handle_, at, value));
}

void Statement::put(int at, double value) {
  if (!failure_) note(sqlite3_bind_double(handle_, at, value));
}

void Statement::put(int at, std::string_view value) {
  if (failure_) return;
  // A null pointer would be bound as NULL.
  note(sqlite3_bind_text64(handle_, at, value.data() == nullptr ? "" : value.data(), value.size(),
                           SQLITE_STATIC, SQLITE_UTF8));
}

void Statement::put(int at, std::nullptr_t) {
  if (!failure_) note(sqlite3_bind_null(handle_, at));
}

bool Statement::next() {
  prepare();
  if (failure_) return false;
  const int code = sqlite3_step(handle_);
  if (code == SQLITE_ROW) return true;
  if (code != SQLITE_DONE) note(code);
  return false;
}

Result<void> Statement::finish() {
  sqlite3_reset(handle_);
  if (!failure_) return {};
  return tl::unexpected(*std::exchange(failure_, std::nullopt));
}

Result<void> Statement::run() {
  next();
  return finish();
}

std::uint64_t Statement::number(int column) const {
  return static_cast<std::uint64_t>(sqlite3_column_int64(handle_, column));
}

double Statement::real(int column) const { return sqlite3_column_double(handle_, column); }

std::string_view Statement::text(int column) const {
  const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(handle_, column));
  if (text == nullptr) return {};
  return {text, static_cast<std::size_t>(sqlite3_column_bytes(handle_, column))};
}

bool Statement::is_null(int column) const {
  return sqlite3_column_type(handle_, column) == SQLITE_NULL;
}

}  // namespace weft
