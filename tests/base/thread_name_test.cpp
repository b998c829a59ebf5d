#include "weft/base/thread_name.hpp"

#include <doctest/doctest.h>

#include <array>
#include <thread>

namespace weft {
namespace {

// What the system calls a thread that has named itself so.
std::string name_after(const std::string& name) {
  std::array<char, 16> known{};
  std::jthread([&] {
    name_thread(name);
    ::pthread_getname_np(::pthread_self(), known.data(), known.size());
  }).join();
  return known.data();
}

TEST_CASE("a thread has the name it gives itself, as far as the system has room for it") {
  CHECK(name_after("weft-sink") == "weft-sink");
  CHECK(name_after("weft-worker-100") == "weft-worker-100");
  CHECK(name_after("weft-worker-1000") == "weft-worker-100");
}

}  // namespace
}  // namespace weft
