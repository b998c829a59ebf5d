// How a run ended, for the shell. Documented in the README: scripts rely on it.
#pragma once

#include <string>
#include <tl/expected.hpp>
#include <utility>

#include "weft/base/result.hpp"

namespace weft {

enum class ExitCode : int {
  done = 0,
  some_failed = 1,   // some URLs failed, or a line of a list was no URL
  wrong_use = 2,     // nothing was started
  cannot_write = 3,  // what was asked for could not be written
  interrupted = 130,
  terminated = 143,
};

// Why a command did not start: what to tell the user, and what to tell the shell.
struct Refusal {
  ExitCode code = ExitCode::wrong_use;
  std::string message;
};

template <class T>
using Started = tl::expected<T, Refusal>;

inline tl::unexpected<Refusal> refuse(ExitCode code, Error error) {
  return tl::unexpected(Refusal{code, std::move(error.message)});
}
inline tl::unexpected<Refusal> wrong_use(Error error) {
  return refuse(ExitCode::wrong_use, std::move(error));
}

}  // namespace weft
