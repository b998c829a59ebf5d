// The address policy: which of a host's addresses a request may reach. Behind a proxy only an
// address written in the URL can be judged: the proxy resolves names.
//
// Threads: pure.
#pragma once

#include <optional>
#include <string_view>

#include "net/framing.hpp"
#include "net/proxy.hpp"
#include "weft/net/http.hpp"
#include "weft/net/resolver.hpp"

namespace weft {

struct Reach {
  Addresses addresses{};            // to connect to, in order
  std::optional<Defect> refused{};  // if there is none: why
};

// `found`: of the proxy where there is one (`proxy` not null), else of the URL's host.
// REQUIRES: `found` is not empty.
Reach reach_of(const Request& request, const Proxy* proxy, const Addresses& found);

// Of the connection that is about to carry the request: a kept one may have been made for a
// request that was allowed more.
std::optional<Defect> refusal_of(const Request& request, const Proxy* proxy, std::string_view ip);

}  // namespace weft
