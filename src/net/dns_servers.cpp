#include <fmt/core.h>

#include "weft/base/digits.hpp"
#include "weft/base/text.hpp"
#include "weft/net/resolver.hpp"

namespace weft {

namespace {

constexpr std::uint64_t kDnsPort = 53;

// Splits "[2001:db8::1]:53", "192.0.2.1:53", "2001:db8::1" into the address and the port's text,
// which is empty where there is none.
struct Parts {
  std::string_view address;
  std::string_view port;
  bool has_port = false;
};

Parts split(std::string_view text) {
  const std::size_t bracket = text.find(']');
  if (text.starts_with('[') && bracket != text.npos) {
    const std::string_view rest = text.substr(bracket + 1);
    // What is neither empty nor a port stays with the address, which it spoils.
    if (!rest.empty() && !rest.starts_with(':')) return {text, {}};
    return {text.substr(0, bracket + 1), rest.substr(rest.empty() ? 0 : 1), !rest.empty()};
  }
  const std::size_t colon = text.find(':');
  if (colon == text.npos || text.find(':', colon + 1) != text.npos) return {text, {}};
  return {text.substr(0, colon), text.substr(colon + 1), true};
}

}  // namespace

Result<std::string> parse_dns_servers(std::string_view list) {
  std::string servers;
  while (true) {
    const std::size_t comma = list.find(',');
    const std::string_view server = trim(list.substr(0, comma));
    const Parts parts = split(server);
    const auto address = parse_ip(parts.address);
    if (!address) {
      return fail(
          "'{}' is not the address of a name server: write 192.0.2.1, 192.0.2.1:5353 or "
          "[2001:db8::1]:53, with commas between several",
          server);
    }
    const auto port = parts.has_port ? parse_digits(parts.port) : kDnsPort;
    if (!port || *port < 1 || *port > 65535) {
      return fail("'{}' is not a port of a name server: write a number from 1 to 65535",
                  parts.port);
    }
    if (!servers.empty()) servers += ',';
    servers +=
        fmt::format(fmt::runtime(address->v6 ? "[{}]:{}" : "{}:{}"), to_text(*address), *port);
    if (comma == list.npos) return servers;
    list.remove_prefix(comma + 1);
  }
}

}  // namespace weft
