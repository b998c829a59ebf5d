#include "get/prepared.hpp"

#include <algorithm>
#include <filesystem>

#include "get/body.hpp"
#include "get/lost_files.hpp"

namespace weft::get {

namespace fs = std::filesystem;

namespace {

GetConfig completed(GetConfig config) {
  const CrewSize size = completed(CrewSize{.threads = config.threads, .jobs = config.jobs});
  config.threads = size.threads;
  config.jobs = size.jobs;
  config.per_host = std::max(1, config.per_host);
  config.tries = std::max(1, config.tries);
  config.min_split = std::max(config.min_split, Pieces::kLeast);
  // One file to a place of its own: that is the whole of what is known of names.
  if (!config.document.empty() && config.document != "-" && !config.wanted.empty()) {
    const fs::path place(config.document);
    config.directory = place.has_parent_path() ? place.parent_path().string() : ".";
    config.wanted.front().out = place.filename().string();
    config.wanted.front().dir.clear();
    config.on_exist = OnExist::overwrite;
  }
  return config;
}

}  // namespace

Keep keep_of(const GetConfig& config) {
  if (config.discard) return Keep::nothing;
  if (config.shard_size) return Keep::shards;
  return config.document == "-" ? Keep::stream : Keep::files;
}

Result<Prepared> prepare(GetConfig config, const std::vector<InputPosition>& read,
                         const std::function<void(std::string_view)>& on_complaint) {
  const auto complain = [&](std::string_view text) {
    if (on_complaint) on_complaint(text);
  };
  Prepared prepared{.config = completed(std::move(config))};
  const GetConfig& asked = prepared.config;
  if (keeps_files(keep_of(asked))) {
    auto folder = Folder::open(asked.directory);
    if (!folder) return tl::unexpected(std::move(folder).error());
    prepared.folder.emplace(std::move(*folder));
  }
  if (!asked.checksum_file.empty()) {
    auto checksums = ChecksumFile::read(asked.checksum_file, [&](const BadLine& bad) {
      complain(fmt::format("{}:{}: {}", asked.checksum_file, bad.line, bad.why));
    });
    if (!checksums) return tl::unexpected(std::move(checksums).error());
    prepared.checksums.emplace(std::move(*checksums));
  }
  std::uint32_t number = 0;
  for (const std::string& path : asked.input_files) {
    InputPosition position{.input = ++number, .path = path};
    const auto known = std::ranges::find(read, number, &InputPosition::input);
    if (known != read.end()) position = *known;
    if (position.ended) continue;
    auto reader = InputReader::open(path, asked.input_format, position.position);
    if (!reader) return tl::unexpected(std::move(reader).error());
    if (position.position > 0 && !(*reader)->can_be_read_again()) {
      complain(fmt::format(
          "{} cannot be read again: what it had after its first {} entries has to be given anew",
          (*reader)->name(), position.position));
      continue;
    }
    prepared.inputs.push_back({std::move(position), std::move(*reader)});
  }
  return prepared;
}

Result<void> read_left_parts(JobDb& job, Prepared& into) {
  auto left = job.left_parts();
  if (!left) return tl::unexpected(std::move(left).error());
  for (LeftPart& part : *left) into.left_parts[part.fingerprint] = std::move(part.note);
  return {};
}

Result<std::uint64_t> begin_batch(JobDb& job, Prepared& prepared) {
  const auto is_done = job.is_done();
  if (!is_done) return tl::unexpected(is_done.error());
  if (*is_done) {
    if (auto begun = job.begin_batch(); !begun) return tl::unexpected(std::move(begun).error());
    if (auto read = read_left_parts(job, prepared); !read) return tl::unexpected(read.error());
  }
  if (auto noted = note_boot(job); !noted) return tl::unexpected(std::move(noted).error());
  return job.next_id();
}

}  // namespace weft::get
