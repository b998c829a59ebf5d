// Many transfers in flight on one thread: the seam between the engine and the network.
// Redirects are never followed here: a 3xx is a response like any other.
//
// Implementations: CurlTransfers (curl_transfers.hpp), TableWeb (tests/support).
//
// Threads:   one thread owns a Transfers and calls everything; wake() alone may be
//            called from any thread.
// Ownership: destroying it drops what is in flight without completions.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "weft/net/http.hpp"
#include "weft/url/identity.hpp"

namespace weft {

struct Completion {
  std::uint64_t token = 0;  // the one given to start()
  TransferResult result{};
};

class Transfers {
 public:
  virtual ~Transfers() = default;

  // Begins a request; its end comes out of wait() once, under `token`. A request that a kept or
  // shared connection leaves without any answer because the server closes it is repeated at once,
  // a bounded number of times, and its result says nothing of that.
  virtual void start(Request request, std::uint64_t token) = 0;

  // Blocks until a transfer has ended, wake() is called, or `until` has come; then
  // appends every transfer that has ended to `ended`. Returns at once if some have.
  virtual void wait(Clock::time_point until, std::vector<Completion>& ended) = 0;

  // Makes a wait() under way, or the next one, return soon.
  virtual void wake() noexcept = 0;

  // The connections kept to this host are not needed any more: where no transfer is under way to
  // it they are closed.
  virtual void close_idle(const HostKey& host) = 0;

  // Ends everything in flight at once; each comes out of wait() as cancelled.
  virtual void cancel_all() = 0;

  virtual std::size_t in_flight() const = 0;
};

}  // namespace weft
