#include "get/detect.hpp"

#include <algorithm>
#include <string_view>

#include "get/csv_entries.hpp"
#include "weft/base/text.hpp"

namespace weft::get {

namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

// What people give by mistake, and what to do about it.
struct Foreign {
  std::string_view magic;
  std::string_view why;
};
constexpr std::string_view kUtf16 = "it is UTF-16: write it as UTF-8, as iconv does";
constexpr Foreign kForeign[] = {
    {"\xFF\xFE", kUtf16},
    {"\xFE\xFF", kUtf16},
    {"\xFD"
     "7zXZ",
     "it is compressed with xz: unpack it first"},
    {"\x28\xB5\x2F\xFD", "it is compressed with zstd: unpack it first"},
    {"BZh91AY&SY", "it is compressed with bzip2: unpack it first"},
    {"PK\x03\x04", "it is a zip file (as spreadsheets are): unpack it, or save it as CSV"},
    {"%PDF-", "it is a PDF file"},
};
constexpr std::size_t kLongestMagic = 10;

// Could it become one of them when more of it has come?
bool is_undecided(std::string_view beginning) {
  return beginning.size() < kLongestMagic &&
         (kByteOrderMark.starts_with(beginning) ||
          std::ranges::any_of(kForeign, [&](const Foreign& foreign) {
            return beginning.size() < foreign.magic.size() && foreign.magic.starts_with(beginning);
          }));
}

Result<void> refuse_foreign(InputText& text, bool may_be_utf16) {
  std::size_t wanted = 1;
  while (true) {
    const auto beginning = text.peek(wanted);
    if (!beginning) return tl::unexpected(beginning.error());
    if (beginning->size() >= wanted && is_undecided(*beginning)) {
      wanted = beginning->size() + 1;
      continue;
    }
    for (const auto& [magic, why] : kForeign) {
      if (!beginning->starts_with(magic) || (may_be_utf16 && why == kUtf16)) continue;
      return fail("{}", why);
    }
    if (beginning->starts_with(kByteOrderMark)) text.drop(kByteOrderMark.size());
    return {};
  }
}

// Goes to the first byte that is not white space; what is there then is empty at the end.
Result<std::string_view> skip_blanks(InputText& text) {
  while (true) {
    auto here = text.peek();
    if (!here || here->empty()) return here;
    const auto* const found = std::ranges::find_if_not(*here, is_ascii_space);
    const auto blanks = static_cast<std::size_t>(found - here->begin());
    text.drop(blanks);
    if (blanks < here->size()) return here->substr(blanks);
  }
}

Result<InputFormat> format_of(InputText& text) {
  const auto here = text.peek();
  if (!here) return tl::unexpected(here.error());
  if (here->front() == '<') return InputFormat::metalink;
  if (here->front() == '{') return InputFormat::jsonl;
  if (here->front() == '[')
    return fail("it is a JSON array: write one object a line, as jq -c does");
  const auto line = text.next_line();
  if (!line) return tl::unexpected(line.error());
  if (!*line) return InputFormat::automatic;  // stopped
  text.unread();
  return looks_like_csv((*line)->text) ? InputFormat::csv : InputFormat::automatic;
}

}  // namespace

Result<InputFormat> detect(InputText& text, InputFormat asked) {
  auto sound = refuse_foreign(text, asked == InputFormat::metalink);
  if (!sound) return tl::unexpected(sound.error());
  while (true) {
    const auto here = skip_blanks(text);
    if (!here) return tl::unexpected(here.error());
    if (asked != InputFormat::automatic || here->empty()) return asked;
    if (here->front() != '#') break;
    if (auto comment = text.next_line(); !comment) return tl::unexpected(comment.error());
  }
  return format_of(text);
}

}  // namespace weft::get
