#include "net/reach.hpp"

#include <algorithm>
#include <iterator>

namespace weft {

namespace {

Defect not_public(const Request& request, std::string_view ip) {
  return {Outcome::refused_address,
          fmt::format("{} is at {}, which is not a public address", request.url.host(), ip)};
}

}  // namespace

Reach reach_of(const Request& request, const Proxy* proxy, const Addresses& found) {
  if (request.addresses == AddressPolicy::any) return {.addresses = found};
  const auto literal = parse_ip(request.url.host());
  if (proxy != nullptr) {
    if (!literal || !is_special(*literal)) return {.addresses = found};
    return {.refused = not_public(request, to_text(*literal))};
  }
  Reach reach;
  std::ranges::copy_if(found, std::back_inserter(reach.addresses),
                       [](const IpAddress& address) { return !is_special(address); });
  if (reach.addresses.empty()) reach.refused = not_public(request, to_text(found.front()));
  return reach;
}

std::optional<Defect> refusal_of(const Request& request, const Proxy* proxy, std::string_view ip) {
  if (request.addresses == AddressPolicy::any || proxy != nullptr) return std::nullopt;
  const auto address = parse_ip(ip);
  if (address && !is_special(*address)) return std::nullopt;
  return not_public(request, ip);
}

}  // namespace weft
