// Where the file of an entry goes: what its list says, else what --name asks for.
//
// Threads: const methods may be called from any thread.
#pragma once

#include <string>
#include <string_view>

#include "weft/get/input.hpp"
#include "weft/get/name_template.hpp"

namespace weft::get {

class Placement {
 public:
  // `directory` as the user gave it.
  Placement(NameTemplate name, const std::string& directory);

  // Below the directory. `served`: what the server calls it, where it has been asked.
  // Errors: what the entry says of its place cannot be.
  Result<std::string> path_of(const Wanted& wanted, std::string_view served = {}) const;

  // May a server's answer change it?
  bool depends_on_server(const Wanted& wanted) const {
    return wanted.out.empty() && name_depends_on_server_;
  }

 private:
  const NameTemplate name_;
  const std::string directory_;  // absolute
  bool name_depends_on_server_;
};

}  // namespace weft::get
