// Any bytes as a page: where the scan says it is certain, gumbo's tree gives the same links
// in the same order, base, title, directives and texts. The first byte chooses what is read.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "weft/page/links.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view html(reinterpret_cast<const char*>(data) + 1, size - 1);
  weft::ReadOptions options{.requisites = (data[0] & 1) == 0,
                            .anchor_text = (data[0] & 2) != 0,
                            .audit = true,
                            .tree_memory = weft::Bytes{64u << 20}};
  const weft::PageLinks page = read_html(html, options);
  if (!page.differs) return 0;
  std::fprintf(stderr, "scan and tree differ: %s\n", page.difference.c_str());
  std::abort();
}
