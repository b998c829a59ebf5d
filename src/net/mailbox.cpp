#include "net/mailbox.hpp"

#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

namespace weft {

Mailbox::Mailbox() : fd_(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {
  if (fd_.get() < 0) throw std::system_error(errno, std::generic_category(), "eventfd");
}

void Mailbox::ring() noexcept {
  if (!sleeping_ || rung_) return;
  rung_ = true;
  const std::uint64_t one = 1;
  // Fails only where the counter is full, and then it is readable already.
  [[maybe_unused]] const auto written = ::write(fd_.get(), &one, sizeof one);
}

void Mailbox::post(Letter letter) {
  Lock lock(mutex_);
  letters_.push_back(std::move(letter));
  ring();
}

void Mailbox::wake() noexcept {
  Lock lock(mutex_);
  woken_ = true;
  ring();
}

bool Mailbox::take(std::vector<Letter>& letters) {
  letters.clear();
  Lock lock(mutex_);
  letters.swap(letters_);
  return std::exchange(woken_, false);
}

bool Mailbox::announce_sleep() {
  Lock lock(mutex_);
  sleeping_ = !woken_ && letters_.empty();
  return sleeping_;
}

void Mailbox::end_sleep() {
  Lock lock(mutex_);
  sleeping_ = false;
  if (!std::exchange(rung_, false)) return;
  std::uint64_t count = 0;
  [[maybe_unused]] const auto got = ::read(fd_.get(), &count, sizeof count);
}

}  // namespace weft
