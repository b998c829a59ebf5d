// A fault of a server is met twice: on a fresh connection, and on one that has brought a good
// answer, to a worker that has read one. What is left over from that answer is where some faults
// bite.
#pragma once

#include <cstdint>
#include <utility>

#include "support/test_server.hpp"

namespace weft::test {

enum class After : std::uint8_t { nothing, good_answer };

inline constexpr After kAfterBoth[] = {After::nothing, After::good_answer};
inline constexpr const char* kWell = "/well";

// Answers kWell well and keeps the connection; whatever else is asked for meets the fault.
inline Behaviour well_but_for(Behaviour fault) {
  return [fault = std::move(fault), well = ok("well", {"A: b"})](Connection& connection,
                                                                 const RequestHead& head) {
    (head.target == kWell ? well : fault)(connection, head);
  };
}

}  // namespace weft::test
