#include "net/ssh_user.hpp"

#include <pwd.h>
#include <unistd.h>

#include <array>
#include <cstdlib>

namespace weft {

SshUser ssh_user() {
  passwd entry{};
  passwd* found = nullptr;
  std::array<char, 4096> text{};
  getpwuid_r(geteuid(), &entry, text.data(), text.size(), &found);
  SshUser user;
  std::string folder;
  if (found != nullptr) {
    user.name = entry.pw_name;
    folder = entry.pw_dir;
  }
  const char* home = std::getenv("HOME");  // NOLINT(concurrency-mt-unsafe): nothing sets it
  if (home != nullptr) folder = home;
  folder += "/.ssh/";
  user.known_hosts = folder + "known_hosts";
  for (const char* key : {"id_ed25519", "id_ecdsa", "id_rsa"}) {
    if (::access((folder + key).c_str(), R_OK) != 0) continue;
    user.private_key = folder + key;
    break;
  }
  return user;
}

}  // namespace weft
