// Checksums of many files, as sha256sum and its kin list them:
//
//   HEX  NAME            GNU coreutils, also HEX *NAME and HEX NAME. The number of digits tells
//                        the algorithm: md5 32, sha1 40, sha256 64, sha512 128
//   SHA256 (NAME) = HEX  BSD and sha256sum --tag, also as OpenSSL writes it, SHA256(NAME)= HEX
//
// A backslash before a line says that \\, \n and \r in its name stand for a backslash, a line
// feed and a carriage return. Empty lines, lines that begin with '#', and what wraps a text
// that is clear-signed (RFC 9580 §7) are passed over; the signature is not checked.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "weft/base/result.hpp"
#include "weft/get/input.hpp"
#include "weft/store/digest.hpp"
#include "weft/url/identity.hpp"
#include "weft/url/url.hpp"

namespace weft {

// Threads: const methods may be called from any thread.
// Memory:  24 bytes a line and its digest; names are kept as fingerprints.
class ChecksumFile {
 public:
  // Lines that are no checksum, or contradict an earlier one, are told to `on_bad_line`, and
  // reading goes on. "-" is standard input; the file may be gzip.
  // Errors: it cannot be read, or lists nothing. For people, with its name.
  static Result<ChecksumFile> read(const std::string& path,
                                   const std::function<void(const BadLine&)>& on_bad_line);

  // What it says of a file at `path` below the directory of downloads, which came from `url`:
  // what is listed for the longest end of `path` (of a/b/c: a/b/c, else b/c, else c), else of
  // the URL's path. One checksum of each algorithm; none where the file is not listed.
  std::vector<Checksum> find(std::string_view path, const Url& url) const;

 private:
  struct Entry {
    Fingerprint name;
    std::uint64_t digest;  // where it begins in digests_
    std::uint32_t line;
    DigestAlgorithm algorithm;
  };

  void add(const Checksum& checksum, std::string_view name, std::uint64_t line);
  void sort(const std::function<void(const BadLine&)>& on_bad_line);
  std::string_view digest_of(const Entry& entry) const;
  std::vector<Checksum> find_end(std::string_view path) const;

  std::vector<Entry> entries_;  // by name, then algorithm, then line
  std::string digests_;
};

// The digest of `name` in a file that lies beside it, NAME.sha256 or the like: HEX alone, or
// lines as above. A single line counts whatever its name is.
Result<Checksum> parse_sidecar(std::string_view text, DigestAlgorithm algorithm,
                               std::string_view name);

}  // namespace weft
