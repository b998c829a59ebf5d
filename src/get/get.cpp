#include "weft/get/get.hpp"

#include <algorithm>
#include <future>

#include "get/feeder.hpp"
#include "get/get_handler.hpp"
#include "get/given_names.hpp"
#include "get/group_syncs.hpp"
#include "get/lost_files.hpp"
#include "get/part_file.hpp"
#include "get/part_notes.hpp"
#include "get/plain_outlets.hpp"
#include "get/prepared.hpp"
#include "get/restore.hpp"
#include "get/tar_shards.hpp"
#include "get/verifier.hpp"
#include "weft/engine/job_tasks.hpp"
#include "weft/store/failure_list.hpp"

namespace weft {

using namespace get;

namespace {

// Records on their way to the sinks: enough to keep a disk busy, little enough to feel it.
constexpr std::size_t kSinkQueue = 1024;

// Of the lists, beyond what is under way: so many lines are read ahead where only busy hosts
// wait. What has no room in memory stands in the job; without one all of them do.
constexpr std::size_t kReadAhead = 200'000;

// Small bodies on their way to a shard; what has no room goes by way of the disk.
constexpr std::uint64_t kMostStaged = 64u << 20;

FrontierConfig frontier_config(const GetConfig& config) {
  return {.workers = config.threads,
          .transfers = config.jobs,
          .slots_per_host = config.per_host,
          .slots_per_address = config.per_address > 0 ? config.per_address : 2 * config.per_host,
          .wait = config.wait,
          .adaptive = config.adaptive,
          .robots_first = false,
          .first_answer = config.first_answer,
          .tasks_in_memory = config.tasks_in_memory};
}

// Which name each file was given: where a job keeps files.
Result<std::unique_ptr<GivenNames>> given_names(const GetConfig& config, GivenNames::Open how) {
  if (keep_of(config) != Keep::files) return nullptr;
  return GivenNames::open(config.directory + "/.weft/names", how);
}

std::string failed_path(const GetConfig& config) { return config.directory + "/.weft/failed.txt"; }

std::optional<NameClaims> claims_of(const std::optional<Folder>& folder, const GetConfig& config) {
  if (keep_of(config) != Keep::files) return std::nullopt;
  return std::optional<NameClaims>(std::in_place, *folder, config.on_exist,
                                   folder->ignores_case() ? NameCase::ignored : NameCase::counts);
}

}  // namespace

// Destroyed from the bottom up: threads before what they use.
struct Get::Parts {
  Parts(Prepared prepared, GetSeams given)
      : config(std::move(prepared.config)),
        seams(std::move(given)),
        keep(keep_of(config)),
        keeps_job(seams.job != nullptr),
        folder(std::move(prepared.folder)),
        claims(claims_of(folder, config)),
        names_given(std::move(prepared.names_given)),
        checksums(std::move(prepared.checksums)),
        inputs(std::move(prepared.inputs)),
        left_parts(std::move(prepared.left_parts)),
        placement(config.names.value_or(NameTemplate::parse("flat").value()), config.directory),
        tasks(sinks, frontier, task_of_stored),
        frontier(frontier_config(config), seams.clock, keeps_job ? &tasks : nullptr),
        crew(seams.clock, frontier, std::move(seams.on_finished)),
        budget({.bytes = config.max_bytes, .time = config.max_time}, seams.clock.now()),
        sinks(
            std::move(seams.sinks), std::move(seams.job), kSinkQueue,
            [this](const Error&) { crew.stop(StopHow::finish_transfers, StopReason::sink_failed); },
            gather_for(config.jobs)),
        at_stake(static_cast<std::size_t>(config.jobs), sinks, [this] { frontier.wake_all(); }),
        verifier(frontier),
        shared{.config = config,
               .keep = keep,
               .keeps_job = keeps_job,
               .checksums = checksums ? &*checksums : nullptr,
               .clock = seams.clock,
               .frontier = frontier,
               .sinks = sinks,
               .budget = budget,
               .at_stake = at_stake,
               .placement = placement,
               .folder = folder ? &*folder : nullptr,
               .claims = claims ? &*claims : nullptr,
               .given = names_given.get(),
               .keys = keep == Keep::shards ? &keys : nullptr,
               .former = config.on_exist == OnExist::update ? seams.former.get() : nullptr,
               .left_parts = left_parts,
               .open_outlet = [this](const std::string& path) { return open_outlet(path); },
               .reopen_outlet = [this](const std::string& path,
                                       std::uint64_t least) { return reopen_outlet(path, least); },
               .open = open,
               .verifier = verifier,
               .counters = counters,
               .stop = [this](StopHow how, StopReason why) { stop(how, why); },
               .fail_run = [this](std::string why) { fail_run(std::move(why)); },
               .on_planned = seams.on_planned},
        feeder(shared, [this](std::string_view text) { complain(text); }),
        notes(shared),
        syncs(shared) {
    if (keep == Keep::shards) {
      shards.emplace(*config.shard_size, ShardSeams{.folder = *folder,
                                                    .room = staging,
                                                    .sinks = sinks,
                                                    .at_stake = at_stake,
                                                    .keeps_job = keeps_job,
                                                    .fail_run = shared.fail_run});
    }
    frontier.set_feed({.least = std::max<std::size_t>(1000, 4 * config.jobs),
                       .most = keeps_job ? kReadAhead : config.tasks_in_memory,
                       .hosts = keeps_job ? static_cast<std::size_t>(config.jobs) : 0,
                       .wake = [this] { feeder.wake(); }});
    if (seams.look_up) frontier.set_names(seams.look_up);
    crew.hire({.threads = config.threads, .jobs = config.jobs}, seams.make_transfers,
              [this](unsigned seed) { return std::make_unique<GetHandler>(shared, seed); });
  }

  OutletResult<std::unique_ptr<Outlet>> open_outlet(const std::string& path);
  std::unique_ptr<Outlet> reopen_outlet(const std::string& path, std::uint64_t least);
  bool has_all() const { return feeder.ended() && frontier.state().queued == 0; }
  void complain(std::string_view text) const {
    if (seams.on_complaint) seams.on_complaint(text);
  }
  void fail_run(std::string why) EXCLUDES(failure_mutex);
  Result<void> restore();
  void begin();
  void stop(StopHow how, StopReason reason);
  void end_threads();

  const GetConfig config;
  GetSeams seams;
  const Keep keep;
  const bool keeps_job;
  std::optional<Folder> folder;
  std::optional<NameClaims> claims;
  const std::unique_ptr<GivenNames> names_given;
  const std::optional<ChecksumFile> checksums;
  std::vector<FeedInput> inputs;
  const LeftParts left_parts;
  const Placement placement;
  StagingRoom staging{kMostStaged};
  TarKeys keys;
  JobTasks tasks;
  Frontier frontier;
  Crew crew;  // before the sinks: where they fail they stop it
  Budget budget;
  SinkThread sinks;
  AtStake at_stake;
  std::optional<TarShards> shards;
  Stream stream{1};
  OpenDownloads open;
  GetCounters counters;
  Verifier verifier;
  GetShared shared;
  Feeder feeder;
  PartNotes notes;
  GroupSyncs syncs;
  std::optional<GetResumed> resumed{};  // where a former run is gone on with

  mutable Mutex failure_mutex;
  std::optional<Error> failure GUARDED_BY(failure_mutex);
};

OutletResult<std::unique_ptr<Outlet>> Get::Parts::open_outlet(const std::string& path) {
  switch (shared.keep) {
    case Keep::files: {
      auto file = PartFile::create(*folder, path);
      if (!file) return tl::unexpected(std::move(file).error());
      return std::unique_ptr<Outlet>(std::move(*file));
    }
    case Keep::shards:
      return shards->open(path);
    case Keep::nothing:
      return std::make_unique<Discarded>();
    case Keep::stream:
      return stream.open();
  }
  return std::make_unique<Discarded>();
}

std::unique_ptr<Outlet> Get::Parts::reopen_outlet(const std::string& path, std::uint64_t least) {
  if (shards) return shards->reopen(path, least);
  return PartFile::reopen(*folder, path, least);
}

void Get::Parts::fail_run(std::string why) {
  {
    const Lock lock(failure_mutex);
    if (!failure) failure = Error{std::move(why)};
  }
  stop(StopHow::finish_transfers, StopReason::sink_failed);
}

// On the sink thread, which owns the job, so that what the frontier asks for meanwhile comes
// after.
Result<void> Get::Parts::restore() {
  std::promise<Result<GetResumed>> restored;
  sinks.ask([&](JobDb& job) -> Result<void> {
    auto batch = restore_batch(job, {.frontier = frontier,
                                     .feeder = feeder,
                                     .claims = shared.claims,
                                     .given = names_given.get(),
                                     .keys = shared.keys,
                                     .shards = shards ? &*shards : nullptr,
                                     .budget = budget});
    if (batch) job.watch(nullptr);  // from here on it is written to, which nothing may stop
    restored.set_value(std::move(batch));
    return {};
  });
  Result<GetResumed> what = restored.get_future().get();
  if (!what) return tl::unexpected(std::move(what).error());
  resumed = *what;
  return {};
}

void Get::Parts::begin() {
  if (shards && !resumed && !config.dry_run) shards->begin();
  feeder.start(resumed ? std::vector<Wanted>() : config.wanted, std::move(inputs));
  if (keeps_job && keeps_files(keep)) notes.start();
  if (keeps_job && keep == Keep::files) syncs.start();
  if (budget.has_no_bytes()) stop(StopHow::finish_transfers, StopReason::max_bytes);
}

void Get::Parts::stop(StopHow how, StopReason reason) {
  feeder.stop();
  if (how == StopHow::drop_transfers) verifier.drop();
  crew.stop(how, reason);
}

// In this order: who brings work ends before those who do it.
void Get::Parts::end_threads() {
  crew.join();
  feeder.stop();
  feeder.join();
  verifier.close();
  notes.close();
  syncs.close();
  if (!shards) return;
  using Shard = TarShards::WhatIsUnderWay;
  shards->close(has_all() || !keeps_job ? Shard::gets_its_name : Shard::stays);
}

Result<std::unique_ptr<Get>> Get::create(GetConfig config, GetSeams seams) {
  const std::string failed = failed_path(config);
  auto prepared = prepare(std::move(config), {}, seams.on_complaint);
  if (!prepared) return tl::unexpected(std::move(prepared).error());
  std::uint64_t first_id = 0;
  if (seams.job != nullptr) {
    auto failures = open_failure_list(failed, OpenMode::truncate);
    if (!failures) return tl::unexpected(std::move(failures).error());
    seams.sinks.push_back(std::move(*failures));
    auto given = given_names(prepared->config, GivenNames::Open::afresh);
    if (!given) return tl::unexpected(std::move(given).error());
    prepared->names_given = std::move(*given);
    auto begun = begin_batch(*seams.job, *prepared);
    if (!begun) return tl::unexpected(std::move(begun).error());
    first_id = *begun;
  }
  auto parts = std::make_unique<Parts>(std::move(*prepared), std::move(seams));
  parts->frontier.restore_sequence(first_id);
  return std::unique_ptr<Get>(new Get(std::move(parts)));
}

Result<std::uint64_t> Get::take_back_lost(JobDb& job, const GetConfig& config) {
  if (keep_of(config) != Keep::files) return 0;
  const auto folder = Folder::open(config.directory);
  if (!folder) return tl::unexpected(folder.error());
  return get::take_back_lost(job, *folder);
}

Result<std::unique_ptr<Get>> Get::resume(GetConfig config, GetSeams seams) {
  const auto read = seams.job->inputs();
  if (!read) return tl::unexpected(read.error());
  const std::string failed = failed_path(config);
  const auto end = seams.job->output_end_of(failed);
  if (!end) return tl::unexpected(end.error());
  auto failures = reopen_failure_list(failed, end->value_or(0));
  if (!failures) return tl::unexpected(std::move(failures).error());
  seams.sinks.push_back(std::move(*failures));
  auto prepared = prepare(std::move(config), *read, seams.on_complaint);
  if (!prepared) return tl::unexpected(std::move(prepared).error());
  auto given = given_names(prepared->config, GivenNames::Open::to_go_on);
  if (!given) return tl::unexpected(std::move(given).error());
  prepared->names_given = std::move(*given);
  const auto rebooted = has_rebooted(*seams.job);
  if (!rebooted) return tl::unexpected(rebooted.error());
  if (prepared->names_given && *rebooted) prepared->names_given->doubt_files();
  if (auto noted = note_boot(*seams.job); !noted) return tl::unexpected(std::move(noted).error());
  if (auto left = read_left_parts(*seams.job, *prepared); !left) {
    return tl::unexpected(std::move(left).error());
  }
  std::unique_ptr<Get> get(
      new Get(std::make_unique<Parts>(std::move(*prepared), std::move(seams))));
  if (auto restored = get->parts_->restore(); !restored) {
    return tl::unexpected(std::move(restored).error());
  }
  return get;
}

Get::Get(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

Get::~Get() {
  parts_->stop(StopHow::drop_transfers, StopReason::interrupted);
  parts_->end_threads();
  (void)parts_->sinks.close();
}

void Get::start() {
  parts_->begin();
  parts_->crew.start();
}

void Get::run_here() {
  parts_->begin();
  parts_->crew.run_here();
}

GetResumed Get::resumed() const { return parts_->resumed.value_or(GetResumed{}); }

bool Get::finished() const { return parts_->crew.finished(); }

void Get::stop(StopHow how, StopReason reason) { parts_->stop(how, reason); }

GetState Get::state() const {
  constexpr std::size_t kShown = 12;
  const GetCounters& counters = parts_->counters;
  const GetResumed before = resumed();
  GetState state{.frontier = parts_->frontier.state(),
                 .files = before.settled + before.queued + counters.lines - counters.bad_lines,
                 .lists_read = parts_->feeder.ended(),
                 .received = Bytes{counters.received}};
  state.waiting_for = waiting_for(state.frontier, parts_->seams.clock.now());
  for (const auto& download : parts_->open.all()) {
    state.largest.push_back(download->shown());
    const UnderWay& one = state.largest.back();
    if (!one.size) continue;
    ++state.sized;
    state.had.count += one.done.count;
    state.left.count += one.size->count - one.done.count;
    state.begun += static_cast<double>(one.done.count) / static_cast<double>(one.size->count);
  }
  const auto is_before = [](const UnderWay& a, const UnderWay& b) {
    const auto size_of = [](const UnderWay& one) { return one.size.value_or(one.done).count; };
    return std::pair(size_of(b), a.id) < std::pair(size_of(a), b.id);
  };
  std::ranges::sort(state.largest, is_before);
  if (state.largest.size() > kShown) state.largest.resize(kShown);
  return state;
}

GetResult Get::join() {
  parts_->end_threads();
  GetResult result;
  const FrontierState frontier = parts_->frontier.state();
  result.lists_read = parts_->feeder.ended();
  // Some are of no task any more: whole, but dropped before they were verified.
  result.left_queued = std::max<std::uint64_t>(frontier.queued, parts_->open.all().size());
  {
    const Lock lock(parts_->failure_mutex);
    if (parts_->failure) result.sink_error = parts_->failure;
  }
  result.input_error = parts_->feeder.input_error();
  result.troubles = parts_->frontier.troubles();
  result.bad_lines = parts_->counters.bad_lines;
  const bool is_well = result.lists_read && !result.input_error && !result.sink_error;
  if (is_well && result.left_queued == 0) {
    parts_->sinks.ask([this, &result](JobDb& job) {
      auto done = job.put_done();
      return done && parts_->seams.on_done ? parts_->seams.on_done(job, result) : done;
    });
  }
  const Result<void> closed = parts_->sinks.close();
  if (!closed && !result.sink_error) result.sink_error = closed.error();
  result.stopped = parts_->crew.ended_by(result.left_queued + (result.lists_read ? 0 : 1));
  return result;
}

}  // namespace weft
