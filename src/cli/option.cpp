#include "cli/option.hpp"

namespace weft {

const Option* find_option(const OptionTable& table, std::string_view name) {
  for (const OptionGroup& group : table) {
    for (const Option& option : group.options) {
      if (option.name == name) return &option;
    }
  }
  return nullptr;
}

}  // namespace weft
