// Who we are to ssh servers, and which of them we know: the user's own name and files.
//
// Threads: any; it reads the environment, which nothing changes.
#pragma once

#include <string>

namespace weft {

struct SshUser {
  std::string name;         // of this machine's user; empty: not known
  std::string known_hosts;  // path
  std::string private_key;  // path of the first that is there; empty: none
};

SshUser ssh_user();

}  // namespace weft
