// A batch that can start: its configuration completed, with everything open that may fail to be.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "get/feeder.hpp"
#include "get/given_names.hpp"
#include "get/shared.hpp"

namespace weft::get {

Keep keep_of(const GetConfig& config);

struct Prepared {
  GetConfig config;
  std::optional<Folder> folder{};
  std::optional<ChecksumFile> checksums{};
  std::vector<FeedInput> inputs{};
  std::unique_ptr<GivenNames> names_given{};
  LeftParts left_parts{};
};

// `read`: how far a former run has got with the lists. `on_complaint`, where there is one, is told
// what is wrong and does not keep the batch from starting.
Result<Prepared> prepare(GetConfig config, const std::vector<InputPosition>& read,
                         const std::function<void(std::string_view)>& on_complaint);

Result<void> read_left_parts(JobDb& job, Prepared& into);

// A job that is done goes on with this batch. The number of its first download.
Result<std::uint64_t> begin_batch(JobDb& job, Prepared& prepared);

}  // namespace weft::get
