#include "cli/options.hpp"
#include "cli/values.hpp"

namespace weft {
namespace {

constexpr std::uint64_t kMostParts = 64;
constexpr std::uint64_t kMostHops = 100;

OptionGroup input(GetOptions& to) {
  const auto set_format = [&to](std::string_view value) -> Result<void> {
    const auto format = input_format_named(value);
    if (!format) {
      return fail("'{}' is none of its values: write auto, list, aria2, csv, jsonl or metalink",
                  value);
    }
    to.get.input_format = *format;
    return {};
  };
  return {"Lists",
          {
              {.name = "input-format",
               .value = "FORMAT",
               .help = "how the lists of -i are written: list (URL, or URL<TAB>out=NAME<TAB>...; "
                       "keys out, dir, checksum, header, referer, priority), aria2, csv, jsonl or "
                       "metalink; any of them may be gzip",
               .otherwise = "auto, by their content",
               .set = set_format},
          }};
}

OptionGroup files(GetConfig& to) {
  const auto set_names = [&to](std::string_view value) -> Result<void> {
    auto names = NameTemplate::parse(value);
    if (!names) return tl::unexpected(std::move(names).error());
    to.names = std::move(*names);
    return {};
  };
  const auto set_shards = [&to](std::string_view value) -> Result<void> {
    return set_bytes(to.shard_size.emplace())(value);
  };
  const auto set_on_exist = set_choice<OnExist>(to.on_exist, {{"skip", OnExist::skip},
                                                              {"update", OnExist::update},
                                                              {"overwrite", OnExist::overwrite},
                                                              {"rename", OnExist::rename}});
  return {"Files",
          {
              {.name = "output-document",
               .letter = 'O',
               .value = "FILE",
               .help = "where the file of a single URL goes; '-' is standard output",
               .in_job = InJob::first_run,
               .set = set_text(to.document)},
              {.name = "name",
               .value = "TEMPLATE",
               .help = "where files go below the directory: flat, host ({host}/{file}), or a "
                       "template of {host}, {path}, {dir}, {file}, {stem}, {ext}, {query}, "
                       "{hash}, {n}",
               .otherwise = "flat: {file}, the name the server or the URL gives",
               .set = set_names},
              {.name = "on-exist",
               .value = "WHAT",
               .help = "where the file is there: skip it, update it if the server has another "
                       "(by ETag or time), overwrite it, or rename the new one",
               .otherwise = "skip",
               .in_job = InJob::may_change,
               .set = set_on_exist},
              {.name = "continue",
               .letter = 'c',
               .help = "go on with partial files (the default)",
               .in_job = InJob::may_change,
               .set = turn_on(to.resume_parts)},
              {.name = "no-continue",
               .help = "begin them anew",
               .in_job = InJob::may_change,
               .set = turn_off(to.resume_parts)},
              {.name = "discard",
               .help = "fetch and verify, but keep no file",
               .set = turn_on(to.discard)},
              {.name = "tar",
               .value = "SIZE",
               .help = "put files into numbered tar shards, 000000.tar and so on, of at most this "
                       "size, each as KEY.EXT with its record as KEY.json after it; 0: one shard",
               .set = set_shards},
              {.name = "dry-run",
               .help = "print what would be fetched to where, fetch nothing",
               .in_job = InJob::first_run,
               .set = turn_on(to.dry_run)},
          }};
}

OptionGroup integrity(GetOptions& to) {
  return {"Checksums: besides those that lists and servers give",
          {
              {.name = "checksum",
               .value = "ALGO:HEX",
               .help = "of a single URL's file: md5, sha1, sha256, sha512 or crc32c; ALGO:@FILE "
                       "is what a sidecar such as x.iso.sha256 says ('-' is standard input)",
               .in_job = InJob::first_run,
               .set = set_text(to.checksum)},
              {.name = "checksum-file",
               .value = "FILE",
               .help = "of many files, as sha256sum writes them (SHA256SUMS)",
               .is_file = true,
               .set = set_text(to.get.checksum_file)},
          }};
}

OptionGroup parts(GetConfig& to) {
  return {"Large files",
          {
              {.name = "split",
               .value = "N",
               .help = "parts of one file fetched at once, over as many connections; 1: never",
               .otherwise = "as many as --per-host allows, where it pays",
               .in_job = InJob::may_change,
               .set = set_count(to.split, 0, kMostParts)},
              {.name = "min-split",
               .value = "SIZE",
               .help = "a part smaller than this is not worth a connection",
               .otherwise = to_text(to.min_split),
               .in_job = InJob::may_change,
               .set = set_bytes(to.min_split)},
          }};
}

OptionGroup limits(GetConfig& to) {
  return {"When it ends (0: no limit)",
          {
              {.name = "max-bytes",
               .value = "SIZE",
               .help = "bytes received",
               .otherwise = "no limit",
               .in_job = InJob::may_change,
               .set = set_bytes(to.max_bytes)},
              {.name = "max-time",
               .value = "DUR",
               .help = "time spent by this run",
               .otherwise = "no limit",
               .in_job = InJob::may_change,
               .set = set_duration(to.max_time)},
              {.name = "max-file-size",
               .value = "SIZE",
               .help = "a larger file is not fetched and counts as too_large",
               .otherwise = "no limit",
               .in_job = InJob::may_change,
               .set = set_bytes(to.max_file_size)},
              {.name = "max-redirects",
               .value = "N",
               .help = "redirects in a row; here 0 follows none",
               .otherwise = std::to_string(to.redirect_hops),
               .in_job = InJob::may_change,
               .set = set_count(to.redirect_hops, 0, kMostHops)},
              {.name = "fail-fast",
               .help = "stop at the first failure",
               .in_job = InJob::may_change,
               .set = turn_on(to.fail_fast)},
          }};
}

}  // namespace

OptionTable get_options(GetOptions& to) {
  OptionTable table = common_options(
      to, engine_options(to.get),
      {.help = "where files go, made where it is missing; the job is kept in DIR/.weft",
       .otherwise = "here"});
  table.insert(table.begin() + 1,
               {input(to), files(to.get), integrity(to), parts(to.get), limits(to.get)});
  return table;
}

}  // namespace weft
