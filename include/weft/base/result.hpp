// Result<T>: a value, or the reason why there is none.
//
// An Error is for a person: what failed, on what, why, and what to do. It is for
// what prevents an operation; what happened to a URL is an Outcome (outcome.hpp).
#pragma once

#include <fmt/core.h>

#include <string>
#include <tl/expected.hpp>
#include <utility>

namespace weft {

struct Error {
  std::string message;
};

template <class T>
using Result = tl::expected<T, Error>;

// An Error that converts to any Result: `return fail("no file '{}'", name);`
template <class... Args>
tl::unexpected<Error> fail(fmt::format_string<Args...> format, Args&&... args) {
  return tl::unexpected(Error{fmt::format(format, std::forward<Args>(args)...)});
}

}  // namespace weft
