#include "get/tar_shards.hpp"

#include <algorithm>
#include <array>
#include <filesystem>

#include "get/tar_header.hpp"
#include "get/tar_key.hpp"
#include "weft/base/digits.hpp"
#include "weft/base/thread_name.hpp"
#include "weft/store/jsonl.hpp"

namespace weft::get {

namespace fs = std::filesystem;

namespace {

constexpr const char* kStaged = ".weft/staged";

// What the job calls them: the number of the shard under way, and how far it has got.
constexpr std::string_view kNumberKey = "shard";
constexpr const char* kOutput = "shard";

OutletFailure of_run(const Error& error) {
  return {.of = OutletFailure::Of::run, .message = error.message};
}

// Names need not be told apart from those of before: what is under way has a name of its own.
std::string staged_path(const std::string& member) {
  return fmt::format("{}/{:016x}", kStaged, fingerprint_of_text(member));
}

}  // namespace

TarShards::TarShards(Bytes most, ShardSeams seams)
    : most_(most.count), seams_(std::move(seams)), thread_([this] { run(); }) {}

std::uint64_t TarShards::first_number() const {
  std::uint64_t first = 0;
  std::error_code none;
  for (const auto& entry : fs::directory_iterator(seams_.folder.path(), none)) {
    if (const auto number = shard_number(entry.path().filename().string())) {
      first = std::max(first, *number + 1);
    }
  }
  return first;
}

void TarShards::begin() {
  number_ = first_number();
  std::error_code none;
  fs::remove_all(fs::path(seams_.folder.path()) / kStaged, none);
}

Result<void> TarShards::resume(JobDb& job) {
  const auto noted = job.meta(kNumberKey);
  if (!noted) return tl::unexpected(noted.error());
  const auto number = parse_digits(noted->value_or(""));
  if (!number) {  // it was stopped before there was any
    number_ = first_number();
    return {};
  }
  const auto end = job.output_end_of(kOutput);
  if (!end) return tl::unexpected(end.error());
  number_ = *number;
  is_noted_ = true;
  const Folder& folder = seams_.folder;
  if (number_ > 0 && folder.look(part_name(shard_name(number_ - 1)))) {
    auto named = TarFile::give_name(folder, shard_name(number_ - 1));  // all of it is done
    if (!named) return named;
  }
  const std::string name = shard_name(number_);
  file_ = TarFile::reopen(folder, name, end->value_or(0));
  if (file_ || end->value_or(0) == 0) return {};
  return fail(
      "'{}/{}' is missing or shorter than this job has left it, with {} of files. Put it back, or "
      "start afresh in another directory.",
      folder.path(), part_name(name), to_text(Bytes{**end}));
}

std::unique_ptr<Outlet> TarShards::open(const std::string& member) {
  return std::make_unique<Staged>(seams_.folder, *this, seams_.room, staged_path(member));
}

std::unique_ptr<Outlet> TarShards::reopen(const std::string& member, std::uint64_t least) {
  std::string path = staged_path(member);
  auto file = PartFile::reopen(seams_.folder, path, least);
  if (file == nullptr) return nullptr;
  return std::make_unique<Staged>(seams_.folder, *this, seams_.room, std::move(path),
                                  std::move(file));
}

void TarShards::add(StagedBody body, Record record) {
  seams_.at_stake.hold();
  {
    const Lock lock(mutex_);
    queue_.push_back({std::move(body), std::move(record)});
  }
  not_empty_.notify_one();
}

void TarShards::close(WhatIsUnderWay shard) {
  if (!thread_.joinable()) return;
  {
    const Lock lock(mutex_);
    closing_ = true;
  }
  not_empty_.notify_one();
  thread_.join();
  if (shard == WhatIsUnderWay::stays || has_failed_ || !file_) return;
  if (auto ended = end_shard(); !ended) seams_.fail_run(ended.error().message);
}

void TarShards::run() {
  name_thread("weft-shards");
  while (true) {
    std::deque<Sample> samples = next();
    if (samples.empty()) return;
    for (; !samples.empty(); samples.pop_front()) {
      if (!has_failed_) {
        auto done = put(samples.front());
        has_failed_ = !done;
        if (!done) seams_.fail_run(done.error().message);
      }
      seams_.at_stake.end();
    }
  }
}

std::deque<TarShards::Sample> TarShards::next() {
  std::deque<Sample> samples;
  Lock lock(mutex_);
  while (queue_.empty() && !closing_) not_empty_.wait(lock);
  samples.swap(queue_);
  return samples;
}

OutletResult<void> TarShards::put(Sample& sample) {
  const StagedBody& body = sample.body;
  Record& record = sample.record;
  const std::string member = record.file;
  const auto modified = std::chrono::duration_cast<std::chrono::seconds>(
      record.fetched_at.value_or(Clock::wall_time{}).time_since_epoch());
  std::string json;
  const auto member_of = [&](const std::string& name, const TarContent& content) {
    return TarMember{tar_header({.name = name, .size = content.size, .modified = modified}),
                     content};
  };
  std::array<TarMember, 2> members{
      member_of(member, {.bytes = body.bytes, .file = body.file.get(), .size = body.size}), {}};
  const auto tell = [&] {
    record.file = shard_name(number_) + '/' + member;
    json = to_json(record) + '\n';
    members[1] = member_of(tar_record_name(member), {.bytes = json, .size = json.size()});
  };
  if (file_) {
    tell();
    if (is_full_for(TarFile::growth(members))) {
      if (auto ended = end_shard(); !ended) return ended;
    }
  }
  if (!file_) {
    if (auto begun = begin_shard(); !begun) return begun;
    tell();
  }
  if (auto put = file_->append(members); !put) return put;
  seams_.sinks.push({.record = std::move(record), .output = OutputEnd{kOutput, file_->size()}});
  if (body.file == nullptr) return {};
  if (!seams_.keeps_job) {
    body.file->drop();
    return {};
  }
  seams_.sinks.after_commit([file = body.file] { file->drop(); });
  return {};
}

bool TarShards::is_full_for(std::uint64_t growth) const {
  return most_ > 0 && file_->size() > 0 && file_->size() + growth + kTarEnd > most_;
}

bool TarShards::is_free(std::uint64_t number) const {
  const std::string name = shard_name(number);
  return !seams_.folder.look(name) && !seams_.folder.look(part_name(name));
}

OutletResult<void> TarShards::begin_shard() {
  const std::uint64_t noted = number_;
  while (!is_free(number_)) ++number_;
  if (!is_noted_ || number_ != noted) {
    if (auto known = note(number_); !known) return known;
  }
  auto file = TarFile::create(seams_.folder, shard_name(number_));
  if (!file) return tl::unexpected(std::move(file).error());
  file_ = std::move(*file);
  return {};
}

// The job has to hold all of it as done, and another one as the one under way, before it has its
// name.
OutletResult<void> TarShards::end_shard() {
  if (auto ended = file_->end(); !ended) return ended;
  file_.reset();
  const std::string name = shard_name(number_++);
  if (auto known = note(number_); !known) return known;
  auto named = TarFile::give_name(seams_.folder, name);
  return named ? OutletResult<void>{} : tl::unexpected(of_run(named.error()));
}

OutletResult<void> TarShards::note(std::uint64_t number) {
  seams_.sinks.ask([number](JobDb& job) {
    job.set_output_end(kOutput, 0);
    return job.put_meta(kNumberKey, std::to_string(number));
  });
  const auto committed = seams_.sinks.commit();
  is_noted_ = true;
  return committed ? OutletResult<void>{} : tl::unexpected(of_run(committed.error()));
}

}  // namespace weft::get
