// weft crawl: from words to what is asked for.
#pragma once

#include <optional>
#include <string>

#include "cli/commands.hpp"
#include "cli/options.hpp"

namespace weft {

// The words after "crawl", with --config under them; nothing where help is asked for. --update
// is read apart (resume_command.hpp).
Result<std::optional<CrawlOptions>> read_crawl_options(Words words);

std::string crawl_help();

}  // namespace weft
