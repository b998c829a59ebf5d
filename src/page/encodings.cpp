#include "page/encodings.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "weft/base/text.hpp"
#include "weft/page/charset.hpp"

namespace weft::page {

namespace {

// Encoding §4.2: the other labels of each name. iconv's names are glibc's for the superset
// that the standard describes: its shift_jis is Microsoft's code page, its gbk is decoded
// as gb18030.
constexpr Encoding kEncodings[] = {
    {"utf-8", Encoding::Kind::utf8, "",
     "unicode-1-1-utf-8 unicode11utf8 unicode20utf8 utf8 x-unicode20utf8"},
    {"ibm866", Encoding::Kind::single_byte, "IBM866", "866 cp866 csibm866"},
    {"iso-8859-2", Encoding::Kind::single_byte, "ISO-8859-2",
     "csisolatin2 iso-ir-101 iso8859-2 iso88592 iso_8859-2 iso_8859-2:1987 l2 latin2"},
    {"iso-8859-3", Encoding::Kind::single_byte, "ISO-8859-3",
     "csisolatin3 iso-ir-109 iso8859-3 iso88593 iso_8859-3 iso_8859-3:1988 l3 latin3"},
    {"iso-8859-4", Encoding::Kind::single_byte, "ISO-8859-4",
     "csisolatin4 iso-ir-110 iso8859-4 iso88594 iso_8859-4 iso_8859-4:1988 l4 latin4"},
    {"iso-8859-5", Encoding::Kind::single_byte, "ISO-8859-5",
     "csisolatincyrillic cyrillic iso-ir-144 iso8859-5 iso88595 iso_8859-5 "
     "iso_8859-5:1988"},
    {"iso-8859-6", Encoding::Kind::single_byte, "ISO-8859-6",
     "arabic asmo-708 csiso88596e csiso88596i csisolatinarabic ecma-114 iso-8859-6-e "
     "iso-8859-6-i iso-ir-127 iso8859-6 iso88596 iso_8859-6 iso_8859-6:1987"},
    {"iso-8859-7", Encoding::Kind::single_byte, "ISO-8859-7",
     "csisolatingreek ecma-118 elot_928 greek greek8 iso-ir-126 iso8859-7 iso88597 "
     "iso_8859-7 iso_8859-7:1987 sun_eu_greek"},
    {"iso-8859-8", Encoding::Kind::single_byte, "ISO-8859-8",
     "csiso88598e csisolatinhebrew hebrew iso-8859-8-e iso-ir-138 iso8859-8 iso88598 "
     "iso_8859-8 iso_8859-8:1988 visual"},
    {"iso-8859-8-i", Encoding::Kind::single_byte, "ISO-8859-8", "csiso88598i logical"},
    {"iso-8859-10", Encoding::Kind::single_byte, "ISO-8859-10",
     "csisolatin6 iso-ir-157 iso8859-10 iso885910 l6 latin6"},
    {"iso-8859-13", Encoding::Kind::single_byte, "ISO-8859-13", "iso8859-13 iso885913"},
    {"iso-8859-14", Encoding::Kind::single_byte, "ISO-8859-14", "iso8859-14 iso885914"},
    {"iso-8859-15", Encoding::Kind::single_byte, "ISO-8859-15",
     "csisolatin9 iso8859-15 iso885915 iso_8859-15 l9"},
    {"iso-8859-16", Encoding::Kind::single_byte, "ISO-8859-16", ""},
    {"koi8-r", Encoding::Kind::single_byte, "KOI8-R", "cskoi8r koi koi8 koi8_r"},
    {"koi8-u", Encoding::Kind::single_byte, "KOI8-U", "koi8-ru"},
    {"macintosh", Encoding::Kind::single_byte, "MACINTOSH", "csmacintosh mac x-mac-roman"},
    {"windows-874", Encoding::Kind::single_byte, "CP874",
     "dos-874 iso-8859-11 iso8859-11 iso885911 tis-620"},
    {"windows-1250", Encoding::Kind::single_byte, "CP1250", "cp1250 x-cp1250"},
    {"windows-1251", Encoding::Kind::single_byte, "CP1251", "cp1251 x-cp1251"},
    {"windows-1252", Encoding::Kind::single_byte, "CP1252",
     "ansi_x3.4-1968 ascii cp1252 cp819 csisolatin1 ibm819 iso-8859-1 iso-ir-100 "
     "iso8859-1 iso88591 iso_8859-1 iso_8859-1:1987 l1 latin1 us-ascii x-cp1252"},
    {"windows-1253", Encoding::Kind::single_byte, "CP1253", "cp1253 x-cp1253"},
    {"windows-1254", Encoding::Kind::single_byte, "CP1254",
     "cp1254 csisolatin5 iso-8859-9 iso-ir-148 iso8859-9 iso88599 iso_8859-9 "
     "iso_8859-9:1989 l5 latin5 x-cp1254"},
    {"windows-1255", Encoding::Kind::single_byte, "CP1255", "cp1255 x-cp1255"},
    {"windows-1256", Encoding::Kind::single_byte, "CP1256", "cp1256 x-cp1256"},
    {"windows-1257", Encoding::Kind::single_byte, "CP1257", "cp1257 x-cp1257"},
    {"windows-1258", Encoding::Kind::single_byte, "CP1258", "cp1258 x-cp1258"},
    {"x-mac-cyrillic", Encoding::Kind::single_byte, "MAC-UK", "x-mac-ukrainian"},
    {"gbk", Encoding::Kind::multi_byte, "GB18030",
     "chinese csgb2312 csiso58gb231280 gb2312 gb_2312 gb_2312-80 iso-ir-58 x-gbk"},
    {"gb18030", Encoding::Kind::multi_byte, "GB18030", ""},
    {"big5", Encoding::Kind::multi_byte, "BIG5-HKSCS", "big5-hkscs cn-big5 csbig5 x-x-big5"},
    {"euc-jp", Encoding::Kind::multi_byte, "EUC-JP-MS", "cseucpkdfmtjapanese x-euc-jp"},
    {"iso-2022-jp", Encoding::Kind::multi_byte, "ISO-2022-JP-3", "csiso2022jp"},
    {"shift_jis", Encoding::Kind::multi_byte, "CP932",
     "csshiftjis ms932 ms_kanji shift-jis sjis windows-31j x-sjis"},
    {"euc-kr", Encoding::Kind::multi_byte, "CP949",
     "cseuckr csksc56011987 iso-ir-149 korean ks_c_5601-1987 ks_c_5601-1989 ksc5601 "
     "ksc_5601 windows-949"},
    {"replacement", Encoding::Kind::replacement, "",
     "csiso2022kr hz-gb-2312 iso-2022-cn iso-2022-cn-ext iso-2022-kr"},
    {"utf-16be", Encoding::Kind::utf16be, "", "unicodefffe"},
    {"utf-16le", Encoding::Kind::utf16le, "",
     "csunicode iso-10646-ucs-2 ucs-2 unicode unicodefeff utf-16"},
    {"x-user-defined", Encoding::Kind::user_defined, "", ""},
};

using Label = std::pair<std::string_view, const Encoding*>;

std::vector<Label> sorted_labels() {
  std::vector<Label> labels;
  for (const Encoding& encoding : kEncodings) {
    labels.emplace_back(encoding.name, &encoding);
    std::string_view rest = encoding.labels;
    while (!rest.empty()) {
      const std::size_t end = std::min(rest.find(' '), rest.size());
      labels.emplace_back(rest.substr(0, end), &encoding);
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
  }
  std::sort(labels.begin(), labels.end());
  return labels;
}

}  // namespace

const Encoding* find_encoding(std::string_view label) {
  static const std::vector<Label> kLabels = sorted_labels();
  const std::string key = to_lower(trim(label));
  const auto found = std::lower_bound(kLabels.begin(), kLabels.end(), Label{key, nullptr});
  return found != kLabels.end() && found->first == key ? found->second : nullptr;
}

}  // namespace weft::page

namespace weft {

std::string_view encoding_of_label(std::string_view label) {
  const page::Encoding* encoding = page::find_encoding(label);
  return encoding == nullptr ? std::string_view() : encoding->name;
}

}  // namespace weft
