// Asking for the addresses of hosts before their turn comes, so that a name which is slow to
// resolve, or never resolves, holds no transfer.
//
// Threads: plain functions; a NameLookUp may be called from any thread.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "weft/net/resolver.hpp"
#include "weft/url/identity.hpp"

namespace weft {

// Answered once, from any thread, at once or later: with the address as text, or empty where
// there is none.
using NameLookUp =
    std::function<void(const HostKey& host, std::function<void(const std::string& address)> done)>;

// `resolver` must outlive the result. It keeps its answers for the transfers that come.
inline NameLookUp look_up_by(Resolver& resolver) {
  return [&resolver](const HostKey& host, std::function<void(const std::string&)> done) {
    resolver.resolve(host.name,
                     [done = std::move(done)](const std::shared_ptr<const Resolution>& answer) {
                       const Addresses& found = answer->addresses;
                       done(found.empty() ? std::string() : to_text(found.front()));
                     });
  };
}

}  // namespace weft
