#include "net/inflater.hpp"

#include <zlib.h>

#include <algorithm>
#include <limits>
#include <new>

#include "weft/net/gunzip.hpp"

namespace weft {

namespace {

int window_of(Wrapper wrapper) {
  switch (wrapper) {
    case Wrapper::gzip:
      return 15 + 16;  // zlib's way of asking for the gzip wrapper
    case Wrapper::zlib:
      return 15;
    case Wrapper::raw:
      return -15;
  }
  return 0;
}

uInt size_for_zlib(std::size_t size) {
  return static_cast<uInt>(std::min<std::size_t>(size, std::numeric_limits<uInt>::max()));
}

}  // namespace

void Inflater::InflateEnd::operator()(z_stream_s* stream) const noexcept {
  inflateEnd(stream);
  delete stream;
}

Inflater::Inflater(Wrapper wrapper) : stream_(new z_stream{}), wrapper_(wrapper) {
  if (inflateInit2(stream_.get(), window_of(wrapper)) != Z_OK) throw std::bad_alloc();
}

std::size_t Inflater::step(std::string_view& in, std::span<char> out) {
  std::size_t written = 0;
  while (true) {
    if (state_ == State::between) look_for_member(in);
    if (state_ != State::inside) return written;
    written += inflate_some(in, out.subspan(written));
    if (state_ == State::inside) return written;
  }
}

// Until `out` is full, `in` is used up or the member ends.
std::size_t Inflater::inflate_some(std::string_view& in, std::span<char> out) {
  std::size_t written = 0;
  while (written < out.size()) {
    const uInt given = size_for_zlib(in.size());
    const uInt room = size_for_zlib(out.size() - written);
    stream_->next_in = reinterpret_cast<Bytef*>(const_cast<char*>(in.data()));
    stream_->avail_in = given;
    stream_->next_out = reinterpret_cast<Bytef*>(out.data() + written);
    stream_->avail_out = room;
    const int status = inflate(stream_.get(), Z_NO_FLUSH);
    in.remove_prefix(given - stream_->avail_in);
    written += room - stream_->avail_out;
    if (status == Z_STREAM_END) {
      state_ = wrapper_ == Wrapper::gzip ? State::between : State::ended;
      magic_seen_ = 0;
      break;
    }
    if (status == Z_BUF_ERROR) break;  // it wants more input
    if (status != Z_OK) {
      state_ = State::damaged;
      break;
    }
  }
  return written;
}

void Inflater::look_for_member(std::string_view& in) {
  while (!in.empty() && magic_seen_ < kGzipMagic.size()) {
    if (in.front() != kGzipMagic[magic_seen_]) {
      state_ = State::ended;
      return;
    }
    ++magic_seen_;
    in.remove_prefix(1);
  }
  if (magic_seen_ < kGzipMagic.size()) return;
  state_ = State::inside;
  inflateReset(stream_.get());
  std::string_view magic = kGzipMagic;
  char none = 0;
  inflate_some(magic, {&none, 1});  // a header yields nothing yet
}

}  // namespace weft
