#include "cli/get_command.hpp"

#include <algorithm>
#include <cstdio>
#include <filesystem>

#include "cli/config_file.hpp"
#include "cli/help.hpp"
#include "cli/run_get.hpp"
#include "cli/tell.hpp"
#include "cli/text_file.hpp"
#include "weft/get/checksum_file.hpp"
#include "weft/url/percent.hpp"
#include "weft/url/typed.hpp"

namespace weft {
namespace {

// The options that make sense for one file alone.
Result<void> check_single(const GetOptions& options) {
  const bool is_single = options.urls.size() == 1 && options.input_files.empty();
  if (is_single) return {};
  if (!options.get.document.empty()) {
    return fail("-O names the place of one file: give one URL, or name a directory with -o");
  }
  if (!options.checksum.empty()) {
    return fail("--checksum is of one file: give one URL, or list checksums in --checksum-file");
  }
  return {};
}

// What names files of their own has nothing to say of shards.
Result<void> check_shards(const GetConfig& get) {
  if (!get.shard_size) return {};
  if (!get.document.empty()) {
    return fail("-O names the place of one file and --tar puts files into shards: leave one out");
  }
  if (get.discard) {
    return fail("--tar keeps the files and --discard keeps none: leave one of them out");
  }
  if (get.on_exist != OnExist::skip) {
    return fail(
        "--on-exist is of files that stand in the directory, and --tar makes none: leave one out "
        "(shards that are there are never touched)");
  }
  return {};
}

Result<void> check_combinations(const GetOptions& options) {
  const GetConfig& get = options.get;
  if (options.urls.empty() && options.input_files.empty()) {
    return fail(
        "no URL to download: write one, as in 'weft get https://example.org/a.iso', or name a "
        "list with -i FILE");
  }
  if (std::ranges::count(options.input_files, "-") > 1) {
    return fail("standard input can be read only once");
  }
  std::error_code none;
  if (std::filesystem::is_directory(get.document, none)) {
    return fail("-O names the file, and '{0}' is a directory: name a file in it, or write -o '{0}'",
                get.document);
  }
  if (!get.document.empty() && !options.output.directory.empty()) {
    return fail("-O and -o name two places for the file: leave one of them out");
  }
  if (!get.document.empty() && get.discard) {
    return fail("-O keeps the file and --discard keeps none: leave one of them out");
  }
  if (auto checked = check_shards(get); !checked) return checked;
  if (get.document == "-" && options.output.jsonl == "-") {
    return fail("the file and its record both go to standard output: name a file for one");
  }
  return check_single(options);
}

// ALGORITHM:HEX, or ALGORITHM:@FILE: what a file beside the download says, NAME.sha256.
Result<Checksum> read_checksum(const std::string& text, const Url& url) {
  const std::size_t at = text.find_first_of(":=");
  const auto algorithm = parse_digest_algorithm(text.substr(0, at));
  if (!algorithm || at == std::string::npos || text.compare(at + 1, 1, "@") != 0) {
    return parse_checksum(text);
  }
  const std::string path = text.substr(at + 2);
  const auto sidecar = read_text_file(path);
  if (!sidecar) return fail("cannot read '{}': {}", path, sidecar.error().message);
  auto checksum = parse_sidecar(*sidecar, *algorithm, percent_decode(url.path()));
  if (!checksum) return fail("'{}': {}", path, checksum.error().message);
  return checksum;
}

Result<void> read_wanted(GetOptions& options) {
  for (const std::string& text : options.urls) {
    auto url = parse_typed_url(text, UrlUse::download);
    if (!url) return tl::unexpected(std::move(url).error());
    Wanted wanted;
    wanted.urls.push_back(std::move(*url));
    options.get.wanted.push_back(std::move(wanted));
  }
  if (options.checksum.empty()) return {};
  auto checksum = read_checksum(options.checksum, options.get.wanted.front().urls.front());
  if (!checksum) return fail("--checksum: {}", checksum.error().message);
  options.get.wanted.front().checksum = std::move(*checksum);
  return {};
}

}  // namespace

std::string get_help() {
  GetOptions options;
  const OptionTable table = get_options(options);
  return to_text(
      {.usage = {"weft get [OPTION...] URL...", "weft get [OPTION...] -i FILE"},
       .about = "Downloads every URL of a list: several at once, each host pressed no harder than "
                "you said, partial files gone on with, checksums verified. A file appears under "
                "its name only when it is complete. Durations are written 500ms, 2s, 1m30s or "
                "1h; sizes 10k, 1.5M or 2GiB.",
       .table = &table,
       .examples = {"weft get -o images -i urls.txt --checksum-file SHA256SUMS",
                    "weft get -O - https://example.org/data.tar.gz | tar xz"}});
}

Result<std::optional<GetOptions>> read_get_options(Words words) {
  GetOptions options;
  const OptionTable table = get_options(options);
  const auto line = read_command_line(table, words);
  if (!line) return tl::unexpected(line.error());
  if (line->help) return std::nullopt;
  const auto given = with_config(*line, "get", table);
  if (!given) return tl::unexpected(given.error());
  if (auto set = apply(*given); !set) return tl::unexpected(set.error());
  options.to_save = saved(*given);
  options.urls = line->rest;
  options.get.wait = std::max(options.get.wait, options.rate);
  options.get.input_files = options.input_files;
  if (!options.output.directory.empty()) options.get.directory = options.output.directory;
  if (auto checked = check_combinations(options); !checked) return tl::unexpected(checked.error());
  if (auto wanted = read_wanted(options); !wanted) return tl::unexpected(wanted.error());
  return options;
}

ExitCode get_command(Words words) {
  auto options = read_get_options(words);
  if (!options) {
    tell(options.error().message);
    return ExitCode::wrong_use;
  }
  if (!*options) {
    fmt::print("{}", get_help());
    return ExitCode::done;
  }
  return run_get(std::move(**options));
}

}  // namespace weft
