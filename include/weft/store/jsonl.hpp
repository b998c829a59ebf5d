// Records as JSON lines (RFC 8259), one object a line, as the README documents them.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "weft/base/result.hpp"
#include "weft/store/sink.hpp"

namespace weft {

// One line without the newline. Bytes that are not UTF-8 become U+FFFD.
std::string to_json(const Record& record);
std::string to_json(const LinkRecord& link);

enum class OpenMode : std::uint8_t { create_new, append, truncate };

// create_new refuses a file that exists. A write that fails leaves no torn line in an
// ordinary file.
//
// "-" is standard output. SIGPIPE must be ignored: a broken pipe is an Error whose message is
// kBrokenPipe, which ends the run quietly.
inline constexpr std::string_view kBrokenPipe = "broken pipe";
Result<std::unique_ptr<Sink>> open_record_file(const std::string& path, OpenMode mode);
Result<std::unique_ptr<Sink>> open_link_file(const std::string& path, OpenMode mode);

// For a job that goes on: cuts the file where the job knows it to end and appends to it. A
// file that is shorter or missing is an Error, unless nothing was in it yet. What is no
// ordinary file (a pipe, "-", /dev/stdout) is opened as it is, whatever `end`.
Result<std::unique_ptr<Sink>> reopen_record_file(const std::string& path, std::uint64_t end);
Result<std::unique_ptr<Sink>> reopen_link_file(const std::string& path, std::uint64_t end);

// Passes records on in order of their sequence, holding back in memory those that come
// early. close() passes on what is still held, in order, without waiting for the rest.
std::unique_ptr<Sink> in_input_order(std::unique_ptr<Sink> next);

}  // namespace weft
