// One URL that a file may be had from, and what has been learnt of it.
#pragma once

#include <optional>
#include <string>

#include "weft/net/http.hpp"
#include "weft/url/url.hpp"

namespace weft::get {

struct Source {
  Url listed;
  std::optional<Url> moved{};  // where redirects have led
  std::string validator{};     // of the file under way, as If-Range takes it
  bool gives_ranges = true;    // as far as is known
  bool is_dead = false;
  int failures = 0;  // in a row, without getting on

  const Url& url() const { return moved ? *moved : listed; }
};

// `url` as it is asked for: with the user name and the password of the listed one, where it is
// of the same server.
Url with_login_of(const Url& listed, Url url);

// What If-Range takes: a strong ETag, else the date of the last change (RFC 9110 §13.1.5);
// empty where there is neither.
std::string validator_of(const Headers& headers);

// Is a response, by its own validators, of another file than `validator` says? One that has
// none does not tell.
bool is_other_file(const Headers& headers, const std::string& validator);

}  // namespace weft::get
