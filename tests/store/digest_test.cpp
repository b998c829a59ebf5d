#include "weft/store/digest.hpp"

#include <doctest/doctest.h>

#include <thread>
#include <vector>

namespace weft {
namespace {

// FIPS 180-4's own examples.
constexpr std::string_view kOfNothing =
    "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
constexpr std::string_view kOfAbc =
    "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

TEST_CASE("digests are those of FIPS 180-4") {
  CHECK(sha256_hex("") == kOfNothing);
  CHECK(sha256_hex("abc") == kOfAbc);
  CHECK(sha256_hex("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq") ==
        "sha256:248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  CHECK(sha256_hex(std::string(1'000'000, 'a')) ==
        "sha256:cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST_CASE("one digest leaves nothing behind for the next") {
  for (int i = 0; i < 3; ++i) {
    CHECK(sha256_hex("abc") == kOfAbc);
    CHECK(sha256_hex("") == kOfNothing);
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

}  // namespace
}  // namespace weft
