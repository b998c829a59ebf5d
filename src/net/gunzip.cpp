#include "weft/net/gunzip.hpp"

#include "net/inflater.hpp"

namespace weft {

Gunzip::Gunzip() : inflater_(std::make_unique<Inflater>(Wrapper::gzip)) {}

Gunzip::~Gunzip() = default;

std::size_t Gunzip::undo(std::string_view& in, std::span<char> out) {
  return inflater_->step(in, out);
}

bool Gunzip::damaged() const { return inflater_->damaged(); }

bool Gunzip::complete() const { return inflater_->complete(); }

}  // namespace weft
