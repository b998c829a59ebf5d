// An iconv conversion that closes itself.
#pragma once

#include <iconv.h>

#include <utility>

namespace weft::page {

class IconvHandle {
 public:
  IconvHandle(const char* to, const char* from) : handle_(::iconv_open(to, from)) {}
  IconvHandle(IconvHandle&& other) noexcept : handle_(std::exchange(other.handle_, none())) {}
  IconvHandle& operator=(IconvHandle&&) = delete;
  ~IconvHandle() {
    if (is_open()) ::iconv_close(handle_);
  }

  // False where this machine's iconv does not know the encoding.
  bool is_open() const { return handle_ != none(); }
  iconv_t get() const { return handle_; }

 private:
  static iconv_t none() { return reinterpret_cast<iconv_t>(-1); }  // NOLINT: as iconv_open has it
  iconv_t handle_;
};

}  // namespace weft::page
