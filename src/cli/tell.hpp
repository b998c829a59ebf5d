// Words to the user, on standard error: never among the records on standard output.
#pragma once

#include <string_view>

namespace weft {

// "weft: MESSAGE". In one write, so that lines of several threads do not mix.
void tell(std::string_view message);

}  // namespace weft
