// expat behind bounds: a budget of memory, no entities, nesting that somebody means.
//
// Threads: one at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

struct XML_ParserStruct;

namespace weft::page {

enum class XmlNames : std::uint8_t {
  as_written,  // "s:loc"
  resolved,    // "namespace|loc"; "loc" where it is in none
};

// Stops by itself at a declared entity, at a nesting nobody means and where the budget is used
// up. After a stop nothing is called any more.
class XmlParser {
 public:
  // `encoding` null: the one that the document declares. What is fed begins at `first_line`.
  XmlParser(const char* encoding, XmlNames names, std::uint64_t first_line = 1);
  XmlParser(const XmlParser&) = delete;
  XmlParser& operator=(const XmlParser&) = delete;
  virtual ~XmlParser();

  void feed(std::string_view text);
  void finish();  // that was all

  bool stopped() const { return state_ != State::reading; }
  bool malformed() const { return state_ == State::malformed; }  // not XML; mending may help

 protected:
  static constexpr std::size_t kMaxDepth = 256;

  void stop(std::string_view why);              // `why` is empty where nothing is wrong
  std::uint64_t line() const;                   // 1-based
  std::size_t depth() const { return depth_; }  // of the element it is in; the root's is 1

  virtual void start_element(std::string_view name, const char** attributes) = 0;
  virtual void end_element() = 0;  // depth() is still the element's
  virtual void add_text(std::string_view text) = 0;
  virtual void skip_entity() = 0;  // one that stands in the text and is not expanded
  virtual void note(std::string_view damage) = 0;

 private:
  enum class State : std::uint8_t { reading, stopped, malformed };
  struct Free {
    void operator()(XML_ParserStruct* parser) const noexcept;
  };
  friend struct ExpatCallbacks;

  void parse(std::string_view text, bool is_final);
  void begin(const char* name, const char** attributes);
  void end();

  const std::uint64_t first_line_;
  std::size_t memory_used_ = 0;  // outlives parser_, which counts it down
  std::unique_ptr<XML_ParserStruct, Free> parser_;
  State state_ = State::reading;
  std::size_t depth_ = 0;
};

// An attribute's value; empty where it is not there.
std::string_view attribute(const char** attributes, std::string_view name);

}  // namespace weft::page
