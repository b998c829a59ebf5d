// The lines of a file of checksums, one after the other (checksum_file.hpp).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "weft/base/result.hpp"
#include "weft/store/digest.hpp"

namespace weft::get {

struct NamedChecksum {
  Checksum checksum;
  std::string name;  // as it is listed, escapes undone
};

class ChecksumLines {
 public:
  // What a line lists; nothing where it is there for another purpose. The Error says why it is
  // no checksum.
  Result<std::optional<NamedChecksum>> read(std::string_view line);

 private:
  enum class Part : std::uint8_t { text, signed_header, signed_text, signature };
  Part part_ = Part::text;
};

}  // namespace weft::get
