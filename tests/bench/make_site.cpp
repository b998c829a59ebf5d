// Writes the site that crawl_jobs lets crawlers crawl: make_site DIR PAGES
#include <cstdlib>
#include <exception>
#include <string>

#include "bench/generated_site.hpp"
#include "support/temp_dir.hpp"

int main(int argc, char** argv) try {
  const std::uint64_t pages = argc == 3 ? std::strtoull(argv[2], nullptr, 10) : 0;
  if (pages == 0) {
    fmt::print(stderr, "usage: make_site DIR PAGES\n");
    return 2;
  }
  const std::string directory = argv[1];
  const weft::bench::GeneratedSite site(pages);
  for (std::uint64_t i = 0; i < pages; ++i) {
    weft::test::write_file(directory + site.path(i), site.page(i));
  }
  weft::test::write_file(directory + "/style.css", "body { font-family: serif }\n");
} catch (const std::exception& error) {
  fmt::print(stderr, "make_site: {}\n", error.what());
  return 1;
}
