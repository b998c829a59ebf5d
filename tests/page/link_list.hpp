// Links as lines of text, for tests that say what a page holds.
#pragma once

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <vector>

#include "weft/page/links.hpp"

namespace weft::test {

using Lines = std::vector<std::string>;

// "img a.png", "a /x nofollow"
inline Lines lines_of(const LinkList& links) {
  Lines lines;
  for (const Link& link : links) {
    lines.push_back(std::string(name(link.kind)) + " " + std::string(link.reference) +
                    (link.nofollow ? " nofollow" : ""));
  }
  return lines;
}

inline ReadOptions with_tree(ReadOptions options = {}) {
  options.parser = Parser::gumbo;
  return options;
}

// No tree fits in no memory.
inline ReadOptions with_scan(ReadOptions options = {}) {
  options = with_tree(options);
  options.tree_memory = Bytes{0};
  return options;
}

inline PageLinks scan_page(std::string_view html, const ReadOptions& options = {}) {
  return read_html(html, with_scan(options));
}

// What the page holds, having made sure that the tree and the scan agree on it, and that
// where the scan says it is certain it is right.
inline PageLinks read_both(std::string_view html, const ReadOptions& options = {}) {
  PageLinks tree = read_html(html, with_tree(options));
  const PageLinks scan = read_html(html, with_scan(options));
  CAPTURE(html);
  CHECK(tree.reader == Reader::gumbo);
  CHECK(scan.reader == Reader::scan);
  CHECK(first_difference(read_html(html, options), tree) == "");
  CHECK(lines_of(scan.links) == lines_of(tree.links));
  CHECK(scan.base == tree.base);
  CHECK(scan.title == tree.title);
  CHECK(scan.meta_nofollow == tree.meta_nofollow);
  CHECK(scan.meta_noindex == tree.meta_noindex);
  for (std::size_t i = 0; i < std::min(scan.links.size(), tree.links.size()); ++i) {
    CHECK(scan.links[i].text == tree.links[i].text);
  }
  return tree;
}

inline Lines links_in(std::string_view html, const ReadOptions& options = {}) {
  return lines_of(read_both(html, options).links);
}

}  // namespace weft::test

namespace doctest {

template <>
struct StringMaker<weft::test::Lines> {
  static String convert(const weft::test::Lines& lines) {
    std::string text = "{";
    for (const std::string& line : lines) text += "\n    " + line;
    return (text + "}").c_str();
  }
};

}  // namespace doctest
