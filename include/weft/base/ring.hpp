// A first-in first-out queue in one block of memory that is empty when nothing is queued:
// a hundred thousand hosts hold several each, and std::deque costs 576 bytes even empty.
#pragma once

#include <cstddef>
#include <memory>
#include <utility>

namespace weft {

template <class T>
class Ring {
 public:
  bool empty() const { return size_ == 0; }
  std::size_t size() const { return size_; }

  // REQUIRES: not empty.
  T& front() { return *slot(0); }
  const T& front() const { return *slot(0); }

  void push(T value) {
    if (size_ == capacity_) grow();
    std::construct_at(slot(size_), std::move(value));
    ++size_;
  }

  // REQUIRES: not empty.
  T pop() {
    T* const first = slot(0);
    T value = std::move(*first);
    std::destroy_at(first);
    front_ = (front_ + 1) & (capacity_ - 1);
    if (--size_ == 0 && capacity_ > kKeep) release();
    return value;
  }

  Ring() = default;
  Ring(const Ring&) = delete;
  Ring& operator=(const Ring&) = delete;
  ~Ring() {
    while (size_ > 0) pop();
    release();
  }

 private:
  static constexpr std::size_t kKeep = 8;

  T* slot(std::size_t i) const { return data_ + ((front_ + i) & (capacity_ - 1)); }

  void grow() {
    const std::size_t capacity = capacity_ == 0 ? 2 : capacity_ * 2;
    T* const data = std::allocator<T>().allocate(capacity);
    const std::size_t size = size_;
    for (std::size_t i = 0; i < size; ++i) {
      std::construct_at(data + i, std::move(*slot(i)));
      std::destroy_at(slot(i));
    }
    release();
    data_ = data;
    capacity_ = capacity;
  }

  void release() {
    if (data_ != nullptr) std::allocator<T>().deallocate(data_, capacity_);
    data_ = nullptr;
    capacity_ = 0;
    front_ = 0;
  }

  T* data_ = nullptr;
  std::size_t capacity_ = 0;  // zero or a power of two
  std::size_t front_ = 0;
  std::size_t size_ = 0;
};

}  // namespace weft
