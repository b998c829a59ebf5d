#include "weft/store/digest.hpp"

#include <openssl/evp.h>

#include <array>
#include <stdexcept>

#include "store/crc32c.hpp"

namespace weft {

namespace {

struct MethodDeleter {
  void operator()(EVP_MD* method) const noexcept { EVP_MD_free(method); }
};
using Method = std::unique_ptr<EVP_MD, MethodDeleter>;

// They fail only where memory or OpenSSL's own set-up is broken.
void require(bool holds) {
  if (!holds) throw std::runtime_error("OpenSSL cannot compute a digest");
}

Method fetch(const char* method) { return Method(EVP_MD_fetch(nullptr, method, nullptr)); }

// Fetched once: OpenSSL 3 looks an EVP_sha256() up again for every digest.
// REQUIRES: one of OpenSSL's, which come first in DigestAlgorithm.
const EVP_MD* method_of(DigestAlgorithm algorithm) {
  static const std::array<Method, 4> methods{fetch("MD5"), fetch("SHA1"), fetch("SHA256"),
                                             fetch("SHA512")};
  return methods[static_cast<std::size_t>(algorithm)].get();
}

}  // namespace

void Digester::ContextDeleter::operator()(evp_md_ctx_st* context) const noexcept {
  EVP_MD_CTX_free(context);
}

void Digester::begin() {
  begun_ = true;
  crc_ = 0;
  if (algorithm_ == DigestAlgorithm::crc32c) return;
  if (!context_) context_.reset(EVP_MD_CTX_new());
  const EVP_MD* const method = method_of(algorithm_);
  require(method != nullptr && EVP_DigestInit_ex2(context_.get(), method, nullptr) == 1);
}

void Digester::add(std::string_view bytes) {
  if (!begun_) begin();
  if (algorithm_ == DigestAlgorithm::crc32c) {
    crc_ = crc32c(crc_, bytes);
  } else {
    require(EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()) == 1);
  }
}

std::string Digester::finish() {
  if (!begun_) begin();
  begun_ = false;
  std::string digest(digest_size(algorithm_), '\0');
  if (algorithm_ == DigestAlgorithm::crc32c) {
    for (std::size_t i = 0; i < 4; ++i) digest[i] = static_cast<char>(crc_ >> (24 - 8 * i));
    return digest;
  }
  auto* const bytes = reinterpret_cast<unsigned char*>(digest.data());
  require(EVP_DigestFinal_ex(context_.get(), bytes, nullptr) == 1);
  return digest;
}

std::string sha256_hex(std::string_view bytes) {
  thread_local Digester digester(DigestAlgorithm::sha256);
  digester.add(bytes);
  return to_text({DigestAlgorithm::sha256, digester.finish()});
}

}  // namespace weft
