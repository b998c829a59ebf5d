// Conformance data: the project's own in tests/data, other people's from
// WEFT_VECTORS or ../shared/vectors where it is there.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

namespace weft::test {

// Nothing, and a line "SKIPPED <file>" on standard output, where the file is not there.
std::optional<nlohmann::json> load_vectors(const std::string& file);
std::optional<std::string> load_vectors_text(const std::string& file);  // what is not JSON

// The bytes of a "..._b64" field.
std::string from_base64(std::string_view text);

}  // namespace weft::test
