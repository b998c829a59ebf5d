// A file of lines that is written from its end, through a buffer.
//
//   std::string& line = file.buffer();  append to it, then  file.end_line();
//
// A write that fails leaves no torn line in an ordinary file: it is cut after the last
// line that went out whole. After that every call returns the same Error.
//
// Threads: owned by one thread.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "weft/base/result.hpp"
#include "weft/store/jsonl.hpp"

namespace weft {

class OutputFile {
 public:
  // "-" is standard output, whatever the mode; it stays open for others.
  static Result<OutputFile> open(const std::string& path, OpenMode mode);

  // A file that goes on where a former run left it: cut at `end`.
  static Result<OutputFile> reopen(const std::string& path, std::uint64_t end);

  OutputFile(OutputFile&& other) noexcept;
  OutputFile& operator=(OutputFile&&) = delete;
  ~OutputFile();  // drops what was not flushed

  std::string& buffer() { return buffer_; }
  Result<void> end_line();  // the newline; writes where enough has gathered
  Result<void> flush();
  Result<void> close();  // flushes; idempotent

  // Where it ends once all is flushed, if it is an ordinary file with a name.
  std::optional<OutputEnd> end() const;

 private:
  OutputFile(int fd, std::string name, std::optional<std::uint64_t> size)
      : fd_(fd), name_(std::move(name)), size_(size) {}

  Result<void> refuse(int error);
  void cut_torn_line(std::string_view written) const;

  int fd_;                             // -1: closed
  std::string name_;                   // for people
  std::optional<std::uint64_t> size_;  // of an ordinary file, without what is buffered
  std::string buffer_;
  std::optional<Error> failure_;
};

}  // namespace weft
