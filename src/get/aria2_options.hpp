// The options that aria2's input files may hold.
#pragma once

#include <string_view>

namespace weft::get {

// Of aria2 1.36 and 1.37: its manual, "Input File" and the options of the command line, which
// aria2 takes there too.
bool is_aria2_option(std::string_view name);

}  // namespace weft::get
