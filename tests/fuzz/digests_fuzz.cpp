// Whatever a header, a line or a sidecar says, a digest that is read from it is as long as its
// algorithm has them, and reads back from its own text.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "get/checksum_lines.hpp"
#include "weft/get/checksum_file.hpp"
#include "weft/get/digest_headers.hpp"

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

void check(const weft::Checksum& checksum) {
  require(checksum.digest.size() == weft::digest_size(checksum.algorithm));
  require(weft::parse_checksum(weft::to_text(checksum)) == checksum);
}

void check_headers(std::string_view value) {
  for (const char* name : {"Repr-Digest", "Content-Digest", "Digest", "Content-MD5"}) {
    weft::Headers headers;
    headers.add(name, value);
    for (const int status : {200, 206}) {
      const weft::SaidDigests said = weft::digests_of(status, headers);
      require(said.part.empty() || (status == 206 && said.whole.empty()));
      for (const auto& checksum : said.whole) check(checksum);
      for (const auto& checksum : said.part) check(checksum);
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  check_headers(input);
  if (const auto checksum = weft::parse_checksum(input)) check(*checksum);
  for (const auto algorithm : {weft::DigestAlgorithm::crc32c, weft::DigestAlgorithm::md5}) {
    if (const auto checksum = weft::parse_sidecar(input, algorithm, "a")) check(*checksum);
  }

  weft::get::ChecksumLines lines;
  for (std::string_view rest = input; !rest.empty();) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(line.size() < rest.size() ? line.size() + 1 : line.size());
    const auto listed = lines.read(line);
    if (!listed || !*listed) continue;
    check((*listed)->checksum);
    require(!(*listed)->name.empty() && (*listed)->name.size() < line.size());
  }
  return 0;
}
