// Metalink 4 (RFC 5854) and 3: descriptions of files to be downloaded, read piece by piece in
// bounded memory. Entities are never expanded beyond XML's own five and characters; nothing is
// fetched.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace weft {

namespace page {
class MetalinkXml;
}

struct MetalinkHash {
  std::string type;  // as it is written: "sha-256", of Metalink 3 "sha256"
  std::string hex;
};

// One <file>. Texts are UTF-8 and trimmed.
struct MetalinkFile {
  std::uint64_t line = 0;  // where it begins, 1-based
  std::string name{};      // a path below the directory that downloads go to
  std::vector<std::string>
      urls{};  // the most preferred first; of equals, the one that stands first
  std::vector<MetalinkHash> hashes{};   // of the whole file
  std::optional<std::uint64_t> size{};  // bytes
  bool has_metaurls = false;            // torrents and the like: left out
  bool has_signature = false;           // left out
  std::string damage{};                 // why it cannot be used; empty: sound
};

inline constexpr std::size_t kMetalinkMaxUrls = 1000;  // of one file; more make it damaged

// Threads: one at a time.
class MetalinkReader {
 public:
  // The bytes to come begin at that line of their file.
  explicit MetalinkReader(std::uint64_t first_line = 1);
  MetalinkReader(const MetalinkReader&) = delete;
  MetalinkReader& operator=(const MetalinkReader&) = delete;
  ~MetalinkReader();

  void feed(std::string_view bytes);  // in pieces of any size
  void finish();                      // that was all

  // The files that are complete so far, each once, in the order of the document.
  std::optional<MetalinkFile> take();

  // Why nothing more can be read; what was complete before stands. Empty: all is well.
  const std::string& error() const;

 private:
  const std::unique_ptr<page::MetalinkXml> xml_;
};

}  // namespace weft
