#include "weft/store/digest.hpp"

#include <doctest/doctest.h>

#include <array>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "store/crc32c.hpp"

namespace weft {
namespace {

using enum DigestAlgorithm;

constexpr std::array<DigestAlgorithm, 5> kAll{md5, sha1, sha256, sha512, crc32c};

std::string digest_of(DigestAlgorithm algorithm, std::string_view bytes) {
  Digester digester(algorithm);
  digester.add(bytes);
  return to_text({algorithm, digester.finish()});
}

std::string text_of(const Result<Checksum>& checksum) {
  return checksum ? to_text(*checksum) : checksum.error().message;
}

// FIPS 180-4's own examples.
constexpr std::string_view kOfNothing =
    "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
constexpr std::string_view kOfAbc =
    "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
constexpr std::string_view kTwoBlocks = "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";

TEST_CASE("MD5 is that of RFC 1321 §A.5") {
  CHECK(digest_of(md5, "") == "md5:d41d8cd98f00b204e9800998ecf8427e");
  CHECK(digest_of(md5, "a") == "md5:0cc175b9c0f1b6a831c399e269772661");
  CHECK(digest_of(md5, "abc") == "md5:900150983cd24fb0d6963f7d28e17f72");
  CHECK(digest_of(md5, "message digest") == "md5:f96b697d7cb7938d525a2f31aaf161d0");
  CHECK(digest_of(md5,
                  "1234567890123456789012345678901234567890123456789012345678901234567890"
                  "1234567890") == "md5:57edf4a22be3c955ac49da2e2107b67a");
}

TEST_CASE("SHA-1 is that of FIPS 180-4") {
  CHECK(digest_of(sha1, "") == "sha1:da39a3ee5e6b4b0d3255bfef95601890afd80709");
  CHECK(digest_of(sha1, "abc") == "sha1:a9993e364706816aba3e25717850c26c9cd0d89d");
  CHECK(digest_of(sha1, kTwoBlocks) == "sha1:84983e441c3bd26ebaae4aa1f95129e5e54670f1");
}

TEST_CASE("SHA-256 is that of FIPS 180-4") {
  CHECK(sha256_hex("") == kOfNothing);
  CHECK(sha256_hex("abc") == kOfAbc);
  CHECK(sha256_hex(kTwoBlocks) ==
        "sha256:248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  CHECK(sha256_hex(std::string(1'000'000, 'a')) ==
        "sha256:cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST_CASE("SHA-512 is that of FIPS 180-4") {
  CHECK(digest_of(sha512, "") ==
        "sha512:cf83e1357eefb8bdf1542850d66d8007d620e4050b5715dc83f4a921d36ce9ce"
        "47d0d13c5d85f2b0ff8318d2877eec2f63b931bd47417a81a538327af927da3e");
  CHECK(digest_of(sha512, "abc") ==
        "sha512:ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
        "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f");
}

TEST_CASE("CRC-32C is that of RFC 3720 §B.4") {
  std::string counting_up;
  std::string counting_down;
  for (char i = 0; i < 32; ++i) {
    counting_up += i;
    counting_down += static_cast<char>(31 - i);
  }
  // There in the order of the wire, least significant byte first.
  CHECK(digest_of(crc32c, std::string(32, '\0')) == "crc32c:8a9136aa");
  CHECK(digest_of(crc32c, std::string(32, '\xff')) == "crc32c:62a8ab43");
  CHECK(digest_of(crc32c, counting_up) == "crc32c:46dd794e");
  CHECK(digest_of(crc32c, counting_down) == "crc32c:113fdb5c");
  CHECK(digest_of(crc32c, "") == "crc32c:00000000");
  CHECK(digest_of(crc32c, "123456789") == "crc32c:e3069283");  // the "check" of catalogues
  CHECK(digest_of(crc32c, "dog") == "crc32c:0a72a4df");        // IANA's HTTP digest values
}

TEST_CASE("CRC-32C is the same with and without the processor's instruction") {
  std::string bytes;
  for (unsigned i = 0; i < 300; ++i) {
    CHECK(weft::crc32c(0, bytes) == crc32c_by_table(0, bytes));
    bytes += static_cast<char>(i * 167 + 13);
  }
  CHECK(crc32c_by_table(crc32c_by_table(0, bytes.substr(0, 17)), bytes.substr(17)) ==
        weft::crc32c(0, bytes));
}

TEST_CASE("how the bytes come does not matter") {
  std::string bytes;
  for (unsigned i = 0; i < 1000; ++i) bytes += static_cast<char>(i * 31);
  for (const DigestAlgorithm algorithm : kAll) {
    CAPTURE(name(algorithm));
    const std::string whole = digest_of(algorithm, bytes);
    for (const std::size_t step : {1, 3, 64, 999}) {
      Digester digester(algorithm);
      for (std::size_t at = 0; at < bytes.size(); at += step) digester.add(bytes.substr(at, step));
      CHECK(to_text({algorithm, digester.finish()}) == whole);
    }
  }
}

TEST_CASE("one digest leaves nothing behind for the next") {
  for (const DigestAlgorithm algorithm : kAll) {
    CAPTURE(name(algorithm));
    Digester digester(algorithm);
    for (int i = 0; i < 3; ++i) {
      digester.add("a");
      digester.add("bc");
      CHECK(to_text({algorithm, digester.finish()}) == digest_of(algorithm, "abc"));
      CHECK(to_text({algorithm, digester.finish()}) == digest_of(algorithm, ""));
    }
  }
  CHECK(sha256_hex("abc") == kOfAbc);
  CHECK(sha256_hex("") == kOfNothing);
}

TEST_CASE("a half-made digest can be moved") {
  for (const DigestAlgorithm algorithm : kAll) {
    Digester first(algorithm);
    first.add("ab");
    Digester second = std::move(first);
    second.add("c");
    CHECK(to_text({algorithm, second.finish()}) == digest_of(algorithm, "abc"));
  }
}

TEST_CASE("threads compute digests at once") {
  std::vector<std::string> digests(4);
  std::vector<std::thread> threads;
  for (std::string& digest : digests) {
    threads.emplace_back([&digest] {
      for (int i = 0; i < 100; ++i) digest = sha256_hex("abc");
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (const std::string& digest : digests) CHECK(digest == kOfAbc);
}

TEST_CASE("a checksum is read as users, lists and other programs write it") {
  constexpr std::string_view kAbc =
      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
  for (const std::string_view before :
       {"sha256:", "sha-256=", "SHA-256:", "SHA256=", "sha_256:", "SHA2-256:", " sha256: "}) {
    CAPTURE(before);
    CHECK(text_of(parse_checksum(std::string(before).append(kAbc))) == kOfAbc);
  }
  CHECK(text_of(parse_checksum("md5=D41D8CD98F00B204E9800998ECF8427E")) == digest_of(md5, ""));
  CHECK(text_of(parse_checksum("sha:da39a3ee5e6b4b0d3255bfef95601890afd80709")) ==
        digest_of(sha1, ""));
  CHECK(text_of(parse_checksum("sha-1:da39a3ee5e6b4b0d3255bfef95601890afd80709\n")) ==
        digest_of(sha1, ""));
  CHECK(text_of(parse_checksum("CRC32C:0a72a4df")) == digest_of(crc32c, "dog"));
  for (const DigestAlgorithm algorithm : kAll) {
    const std::string text = digest_of(algorithm, "abc");
    CHECK(text_of(parse_checksum(text)) == text);
  }
}

TEST_CASE("what is no checksum says why, and what one is") {
  CHECK(text_of(parse_checksum("")) ==
        "'' is no checksum: it names no algorithm. Write ALGORITHM:HEX, such as "
        "sha256:9f86d081....");
  CHECK(text_of(parse_checksum("d41d8cd98f00b204e9800998ecf8427e")) ==
        "'d41d8cd98f00b204e9800998ecf8427e' is no checksum: it names no algorithm. Write "
        "ALGORITHM:HEX, such as md5:d41d8cd98f00b204e9800998ecf8427e.");
  CHECK(text_of(parse_checksum("sha3:00")) ==
        "no digest is called 'sha3': there are md5, sha1, sha256, sha512 and crc32c");
  CHECK(text_of(parse_checksum("md5:00")) ==
        "2 characters are no md5 digest: it has 32 hexadecimal digits");
  CHECK(text_of(parse_checksum("sha256:")) ==
        "0 characters are no sha256 digest: it has 64 hexadecimal digits");
  CHECK(text_of(parse_checksum("crc32c:0a72a4dg")) ==
        "character 8 of the crc32c digest is no hexadecimal digit");
}

TEST_CASE("the length of a digest tells its algorithm") {
  for (const DigestAlgorithm algorithm : kAll) {
    CHECK(digest_algorithm_of_length(2 * digest_size(algorithm)) == algorithm);
    CHECK(parse_digest_algorithm(name(algorithm)) == algorithm);
  }
  for (const std::size_t none : {0, 1, 16, 31, 33, 56, 96, 129}) {
    CHECK_FALSE(digest_algorithm_of_length(none));
  }
}

}  // namespace
}  // namespace weft
