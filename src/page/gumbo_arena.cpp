#include "page/gumbo_arena.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <limits>

#include "weft/base/cpu_alarm.hpp"

namespace weft::page {

namespace {

constexpr std::size_t kAlignment = alignof(std::max_align_t);
constexpr std::size_t kFirstChunk = 1u << 20;
constexpr std::size_t kLargestChunk = 16u << 20;
// The clock costs some 25 ns; each allocation is preceded by at most one walk over the
// open elements or the attributes of a tag, milliseconds at the very worst. (Those of text are
// the alarm's.)
constexpr unsigned kAllocationsPerClock = 64;
// gumbo parses in a few KiB of stack. Only where it frees a subtree (a frameset after a
// body) does it recurse, and then as deep as the page was nested.
constexpr std::ptrdiff_t kMaxStack = 256 << 10;

constexpr std::size_t round_up(std::size_t size) {
  return (size + kAlignment - 1) / kAlignment * kAlignment;
}

// The arena whose parse the alarm may leave: null while the thread is not in gumbo's own code.
constinit thread_local std::atomic<GumboArena*> t_in_gumbo = nullptr;
static_assert(std::atomic<GumboArena*>::is_always_lock_free);

// What is written before is in memory before the alarm can see it.
void enter_gumbo(GumboArena* arena) {
  std::atomic_signal_fence(std::memory_order_seq_cst);
  t_in_gumbo.store(arena, std::memory_order_relaxed);
}

void leave_gumbo() {
  t_in_gumbo.store(nullptr, std::memory_order_relaxed);
  std::atomic_signal_fence(std::memory_order_seq_cst);
}

const char* stack_pointer() { return static_cast<const char*>(__builtin_frame_address(0)); }

}  // namespace

GumboArena::~GumboArena() {
  while (first_ != nullptr) {
    Chunk* next = first_->next;
    std::free(first_);
    first_ = next;
  }
}

// longjmp ends here, so that it passes no destructor by.
const GumboOutput* GumboArena::parse(std::string_view html, const Budget& budget) {
  drop();
  cut_reason_.clear();
  if (html.size() > std::numeric_limits<unsigned>::max()) {
    cut_reason_ = "page over 4 GiB";  // gumbo counts in unsigned int
    return nullptr;
  }
  limit_ = budget.memory.count;
  time_ = budget.time;
  cpu_begun_ = thread_cpu_time();
  deadline_ = std::chrono::steady_clock::now() + time_;
  allocations_ = 0;
  stack_ = stack_pointer();
  enter(first_);

  GumboOptions options = kGumboDefaultOptions;
  options.allocator = &GumboArena::allocate;
  options.deallocator = &GumboArena::deallocate;
  options.userdata = this;
  options.max_errors = 0;
  const CpuAlarm alarm(time_, &GumboArena::on_alarm);
  const int cut = setjmp(exit_);
  if (cut != 0) {
    describe(static_cast<Cut>(cut), budget);
    drop();
    return nullptr;
  }
  enter_gumbo(this);
  const GumboOutput* const tree = gumbo_parse_with_options(&options, html.data(), html.size());
  leave_gumbo();
  return tree;
}

void GumboArena::drop() {
  std::size_t kept = 0;
  Chunk** link = &first_;
  while (*link != nullptr) {
    Chunk* chunk = *link;
    if (kept + chunk->size <= kKept) {
      kept += chunk->size;
      link = &chunk->next;
      continue;
    }
    *link = chunk->next;
    held_ -= chunk->size;
    std::free(chunk);
  }
  used_before_ = 0;
  current_ = nullptr;
  cursor_ = end_ = last_ = nullptr;
}

Bytes GumboArena::used() const {
  if (current_ == nullptr) return {0};
  return {used_before_ + static_cast<std::size_t>(cursor_ - reinterpret_cast<char*>(current_ + 1))};
}

void* GumboArena::allocate(void* arena, std::size_t size) {
  leave_gumbo();
  auto* const self = static_cast<GumboArena*>(arena);
  void* const block = self->take(size);
  enter_gumbo(self);
  return block;
}

void GumboArena::deallocate(void* arena, void* block) {
  leave_gumbo();
  auto* const self = static_cast<GumboArena*>(arena);
  self->give_back(block);
  enter_gumbo(self);
}

void GumboArena::on_alarm(int /*signal*/) {
  GumboArena* const arena = t_in_gumbo.load(std::memory_order_relaxed);
  if (arena == nullptr) return;  // it calls again
  leave_gumbo();
  arena->leave(Cut::time);
}

void GumboArena::give_back(void* block) {
  check_depth();
  if (block == nullptr || block != last_) return;
  cursor_ = last_;
  last_ = nullptr;
}

void* GumboArena::take(std::size_t size) {
  if (size > limit_) leave(Cut::memory);
  size = round_up(size);
  if (++allocations_ % kAllocationsPerClock == 0) check_time();
  if (size > static_cast<std::size_t>(end_ - cursor_)) enter_chunk_for(size);
  last_ = cursor_;
  cursor_ += size;
  return last_;
}

// The next chunk kept from earlier pages that is large enough, or a new one.
void GumboArena::enter_chunk_for(std::size_t size) {
  const std::size_t so_far = used().count;
  if (so_far + size > limit_) leave(Cut::memory);
  used_before_ = so_far;
  Chunk** link = current_ == nullptr ? &first_ : &current_->next;
  if (*link == nullptr || (*link)->size < size) {
    const std::size_t twice = current_ == nullptr ? kFirstChunk : current_->size * 2;
    const std::size_t wanted = std::max(size, std::min(twice, kLargestChunk));
    const std::size_t room = limit_ > held_ ? limit_ - held_ : 0;
    const std::size_t chunk_size = std::min(wanted, room);
    if (chunk_size < size) leave(Cut::memory);
    auto* chunk = static_cast<Chunk*>(std::malloc(sizeof(Chunk) + chunk_size));
    if (chunk == nullptr) leave(Cut::memory);
    chunk->next = *link;
    chunk->size = chunk_size;
    held_ += chunk_size;
    *link = chunk;
  }
  enter(*link);
}

void GumboArena::enter(Chunk* chunk) {
  current_ = chunk;
  if (chunk == nullptr) return;
  cursor_ = reinterpret_cast<char*>(chunk + 1);
  end_ = cursor_ + std::min(chunk->size, limit_ - used_before_);
}

// A thread uses no more CPU than time passes: until that is past, the dear clock is not asked.
void GumboArena::check_time() {
  check_depth();
  const Clock::time_point now = std::chrono::steady_clock::now();
  if (now < deadline_) return;
  const Clock::duration used = thread_cpu_time() - cpu_begun_;
  if (used >= time_) leave(Cut::time);
  deadline_ = now + (time_ - used);
}

void GumboArena::check_depth() {
  if (stack_ - stack_pointer() > kMaxStack) leave(Cut::depth);
}

void GumboArena::leave(Cut cut) { std::longjmp(exit_, static_cast<int>(cut)); }

void GumboArena::describe(Cut cut, const Budget& budget) {
  switch (cut) {
    case Cut::none:
      return;
    case Cut::memory:
      cut_reason_ = fmt::format("tree over {}", to_text(budget.memory));
      return;
    case Cut::time:
      cut_reason_ = fmt::format("tree took over {}", to_text(budget.time));
      return;
    case Cut::depth:
      cut_reason_ = "tree nested too deep";
      return;
  }
}

}  // namespace weft::page
