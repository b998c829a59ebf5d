#include "page/xml_parser.hpp"

#include <expat.h>
#include <fmt/core.h>
#include <malloc.h>

#include <cstdlib>
#include <new>

namespace weft::page {

namespace {

// expat keeps every element and attribute name it has seen, at twenty times their size in
// the file: without a budget 50 MiB of invented names would take a gigabyte.
constexpr std::size_t kMemoryBudget = 64u << 20;

// expat's allocator is told nothing of whom it allocates for: that is whose call of expat
// this thread is in.
thread_local std::size_t* memory_used = nullptr;

class Charged {
 public:
  explicit Charged(std::size_t& to) : before_(memory_used) { memory_used = &to; }
  Charged(const Charged&) = delete;
  Charged& operator=(const Charged&) = delete;
  ~Charged() { memory_used = before_; }

 private:
  std::size_t* const before_;
};

void* budget_realloc(void* old, std::size_t size) noexcept {
  const std::size_t had = old == nullptr ? 0 : ::malloc_usable_size(old);
  if (size > kMemoryBudget || *memory_used - had + size > kMemoryBudget) return nullptr;
  void* memory = std::realloc(old, size);
  if (memory != nullptr) *memory_used += ::malloc_usable_size(memory) - had;
  return memory;
}

void* budget_malloc(std::size_t size) noexcept { return budget_realloc(nullptr, size); }

void budget_free(void* memory) noexcept {
  *memory_used -= memory == nullptr ? 0 : ::malloc_usable_size(memory);
  std::free(memory);
}

// Large enough for speed, small enough that one giant token, scanned again with every
// piece of it that arrives, costs little.
constexpr std::size_t kPiece = 1u << 20;

}  // namespace

std::string_view attribute(const char** attributes, std::string_view name) {
  for (; *attributes != nullptr; attributes += 2) {
    if (attributes[0] == name) return attributes[1];
  }
  return {};
}

struct ExpatCallbacks {
  static XmlParser& reader(void* data) { return *static_cast<XmlParser*>(data); }

  static void start(void* data, const char* name, const char** attributes) noexcept {
    reader(data).begin(name, attributes);
  }
  static void end(void* data, const char*) noexcept { reader(data).end(); }
  static void text(void* data, const char* text, int size) noexcept {
    if (!reader(data).stopped()) reader(data).add_text({text, static_cast<std::size_t>(size)});
  }
  static void entity(void* data, const char*, int is_parameter, const char*, int, const char*,
                     const char*, const char*, const char*) noexcept {
    if (is_parameter == 0) reader(data).stop("it declares entities, which are not expanded");
  }
  static void skipped_entity(void* data, const char*, int) noexcept {
    if (!reader(data).stopped()) reader(data).skip_entity();
  }
};

void XmlParser::Free::operator()(XML_ParserStruct* parser) const noexcept {
  ::XML_ParserFree(parser);
}

XmlParser::XmlParser(const char* encoding, XmlNames names, std::uint64_t first_line)
    : first_line_(first_line) {
  static constexpr XML_Memory_Handling_Suite kMemory{budget_malloc, budget_realloc, budget_free};
  const Charged charged(memory_used_);
  const char* const separator = names == XmlNames::resolved ? "|" : nullptr;
  parser_.reset(::XML_ParserCreate_MM(encoding, &kMemory, separator));
  if (!parser_) throw std::bad_alloc();
  ::XML_SetUserData(parser_.get(), this);
  ::XML_SetElementHandler(parser_.get(), ExpatCallbacks::start, ExpatCallbacks::end);
  ::XML_SetCharacterDataHandler(parser_.get(), ExpatCallbacks::text);
  ::XML_SetEntityDeclHandler(parser_.get(), ExpatCallbacks::entity);
  ::XML_SetSkippedEntityHandler(parser_.get(), ExpatCallbacks::skipped_entity);
}

XmlParser::~XmlParser() {
  const Charged charged(memory_used_);
  parser_.reset();
}

void XmlParser::feed(std::string_view text) {
  while (!text.empty() && !stopped()) {
    const std::string_view piece = text.substr(0, kPiece);
    parse(piece, false);
    text.remove_prefix(piece.size());
  }
}

void XmlParser::finish() {
  if (!stopped()) parse({}, true);
}

void XmlParser::parse(std::string_view text, bool is_final) {
  const Charged charged(memory_used_);
  const auto status =
      ::XML_Parse(parser_.get(), text.data(), static_cast<int>(text.size()), is_final ? 1 : 0);
  if (status != XML_STATUS_ERROR || stopped()) return;
  const XML_Error error = ::XML_GetErrorCode(parser_.get());
  state_ = error == XML_ERROR_NO_MEMORY ? State::stopped : State::malformed;
  note(fmt::format("line {}: {}", line(), ::XML_ErrorString(error)));
}

std::uint64_t XmlParser::line() const {
  return first_line_ - 1 + ::XML_GetCurrentLineNumber(parser_.get());
}

void XmlParser::stop(std::string_view why) {
  if (stopped()) return;
  state_ = State::stopped;
  if (!why.empty()) note(why);
  ::XML_StopParser(parser_.get(), XML_FALSE);
}

void XmlParser::begin(const char* name, const char** attributes) {
  if (stopped()) return;
  if (depth_ == kMaxDepth) return stop(fmt::format("elements nest over {} deep", kMaxDepth));
  ++depth_;
  start_element(name, attributes);
}

void XmlParser::end() {
  if (stopped()) return;
  end_element();
  --depth_;
}

}  // namespace weft::page
