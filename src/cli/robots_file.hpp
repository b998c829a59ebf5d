// robots.txt of one URL, fetched for a person who asks, as RFC 9309 §2.3 has it.
#pragma once

#include <string>

#include "weft/net/transfers.hpp"
#include "weft/page/robots.hpp"

namespace weft {

struct RobotsFile {
  Robots rules;
  std::string source;  // the URL it came from in the end, or the file
  std::string note{};  // why there are no rules: "there is no robots.txt: status 404"; empty where
                       // there are
};

// §2.3.1.2: follows five redirects, after which it counts as unavailable; §2.3.1.3: 4xx
// allows all; §2.3.1.4: 5xx and no answer disallow all. 429 counts with the latter.
RobotsFile fetch_robots(Transfers& transfers, const Url& page, std::string_view agent);

// A few lines for a person; the first word is "allowed" or "disallowed".
std::string explain(const Url& page, const RobotsFile& file);

}  // namespace weft
