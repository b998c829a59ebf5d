// What tests of weft get share: bodies that no two places of are alike, and what stands on the
// disk after a run.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "e2e/weft_run.hpp"
#include "support/test_server.hpp"

namespace weft::test {

using Words = std::vector<std::string>;

// So many bytes that look random, the same for the same seed.
std::string many(std::size_t size, unsigned seed = 1);

bool says(const Ended& ended, const std::string& text);

// Files of a workplace, but for the job's.
Words visible(const Workplace& here);

// The first request is answered by the first of them, the next by the next, all further ones by
// the last.
Behaviour in_turn(std::vector<Behaviour> behaviours);

// Header lines of a 206 with all of Content-Range given.
Behaviour part(std::string body, const std::string& content_range,
               std::vector<std::string> header_lines = {});

// The start of the range that is asked for, if one is.
std::optional<std::uint64_t> asked_from(const RequestHead& head);

}  // namespace weft::test
