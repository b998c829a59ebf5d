// gumbo behind a gate: a parse that holds all its memory here, within a budget of bytes,
// of CPU time and of stack, and that is left the moment it would pass one.
//
// gumbo frees a tree node by node, by recursion; here a tree is only ever dropped, whole,
// with the memory it lies in. A parse over budget is left by longjmp from the allocator:
// between there and parse() lie frames of C alone, and what they hold is in the arena.
//
// Time is CPU time of the thread: on a busy machine the clock on the wall would cut honest
// pages. The allocator looks at it; but gumbo can run for minutes without allocating (text below
// a hundred thousand elements that are open: for each character it walks over them), so a
// CpuAlarm leaves the parse from there. gumbo calls nothing but the allocator, where the alarm
// waits, and functions on memory and strings.
//
// Threads:   one thread at a time.
// Ownership: a tree refers to the arena and to the text it was parsed from.
// Invariant: held() <= max(budget, kKept).
#pragma once

#include <gumbo.h>

#include <csetjmp>
#include <cstddef>
#include <string>
#include <string_view>

#include "weft/base/clock.hpp"
#include "weft/base/units.hpp"

namespace weft::page {

class GumboArena {
 public:
  struct Budget {
    Bytes memory;
    Clock::duration time;  // of CPU; passed by 10 ms at most
  };

  GumboArena() = default;
  ~GumboArena();
  GumboArena(const GumboArena&) = delete;
  GumboArena& operator=(const GumboArena&) = delete;

  // nullptr where a budget did not suffice; cut_reason() then says which. What was
  // parsed before is dropped.
  const GumboOutput* parse(std::string_view html, const Budget& budget);
  const std::string& cut_reason() const { return cut_reason_; }

  // Forgets the tree. Keeps at most kKept for the next page, so that pages of a usual
  // size cost no system calls and one huge page is not paid for ever after.
  void drop();

  Bytes used() const;                     // by the tree: what was asked for, rounded up
  Bytes held() const { return {held_}; }  // from the system

  static constexpr std::size_t kKept = 8u << 20;

 private:
  struct Chunk {
    Chunk* next;
    std::size_t size;  // of the bytes that follow
  };
  enum class Cut : int { none, memory, time, depth };

  static void* allocate(void* arena, std::size_t size);
  static void deallocate(void* arena, void* block);
  static void on_alarm(int signal);

  void* take(std::size_t size);
  void give_back(void* block);
  void enter_chunk_for(std::size_t size);
  void enter(Chunk* chunk);
  void check_time();
  void check_depth();
  [[noreturn]] void leave(Cut cut);
  void describe(Cut cut, const Budget& budget);

  Chunk* first_ = nullptr;
  Chunk* current_ = nullptr;
  char* cursor_ = nullptr;
  char* end_ = nullptr;   // of the chunk, or where the budget ends within it
  char* last_ = nullptr;  // the block given out last: freeing that one is free
  std::size_t held_ = 0;
  std::size_t used_before_ = 0;  // in the chunks before the current one
  std::size_t limit_ = 0;
  Clock::duration time_{};        // of CPU: the budget
  Clock::duration cpu_begun_{};   // the thread's, when the parse began
  Clock::time_point deadline_{};  // no earlier can the budget be used up
  unsigned allocations_ = 0;
  const char* stack_ = nullptr;  // where parse() stands
  std::jmp_buf exit_{};
  std::string cut_reason_;
};

}  // namespace weft::page
