// failed.txt: the entries of a batch that failed, as a list that can be read again, each under
// a comment that says why; and lines that nothing could be made of, as comments.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "weft/store/jsonl.hpp"

namespace weft {

// As open_record_file() and reopen_record_file(). Written of records alone that have an entry.
Result<std::unique_ptr<Sink>> open_failure_list(const std::string& path, OpenMode mode);
Result<std::unique_ptr<Sink>> reopen_failure_list(const std::string& path, std::uint64_t end);

}  // namespace weft
