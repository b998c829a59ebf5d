#include "url/host.hpp"

#include "url/idna.hpp"
#include "url/ip_literal.hpp"
#include "url/octets.hpp"
#include "weft/base/text.hpp"
#include "weft/url/percent.hpp"

namespace weft::url {

namespace {

bool append_ipv6_host(std::string& out, std::string_view text) {
  if (!text.ends_with(']')) return false;
  const auto address = parse_ipv6(text.substr(1, text.size() - 2));
  if (!address) return false;
  out += '[';
  append_ipv6(out, *address);
  out += ']';
  return true;
}

// Appends in lower case as long as nothing needs percent-decoding or IDNA; says
// whether that was all of it.
bool append_plain_domain(std::string& out, std::string_view text) {
  const std::size_t begin = out.size();
  out.append(text);
  for (std::size_t i = begin; i < out.size(); ++i) {
    if (is(out[i], kHostForbidden)) {
      out.resize(begin);
      return false;
    }
    out[i] = ascii_lower(out[i]);
  }
  return true;
}

}  // namespace

bool append_host(std::string& out, std::string_view text) {
  if (text.empty()) return false;
  if (text.front() == '[') return append_ipv6_host(out, text);

  const std::size_t begin = out.size();
  if (!append_plain_domain(out, text)) {
    const auto domain = domain_to_ascii(percent_decode(text));
    if (!domain || domain->empty() || !append_plain_domain(out, *domain)) return false;
  }
  const std::string_view domain = std::string_view(out).substr(begin);
  if (!ends_in_number(domain)) return true;
  const auto address = parse_ipv4(domain);
  if (!address) return false;
  out.resize(begin);
  append_ipv4(out, *address);
  return true;
}

}  // namespace weft::url
