// Digests of bodies: computed, and read from text as users, lists and servers write them.
//
// Threads: functions may be called from any thread; a Digester belongs to one at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "weft/base/result.hpp"

struct evp_md_ctx_st;  // OpenSSL's EVP_MD_CTX

namespace weft {

// md5: RFC 1321; sha1, sha256, sha512: FIPS 180-4; crc32c: RFC 9260 appendix A, its most
// significant byte first, as it is written.
enum class DigestAlgorithm : std::uint8_t { md5, sha1, sha256, sha512, crc32c };

std::string_view name(DigestAlgorithm algorithm);    // "sha256"
std::size_t digest_size(DigestAlgorithm algorithm);  // bytes

// Of a name as it is written anywhere: "sha256", "SHA-256", "SHA2-256"; "sha" is sha1.
std::optional<DigestAlgorithm> parse_digest_algorithm(std::string_view name);

// The algorithm whose digests have this many hexadecimal digits.
std::optional<DigestAlgorithm> digest_algorithm_of_length(std::size_t hex_digits);

// One digest after the other, each of the bytes added since the last was finished. Making
// it costs nothing, its first digest some 60 ns more than the later ones.
class Digester {
 public:
  explicit Digester(DigestAlgorithm algorithm) : algorithm_(algorithm) {}

  DigestAlgorithm algorithm() const { return algorithm_; }
  void add(std::string_view bytes);
  std::string finish();  // raw bytes: digest_size() of them

 private:
  void begin();

  struct ContextDeleter {
    void operator()(evp_md_ctx_st* context) const noexcept;
  };

  std::unique_ptr<evp_md_ctx_st, ContextDeleter> context_;  // none for crc32c
  std::uint32_t crc_ = 0;
  DigestAlgorithm algorithm_;
  bool begun_ = false;
};

// What a body's digest ought to be, or is.
struct Checksum {
  DigestAlgorithm algorithm = DigestAlgorithm::sha256;
  std::string digest{};  // raw bytes: digest_size() of them

  friend bool operator==(const Checksum&, const Checksum&) = default;
};

// "sha256:HEX", "sha-256=HEX", "md5=HEX" and the like; case does not matter.
Result<Checksum> parse_checksum(std::string_view text);

// A digest of HEX digits that an algorithm was named for elsewhere.
Result<Checksum> parse_checksum(DigestAlgorithm algorithm, std::string_view hex);

// "sha256:" and lower case hexadecimal digits, as records carry it.
std::string to_text(const Checksum& checksum);

// The record's digest of a body.
std::string sha256_hex(std::string_view bytes);

}  // namespace weft
