// Which names the name servers are asked of, and which the system's getaddrinfo: as
// /etc/nsswitch.conf and /etc/hosts would have it.
//
// Threads: constant after construction.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_set>

namespace weft {

enum class Source : std::uint8_t {
  dns,
  dns_then_system,  // of the system too, where the name servers know no such name
  system,
};

class NameSources {
 public:
  struct Config {
    std::string hosts_file;
    std::string nsswitch_conf;  // empty: names are for the name servers, /etc/hosts apart
  };
  explicit NameSources(const Config& config);

  Source source_of(std::string_view host) const;

 private:
  std::unordered_set<std::string> in_hosts_file_;  // in lower case
  bool by_dns_ = true;
  bool by_other_modules_ = false;
};

}  // namespace weft
