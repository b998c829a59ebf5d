#include "net/mailbox.hpp"

#include <utility>

namespace weft {

void Mailbox::post(Letter letter) {
  Lock lock(mutex_);
  letters_.push_back(std::move(letter));
  bell_.ring();
}

void Mailbox::wake() noexcept {
  Lock lock(mutex_);
  woken_ = true;
  bell_.ring();
}

bool Mailbox::take(std::vector<Letter>& letters) {
  letters.clear();
  Lock lock(mutex_);
  letters.swap(letters_);
  return std::exchange(woken_, false);
}

bool Mailbox::announce_sleep() {
  Lock lock(mutex_);
  if (woken_ || !letters_.empty()) return false;
  bell_.begin_sleep();
  return true;
}

void Mailbox::end_sleep() {
  Lock lock(mutex_);
  bell_.end_sleep();
}

}  // namespace weft
