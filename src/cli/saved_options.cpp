#include "cli/saved_options.hpp"

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "cli/shell_words.hpp"

namespace weft {
namespace {

using Json = nlohmann::json;

bool is_remembered(InJob use) {
  return use == InJob::kept || use == InJob::may_change || use == InJob::judges;
}

bool is_pattern(std::string_view name) { return name == "include" || name == "exclude"; }

std::string absolute(const std::string& path) {
  if (path.empty() || path == "-") return path;
  return std::filesystem::absolute(path).lexically_normal().string();
}

// JSON that cannot be read is what somebody else has written.
Result<Json> parse_list(std::string_view text) {
  Json list = Json::parse(text, nullptr, false);
  if (!list.is_array()) return fail("no list of JSON: {}", text.substr(0, 80));
  return list;
}

const char* why_not(const Option& option) {
  if (option.name == "input-file" || option.name == "update") return "the job's URLs are its own";
  if (option.name == "output" || option.name == "no-job") return "the job stays where it is";
  if (option.name == kConfigOption) return "the job keeps the options it was started with";
  return "what the job holds was fetched under what was said first";
}

}  // namespace

SavedOptions saved(std::span<const Given> given) {
  SavedOptions options;
  for (const Given& one : given) {
    if (!is_remembered(one.option->in_job)) continue;
    options.push_back({one.option->name, one.option->is_file ? absolute(one.value) : one.value});
  }
  return options;
}

Result<std::string> to_json(const SavedOptions& options) {
  Json list = Json::array();
  for (const SavedOption& option : options) list.push_back({option.name, option.value});
  try {
    return list.dump();
  } catch (const Json::type_error&) {
    return fail(
        "an option is not UTF-8, and a job cannot remember it: give it in UTF-8, or keep "
        "no job with --no-job");
  }
}

Result<SavedOptions> parse_saved_options(std::string_view json) {
  const auto list = parse_list(json);
  if (!list) return tl::unexpected(list.error());
  SavedOptions options;
  for (const Json& pair : *list) {
    const bool is_pair =
        pair.is_array() && pair.size() == 2 && pair[0].is_string() && pair[1].is_string();
    if (!is_pair) return fail("no pair of texts: {}", pair.dump());
    options.push_back({pair[0].get<std::string>(), pair[1].get<std::string>()});
  }
  return options;
}

std::string to_json(std::span<const std::string> texts) {
  Json list = Json::array();
  for (const std::string& text : texts) list.push_back(text);
  return list.dump();
}

Result<std::vector<std::string>> parse_texts(std::string_view json) {
  const auto list = parse_list(json);
  if (!list) return tl::unexpected(list.error());
  std::vector<std::string> texts;
  for (const Json& text : *list) {
    if (!text.is_string()) return fail("no text: {}", text.dump());
    texts.push_back(text.get<std::string>());
  }
  return texts;
}

Result<void> check_may_change(std::span<const Given> anew) {
  for (const Given& one : anew) {
    const InJob use = one.option->in_job;
    if (use != InJob::kept && use != InJob::first_run) continue;
    return fail(
        "--{} cannot be changed when a job is resumed: {}. Leave it out, or start afresh with "
        "-o in another directory.",
        one.option->name, why_not(*one.option));
  }
  return {};
}

bool changes_scope(std::span<const Given> anew) {
  return std::ranges::any_of(anew,
                             [](const Given& one) { return one.option->in_job == InJob::judges; });
}

SavedOptions replaced(SavedOptions saved, const SavedOptions& anew) {
  std::erase_if(saved, [&anew](const SavedOption& old) {
    return std::ranges::any_of(anew, [&old](const SavedOption& one) {
      return one.name == old.name || (is_pattern(one.name) && is_pattern(old.name));
    });
  });
  saved.insert(saved.end(), anew.begin(), anew.end());
  return saved;
}

Result<std::vector<Given>> given_again(const SavedOptions& saved, const OptionTable& table) {
  std::vector<Given> given;
  for (const SavedOption& option : saved) {
    const Option* const known = find_option(table, option.name);
    if (known == nullptr) {
      return fail("it was started with --{}, which this program does not know", option.name);
    }
    given.push_back({known, option.value, {}});
  }
  return given;
}

OptionTable changeable(const OptionTable& table) {
  OptionTable part;
  for (const OptionGroup& group : table) {
    OptionGroup kept{group.title, {}};
    std::ranges::copy_if(group.options, std::back_inserter(kept.options), [](const Option& option) {
      return option.in_job != InJob::kept && option.in_job != InJob::first_run;
    });
    if (!kept.options.empty()) part.push_back(std::move(kept));
  }
  return part;
}

std::string to_text(const SavedOptions& options) {
  std::string text;
  for (const SavedOption& option : options) {
    if (!text.empty()) text += ' ';
    text += "--" + option.name;
    if (!option.value.empty()) text += ' ' + shell_word(option.value);
  }
  return text;
}

}  // namespace weft
