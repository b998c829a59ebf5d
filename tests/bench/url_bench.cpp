// A page has a hundred links and each is resolved and fingerprinted, seen before or not:
// these are the costs a crawl pays most often.
#include <cstdlib>
#include <new>
#include <string>
#include <string_view>
#include <vector>

#include "bench/bench.hpp"
#include "weft/url/identity.hpp"
#include "weft/url/url.hpp"

namespace {

std::size_t allocations = 0;

}  // namespace

// Counted, because the promise of url/parser.hpp is one for a plain reference.
void* operator new(std::size_t size) {
  ++allocations;
  if (void* memory = std::malloc(size)) return memory;
  throw std::bad_alloc();
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

namespace {

using namespace weft;

const Url kBase = Url::parse("https://docs.example.org/3/library/asyncio-task.html").value();

const std::vector<std::string> kReferences = {
    "asyncio-stream.html#asyncio.StreamReader",
    "../reference/datamodel.html#object.__await__",
    "../glossary.html#term-coroutine",
    "#asyncio.Task.cancel",
    "/3/whatsnew/3.11.html",
    "https://docs.example.org/3/library/stdtypes.html#str",
    "../_static/pydoctheme.css?2022.1",
    "https://peps.example.org/pep-0492/",
    "concurrent.futures.html#concurrent.futures.ThreadPoolExecutor",
    "../c-api/coro.html",
};

// Calls `use` with each of `inputs`, over and over.
template <class Input, class Use>
void nanoseconds_row(std::string_view name, const std::vector<Input>& inputs, Use use) {
  const double rate = bench::per_second([&] {
    for (const Input& input : inputs) bench::keep(use(input));
    return inputs.size();
  });
  bench::row(name, 1e9 / rate, "ns");
}

}  // namespace

int main() {
  std::vector<std::string> hrefs;
  std::vector<Url> urls;
  for (const std::string& reference : kReferences) {
    urls.push_back(Url::resolve(kBase, reference).value());
    hrefs.push_back(urls.back().href());
  }
  const std::vector<Url> encoded = {
      Url::parse("https://en.example.org/wiki/%E3%83%84_(%e3%82%ab)?q=%7Ea%2Fb").value(),
      Url::parse("https://example.org/a%20b/c%20d/%41.html").value()};
  const std::vector<std::string> foreign = {"http://b\u00fccher.example/a",
                                            "http://\u4f8b\u3048.example/"};

  const auto resolve = [](const std::string& text) { return Url::resolve(kBase, text); };
  const auto parse = [](const std::string& text) { return Url::parse(text); };
  const auto print = [](const Url& url) { return fingerprint(url); };
  nanoseconds_row("resolve_relative", kReferences, resolve);
  nanoseconds_row("parse", hrefs, parse);
  nanoseconds_row("parse, host beyond ASCII", foreign, parse);
  nanoseconds_row("fingerprint", urls, print);
  nanoseconds_row("fingerprint, percent-encoded", encoded, print);
  nanoseconds_row("host_key", urls, [](const Url& url) { return host_key(url); });
  nanoseconds_row("registrable_domain", urls,
                  [](const Url& url) { return registrable_domain(url.host()); });

  const std::size_t before = allocations;
  for (const std::string& reference : kReferences) bench::keep(resolve(reference));
  bench::row("resolve_relative",
             static_cast<double>(allocations - before) / static_cast<double>(kReferences.size()),
             "allocations");
}
