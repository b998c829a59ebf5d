#include "weft/store/job_db.hpp"

#include <charconv>

#include "store/job_state.hpp"

namespace weft {

namespace {

Result<std::uint64_t> one_number(Database& database, std::string sql) {
  Statement select(database, std::move(sql));
  const std::uint64_t number = select.next() ? select.number(0) : 0;
  if (auto done = select.finish(); !done) return tl::unexpected(done.error());
  return number;
}

}  // namespace

JobDb::JobDb(std::unique_ptr<State> state) : state_(std::move(state)) {}
JobDb::~JobDb() = default;

Result<std::unique_ptr<JobDb>> JobDb::create(const std::string& directory) {
  auto file = create_job_file(directory);
  if (!file) return tl::unexpected(file.error());
  auto state = std::make_unique<State>(std::move(*file), directory);
  return std::unique_ptr<JobDb>(new JobDb(std::move(state)));
}

Result<std::unique_ptr<JobDb>> JobDb::open(const std::string& directory) {
  auto file = open_job_file(directory);
  if (!file) return tl::unexpected(file.error());
  return std::unique_ptr<JobDb>(new JobDb(std::make_unique<State>(std::move(*file), directory)));
}

void JobDb::watch(JobReading* reading) {
  state_->reading = reading;
  state_->database->watch(reading);
}

bool JobDb::is_stopped() const { return state_->reading != nullptr && state_->reading->stopped(); }

// --- hosts and tasks ---

Result<void> JobDb::State::load_hosts() {
  if (hosts_loaded) return {};
  host_ids.clear();
  host_names.clear();
  Statement select(*database, "SELECT name FROM host ORDER BY id");  // dense, from 0
  while (select.next()) {
    const auto id = static_cast<HostId>(host_names.size());
    host_names.push_back(&host_ids.emplace(select.text(0), id).first->first);
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
    host_names.push_back(&place->first);
    auto done = insert_host.bind(place->second, name).run();
    if (!done) return tl::unexpected(done.error());
  }
  return place->second;
}

StoredTask JobDb::State::read_task(const Statement& row) const {
  const std::string* host = row.is_null(9) ? nullptr : host_names.at(row.number(9));
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
                  .host = host != nullptr ? *host : std::string()},
          .via_url = std::string(row.text(10))};
}

Result<std::vector<StoredTask>> JobDb::tasks(std::span<const std::uint32_t> ids) {
  if (auto done = state_->load_hosts(); !done) return tl::unexpected(done.error());
  std::vector<StoredTask> tasks;
  tasks.reserve(ids.size());
  for (const std::uint32_t id : ids) {
    Statement& select = state_->select_task.bind(id);
    if (select.next()) {
      tasks.push_back(state_->read_task(select));
      constexpr int kLast = kTaskColumnCount;
      if (!select.is_null(kLast)) {
        tasks.back().last_visit = LastVisit{.etag = std::string(select.text(kLast + 1)),
                                            .last_modified = std::string(select.text(kLast + 2)),
                                            .digest = std::string(select.text(kLast + 3)),
                                            .outcome = outcome_of(select.number(kLast + 4))};
      }
    }
    if (auto done = select.finish(); !done) return tl::unexpected(done.error());
  }
  for (StoredTask& task : tasks) {
    if (auto done = state_->downloads.complete(task); !done) return tl::unexpected(done.error());
  }
  return tasks;
}

// --- reading ---

Result<std::optional<std::string>> JobDb::meta(std::string_view key) {
  Statement& select = state_->select_meta.bind(key);
  std::optional<std::string> value;
  if (select.next()) value = select.text(0);
  if (auto done = select.finish(); !done) return tl::unexpected(done.error());
  return value;
}

Result<std::uint64_t> JobDb::State::number_in_meta(std::string_view key, std::uint64_t otherwise) {
  std::uint64_t number = otherwise;
  if (Statement& row = select_meta.bind(key); row.next()) {
    const std::string_view text = row.text(0);
    std::from_chars(text.data(), text.data() + text.size(), number);
  }
  if (auto done = select_meta.finish(); !done) return tl::unexpected(done.error());
  return number;
}

Result<std::uint64_t> JobDb::output_end() { return state_->number_in_meta("output_end", 0); }

Result<std::optional<std::uint64_t>> JobDb::output_end_of(const std::string& path) {
  Statement select(*state_->database, "SELECT end FROM output WHERE path = ?");
  std::optional<std::uint64_t> end;
  if (select.bind(path).next()) end = select.number(0);
  if (auto done = select.finish(); !done) return tl::unexpected(done.error());
  return end;
}

Result<std::uint64_t> JobDb::next_id() {
  return one_number(*state_->database, "SELECT coalesce(max(id) + 1, 0) FROM url_admitted");
}

Result<std::uint64_t> JobDb::State::next_refused_id() {
  return one_number(
      *database, fmt::format("SELECT coalesce(max(id) + 1, {}) FROM url_refused", kFirstRefusedId));
}

}  // namespace weft
