#include "net/name_sources.hpp"

#include <fstream>
#include <iterator>

#include "weft/base/text.hpp"

namespace weft {

namespace {

// The first word of `rest`, which loses it; empty at the end.
std::string_view take_word(std::string_view& rest) {
  while (!rest.empty() && is_ascii_space(rest.front())) rest.remove_prefix(1);
  std::size_t size = 0;
  while (size < rest.size() && !is_ascii_space(rest[size])) ++size;
  const std::string_view word = rest.substr(0, size);
  rest.remove_prefix(size);
  return word;
}

std::string_view without_comment(std::string_view line) { return line.substr(0, line.find('#')); }

std::unordered_set<std::string> names_in(const std::string& hosts_file) {
  std::unordered_set<std::string> names;
  std::ifstream file(hosts_file);
  for (std::string line; std::getline(file, line);) {
    std::string_view rest = without_comment(line);
    take_word(rest);  // the address
    for (auto name = take_word(rest); !name.empty(); name = take_word(rest)) {
      names.insert(to_lower(name));
    }
  }
  return names;
}

// The modules of its line "hosts: files mdns4_minimal [NOTFOUND=return] dns"; as glibc has it
// where there is none.
std::string modules_in(const std::string& nsswitch_conf) {
  std::ifstream file(nsswitch_conf);
  for (std::string line; std::getline(file, line);) {
    std::string_view rest = without_comment(line);
    rest = trim(rest);
    if (!starts_with_ignoring_case(rest, "hosts:")) continue;
    std::string modules;
    bool in_action = false;
    for (const char c : rest.substr(rest.find(':') + 1)) {
      if (c == '[') in_action = true;
      if (!in_action) modules += c;
      if (c == ']') in_action = false;
    }
    return modules;
  }
  return "files dns";
}

// `localhost` and what is below it (RFC 6761 §6.3).
bool is_localhost(std::string_view host) {
  if (host.ends_with('.')) host.remove_suffix(1);
  return host == "localhost" || host.ends_with(".localhost");
}

// Names that other modules than DNS are there for: of the local network.
bool is_local(std::string_view host) {
  if (host.ends_with('.')) host.remove_suffix(1);
  return host.find('.') == host.npos || host.ends_with(".local");
}

}  // namespace

NameSources::NameSources(const Config& config) : in_hosts_file_(names_in(config.hosts_file)) {
  if (config.nsswitch_conf.empty()) return;
  by_dns_ = false;
  const std::string modules = modules_in(config.nsswitch_conf);
  std::string_view rest = modules;
  for (auto module = take_word(rest); !module.empty(); module = take_word(rest)) {
    // systemd's `resolve` asks what resolv.conf then names: its own name server.
    by_dns_ = by_dns_ || module == "dns" || module == "resolve";
    by_other_modules_ = by_other_modules_ || (module != "files" && module != "dns");
  }
}

Source NameSources::source_of(std::string_view host) const {
  if (!by_dns_ || is_localhost(host) || in_hosts_file_.contains(std::string(host))) {
    return Source::system;
  }
  if (!by_other_modules_) return Source::dns;
  return is_local(host) ? Source::system : Source::dns_then_system;
}

}  // namespace weft
