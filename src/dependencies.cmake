# The libraries weft is built on, for its own build and for find_package(weft).
# Which room owns which, and why each was chosen: src/README.md.
set(THREADS_PREFER_PTHREAD_FLAG ON)
find_package(Threads REQUIRED)
find_package(PkgConfig REQUIRED)
pkg_check_modules(weft_dependencies REQUIRED IMPORTED_TARGET
  libcurl libcares libidn2 libpsl libxxhash zlib libbrotlidec libzstd
  gumbo expat re2 libcrypto sqlite3 spdlog fmt)

# Headers alone, in /usr/include: CLI11 and nlohmann-json inside, tl-expected in our headers too.
find_path(WEFT_EXPECTED_DIR tl/expected.hpp REQUIRED)
mark_as_advanced(WEFT_EXPECTED_DIR)
