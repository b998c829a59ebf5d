// What an input is, by how it begins.
#pragma once

#include "get/input_text.hpp"
#include "weft/base/result.hpp"
#include "weft/get/input.hpp"

namespace weft::get {

// Passes over a byte order mark and the blank lines before the first entry. Of a format that
// is not asked for by name, says which it is; comments before the first entry are then passed
// over too. A list and an input file of aria2 cannot be told apart by their beginning: they stay
// automatic. What cannot be read at all is an Error that says why.
Result<InputFormat> detect(InputText& text, InputFormat asked);

}  // namespace weft::get
