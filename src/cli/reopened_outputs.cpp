#include "cli/reopened_outputs.hpp"

#include <filesystem>
#include <fstream>
#include <system_error>
#include <utility>

#include "weft/store/jsonl.hpp"

namespace weft {
namespace fs = std::filesystem;
namespace {

using Reopen = Result<std::unique_ptr<Sink>> (*)(const std::string& path, std::uint64_t end);

// A job whose files are put right.
struct Mended {
  const JobDir& dir;
  JobDb& db;
  const Notice& tell;
};

tl::unexpected<Refusal> cannot_write(Error why) {
  return refuse(ExitCode::cannot_write, std::move(why));
}

std::uint64_t size_of(const std::string& path) {
  std::error_code none;
  const auto size = fs::file_size(path, none);
  return none ? 0 : size;
}

bool is_there(const std::string& path) {
  std::error_code ignored;
  return fs::exists(path, ignored);
}

Started<void> move_file(const std::string& from, const std::string& to) {
  std::error_code error;
  fs::rename(from, to, error);
  if (!error) return {};
  return cannot_write({fmt::format("cannot rename '{}' to '{}': {}", from, to, error.message())});
}

// A visit is begun in the database first, then its files are renamed. Killed in between, the
// program finds the earlier visit's records still under the present name; after a power cut
// that took the database back, the present ones under their later name.
Started<void> settle_names(const Mended& job) {
  const auto visit = job.db.visit();
  if (!visit) return wrong_use(visit.error());
  const std::string pages = job.dir.pages();
  if (is_there(job.dir.pages_of_visit(*visit))) {
    return move_file(job.dir.pages_of_visit(*visit), pages);
  }
  const auto end = job.db.output_end();
  if (!end) return wrong_use(end.error());
  const bool is_earlier = *visit > 1 && *end == 0;  // it holds no record of this visit
  const std::string earlier = job.dir.pages_of_visit(*visit - 1);
  if (!is_earlier || is_there(earlier) || !is_there(pages)) return {};
  return move_file(pages, earlier);
}

// Opens pages.jsonl where its records end. Those that a power cut took are fetched again.
Started<std::unique_ptr<Sink>> reopen_pages(const Mended& job) {
  const std::string path = job.dir.pages();
  auto end = job.db.output_end();
  if (!end) return wrong_use(end.error());
  if (!is_there(path)) {
    if (*end > 0) {
      return wrong_use({fmt::format(
          "cannot go on with the job '{}': '{}' is missing, which held {} of records. Put it "
          "back, or start afresh in another directory.",
          job.dir.path(), path, to_text(Bytes{*end}))});
    }
  } else if (const std::uint64_t size = size_of(path); size < *end) {
    const auto lost = job.db.take_back_past(size);
    if (!lost) return cannot_write(lost.error());
    if (auto done = job.db.commit(); !done) return cannot_write(done.error());
    job.tell(fmt::format("'{}' has lost its end: {} record{} gone, whose URLs are queued again",
                         path, *lost, *lost == 1 ? " is" : "s are"));
    end = job.db.output_end();
    if (!end) return wrong_use(end.error());
  }
  auto sink = reopen_record_file(path, *end);
  if (!sink) return cannot_write(sink.error());
  return std::move(*sink);
}

// Where the last whole line of a file ends.
std::uint64_t end_of_lines(const std::string& path) {
  constexpr std::uint64_t kStep = 64 * 1024;
  std::ifstream file(path, std::ios::binary);
  std::string part;
  for (std::uint64_t end = size_of(path); end > 0;) {
    const std::uint64_t begin = end - std::min(end, kStep);
    part.resize(end - begin);
    file.seekg(static_cast<std::streamoff>(begin));
    if (!file.read(part.data(), static_cast<std::streamsize>(part.size()))) return 0;
    const std::size_t newline = part.rfind('\n');
    if (newline != std::string::npos) return begin + newline + 1;
    end = begin;
  }
  return 0;
}

// --jsonl and --links: copies for other programs. What is missing of them is not fetched again.
Started<void> reopen_copy(Reopen reopen, const std::string& path, JobDb& db, const Notice& tell,
                          Outputs& to) {
  std::error_code ignored;
  std::uint64_t end = 0;
  if (fs::is_regular_file(path, ignored)) {
    const auto counted = db.output_end_of(path);
    if (!counted) return wrong_use(counted.error());
    const std::uint64_t size = size_of(path);
    end = *counted && **counted <= size ? **counted : end_of_lines(path);
    if (*counted && **counted > size) {
      tell(fmt::format("'{}' is shorter than this job has left it; what comes is added to it",
                       path));
    }
  }
  auto sink = reopen(path, end);
  if (!sink) return cannot_write(sink.error());
  to.sinks.push_back(std::move(*sink));
  return {};
}

Started<void> reopen_copies(const OutputOptions& options, const Notice& tell, Outputs& to) {
  Started<void> opened;
  if (!options.jsonl.empty()) {
    opened = reopen_copy(reopen_record_file, options.jsonl, *to.db, tell, to);
  }
  if (opened && !options.links.empty()) {
    opened = reopen_copy(reopen_link_file, options.links, *to.db, tell, to);
  }
  const bool has_copies = !options.jsonl.empty() || !options.links.empty();
  if (opened && has_copies && options.order == RecordOrder::input) {
    tell("records come in order of completion from here on: --order input holds for the first run");
  }
  return opened;
}

}  // namespace

// The files of the visit so far have been put right: what is renamed is whole.
Started<void> begin_visit(Outputs& outputs, const Notice& tell) {
  const Mended job{*outputs.job, *outputs.db, tell};
  std::unique_ptr<Sink>& pages = outputs.sinks.front();
  if (auto closed = pages->close(); !closed) return cannot_write(closed.error());
  if (auto begun = job.db.begin_visit(); !begun) return cannot_write(begun.error());
  if (auto done = job.db.commit(); !done) return cannot_write(done.error());
  if (auto settled = settle_names(job); !settled) return settled;
  auto anew = reopen_pages(job);
  if (!anew) return tl::unexpected(anew.error());
  pages = std::move(*anew);
  return {};
}

Started<Outputs> reopen_outputs(const OutputOptions& options, KeptJob job, WhichBatch batch,
                                const Notice& tell) {
  Outputs outputs;
  outputs.job.emplace(std::move(job.dir));
  outputs.db = std::move(job.db);
  const Mended mended{*outputs.job, *outputs.db, tell};
  if (auto settled = settle_names(mended); !settled) return tl::unexpected(settled.error());
  auto pages = reopen_pages(mended);
  if (!pages) return tl::unexpected(pages.error());
  outputs.sinks.push_back(std::move(*pages));
  const auto copies = batch == WhichBatch::next ? open_copies(options, outputs)
                                                : reopen_copies(options, tell, outputs);
  if (!copies) return tl::unexpected(copies.error());
  if (auto opened = start_log(options, outputs.job); !opened) {
    return tl::unexpected(opened.error());
  }
  return outputs;
}

}  // namespace weft
