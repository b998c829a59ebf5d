#include "get/feeder.hpp"

#include <utility>

#include "get/hand.hpp"
#include "weft/base/thread_name.hpp"
#include "weft/engine/job_tasks.hpp"
#include "weft/url/identity.hpp"

namespace weft::get {

namespace {

// So many entries share a place in the journal. Of a pipe each is passed on as it comes.
constexpr std::size_t kTogether = 256;

Fingerprint identity_of(const Wanted& wanted) {
  if (wanted.out.empty() && wanted.dir.empty()) return fingerprint(wanted.urls.front());
  return fingerprint_of_text(wanted.urls.front().href() + '\t' + wanted.dir + '\t' + wanted.out);
}

bool is_plain(const Wanted& wanted) {
  return wanted.urls.size() == 1 && wanted.out.empty() && wanted.dir.empty() && !wanted.checksum &&
         wanted.headers.empty() && !wanted.size;
}

// Of an entry that asks for what another has asked for, to the same place.
Record duplicate(const Wanted& wanted) {
  Record record = record_of(wanted);
  record.outcome = Outcome::duplicate;
  return record;
}

}  // namespace

Record record_of(const Wanted& wanted) {
  const Url& url = wanted.urls.front();
  return {.url = url.has_credentials() ? url.without_credentials().href() : url.href(),
          .host = host_key(url).name};
}

Task task_of(Listed listed) {
  return {.url = listed.wanted.urls.front(),
          .priority = listed.wanted.priority,
          .sequence = listed.id,
          .data = std::make_unique<Hand>(std::make_unique<Listed>(std::move(listed)))};
}

Result<Task> task_of_stored(StoredTask stored) {
  auto url = Url::parse_download(stored.url.url);
  if (!url) return fail("job.db holds '{}' as a URL to be fetched, which is none", stored.url.url);
  Listed listed{.wanted = {.urls = {std::move(*url)}}, .id = stored.url.id};
  if (stored.download) {
    if (!stored.download->entry.empty()) {
      auto wanted = parse_list_line(stored.download->entry);
      if (!wanted) return tl::unexpected(std::move(wanted).error());
      listed.wanted = std::move(*wanted);
    }
    listed.wanted.line = stored.download->line;
  }
  listed.wanted.priority = static_cast<Priority>(stored.url.priority);
  listed.part = std::move(stored.part);
  Task task = task_of(std::move(listed));
  task.identity = stored.url.fingerprint;
  return task;
}

void Feeder::start(std::vector<Wanted> wanted, std::vector<FeedInput> inputs) {
  thread_ = std::thread(
      [this, hold = Hold(shared_.frontier), wanted = std::move(wanted),
       inputs = std::move(inputs)]() mutable { run(std::move(wanted), std::move(inputs)); });
}

void Feeder::wake() {
  {
    const Lock lock(mutex_);
    woken_ = true;
  }
  changed_.notify_one();
}

void Feeder::stop() {
  {
    const Lock lock(mutex_);
    stopped_ = true;
    if (reading_ != nullptr) reading_->stop();
  }
  changed_.notify_one();
}

void Feeder::join() {
  if (thread_.joinable()) thread_.join();
}

std::optional<Error> Feeder::input_error() const {
  const Lock lock(mutex_);
  return input_error_;
}

bool Feeder::wait_until_wanted() {
  while (!shared_.frontier.wants_more()) {
    Lock lock(mutex_);
    while (!woken_ && !stopped_) changed_.wait(lock);
    woken_ = false;
    if (stopped_) return false;
  }
  const Lock lock(mutex_);
  return !stopped_;
}

void Feeder::run(std::vector<Wanted> wanted, std::vector<FeedInput> inputs) {
  name_thread("weft-feeder");
  Batch batch;
  for (Wanted& one : wanted) add(std::move(one), nullptr, batch);
  if (!batch.entries.empty() || !batch.bad_lines.empty()) deliver(batch, std::nullopt);
  for (FeedInput& input : inputs) {
    {
      const Lock lock(mutex_);
      reading_ = input.reader.get();
    }
    const bool goes_on = read(input);
    const Lock lock(mutex_);
    reading_ = nullptr;
    if (!goes_on || stopped_) return;
  }
  ended_ = true;
}

// False: stopped.
bool Feeder::read(FeedInput& input) {
  const std::size_t together = input.reader->can_be_read_again() ? kTogether : 1;
  while (wait_until_wanted()) {
    Batch batch;
    bool has_ended = false;
    for (std::size_t i = 0; i < together && !has_ended; ++i) {
      auto entry = input.reader->next();
      has_ended = !entry || !*entry;
      if (!entry) {
        complain_(entry.error().message);
        const Lock lock(mutex_);
        input_error_ = entry.error();
      } else if (*entry) {
        if (auto* one = std::get_if<Wanted>(&**entry)) {
          add(std::move(*one), &input, batch);
        } else if (const auto* bad = std::get_if<BadLine>(&**entry)) {
          bad_line(input.reader->name(), *bad, batch);
        } else {
          const auto& note = std::get<InputNote>(**entry);
          complain_(fmt::format("{}:{}: {}", input.reader->name(), note.line, note.text));
        }
      }
    }
    {
      const Lock lock(mutex_);
      has_ended = has_ended && !stopped_;
    }
    input.position.position = input.reader->position();
    input.position.ended = has_ended;
    deliver(batch, input.position);
    if (has_ended) return true;
  }
  return false;
}

// What it says goes to failed.txt too, so that nothing of a list is lost.
void Feeder::bad_line(std::string_view list, const BadLine& bad, Batch& batch) {
  shared_.counters.lines += 1;
  shared_.counters.bad_lines += 1;
  const std::string why =
      bad.line == 0 ? bad.why : fmt::format("{}:{}: {}", list, bad.line, bad.why);
  complain_(why);
  batch.bad_lines.push_back(why);
  if (!bad.text.empty()) batch.bad_lines.push_back(bad.text);
}

void Feeder::add(Wanted wanted, const FeedInput* input, Batch& batch) {
  const std::string list = input != nullptr ? input->reader->name() : std::string();
  if (!wanted.out.empty() || !wanted.dir.empty()) {
    if (const auto path = shared_.placement.path_of(wanted); !path) {
      return bad_line(list, {wanted.line, path.error().message, list_line(wanted)}, batch);
    }
  }
  shared_.counters.lines += 1;
  const Fingerprint identity = identity_of(wanted);
  if (!seen_.insert(identity)) {
    batch.duplicates.push_back(duplicate(wanted));
    return;
  }
  batch.entries.push_back({.input = input != nullptr ? input->position.input : 0,
                           .line = wanted.line,
                           .entry = is_plain(wanted) ? std::string() : list_line(wanted)});
  Task task = task_of({.wanted = std::move(wanted)});
  task.identity = identity;
  batch.tasks.push_back(std::move(task));
}

void Feeder::deliver(Batch& batch, const std::optional<InputPosition>& position) {
  JournalEntry entry;
  number_tasks(batch.tasks, shared_.frontier, shared_.keeps_job, entry);
  for (Record& record : batch.duplicates) record.sequence = shared_.frontier.reserve(1);
  for (std::size_t i = 0; i < batch.tasks.size(); ++i) {
    batch.entries[i].id = batch.tasks[i].sequence;
  }
  entry.downloads = DownloadNews{.entries = std::move(batch.entries),
                                 .position = position,
                                 .duplicates = std::move(batch.duplicates),
                                 .bad_lines = std::move(batch.bad_lines)};
  shared_.sinks.push(std::move(entry));
  // What no list holds stands in the job before anything comes of it; else a kill would lose it.
  // Where that fails the run is stopped.
  if (!position) (void)shared_.sinks.commit();
  if (!batch.tasks.empty()) shared_.frontier.push(std::move(batch.tasks));
}

}  // namespace weft::get
