#include "weft/net/decode.hpp"

#include <brotli/decode.h>
#include <zstd.h>

#include <algorithm>
#include <array>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "net/inflater.hpp"
#include "weft/base/text.hpp"
#include "weft/net/gunzip.hpp"

namespace weft {

namespace {

constexpr std::size_t kMaxCodings = 5;  // as libcurl has it; real servers send one
constexpr int kZstdWindowLog = 23;      // RFC 9659: 8 MiB is what a sender may ask for

enum class End { complete, cut, damaged, full };

constexpr std::size_t kFreeOfRatio = 1u << 20;

std::size_t most_by_ratio(std::size_t encoded, std::uint64_t max_ratio) {
  constexpr std::size_t kNoLimit = SIZE_MAX;
  const bool overflows = encoded > kNoLimit / std::max<std::uint64_t>(max_ratio, 1);
  return overflows ? kNoLimit : std::max<std::size_t>(encoded * max_ratio, kFreeOfRatio);
}

// Where decoded bytes go, up to a limit, which grows with what was taken to make them.
class Output {
 public:
  Output(std::size_t limit, std::uint64_t max_ratio, std::size_t encoded)
      : limit_(limit), max_ratio_(max_ratio), encoded_(encoded) {
    bytes_.reserve(std::min(limit, encoded * 4));
  }

  char* buffer() { return buffer_.data(); }
  std::size_t buffer_size() const { return buffer_.size(); }

  // Appends what the decoder left in the buffer, with so much of the input left; false once the
  // limit is passed.
  bool keep(std::size_t size, std::size_t left) {
    limit_now_ = std::min(limit_, most_by_ratio(encoded_ - left, max_ratio_));
    const std::size_t room = limit_now_ > bytes_.size() ? limit_now_ - bytes_.size() : 0;
    bytes_.append(buffer_.data(), std::min(size, room));
    return size <= room;
  }

  bool empty() const { return bytes_.empty(); }
  std::string release() { return std::move(bytes_); }
  std::size_t limit_now() const { return limit_now_; }

 private:
  const std::size_t limit_;
  const std::uint64_t max_ratio_;
  const std::size_t encoded_;
  std::size_t limit_now_ = 0;
  std::string bytes_;
  std::array<char, 32 * 1024> buffer_;
};

// All members of a stream, or what there is of them.
End inflate_all(std::string_view in, Wrapper wrapper, Output& out) {
  Inflater inflater(wrapper);
  while (true) {
    const std::size_t written = inflater.step(in, {out.buffer(), out.buffer_size()});
    if (!out.keep(written, in.size())) return End::full;
    if (inflater.damaged()) return End::damaged;
    if (written < out.buffer_size()) return inflater.complete() ? End::complete : End::cut;
  }
}

// "deflate" is the zlib wrapper by RFC 9110 §8.4.1.2; some servers send the bare stream.
End inflate_deflate(std::string_view in, Output& out) {
  const End end = inflate_all(in, Wrapper::zlib, out);
  return end == End::damaged && out.empty() ? inflate_all(in, Wrapper::raw, out) : end;
}

struct BrotliEnd {
  void operator()(BrotliDecoderState* state) const noexcept { BrotliDecoderDestroyInstance(state); }
};

End unbrotli(std::string_view in, Output& out) {
  const std::unique_ptr<BrotliDecoderState, BrotliEnd> state(
      BrotliDecoderCreateInstance(nullptr, nullptr, nullptr));
  if (!state) throw std::bad_alloc();
  auto next_in = reinterpret_cast<const std::uint8_t*>(in.data());
  std::size_t left = in.size();
  while (true) {
    auto next_out = reinterpret_cast<std::uint8_t*>(out.buffer());
    std::size_t room = out.buffer_size();
    const auto status =
        BrotliDecoderDecompressStream(state.get(), &left, &next_in, &room, &next_out, nullptr);
    if (!out.keep(out.buffer_size() - room, left)) return End::full;
    switch (status) {
      case BROTLI_DECODER_RESULT_SUCCESS:
        return End::complete;
      case BROTLI_DECODER_RESULT_ERROR:
        return End::damaged;
      case BROTLI_DECODER_RESULT_NEEDS_MORE_INPUT:
        return End::cut;
      case BROTLI_DECODER_RESULT_NEEDS_MORE_OUTPUT:
        break;
    }
  }
}

struct ZstdEnd {
  void operator()(ZSTD_DStream* stream) const noexcept { ZSTD_freeDStream(stream); }
};

End unzstd(std::string_view in, Output& out) {
  const std::unique_ptr<ZSTD_DStream, ZstdEnd> stream(ZSTD_createDStream());
  if (!stream) throw std::bad_alloc();
  ZSTD_DCtx_setParameter(stream.get(), ZSTD_d_windowLogMax, kZstdWindowLog);
  ZSTD_inBuffer input{in.data(), in.size(), 0};
  while (true) {
    ZSTD_outBuffer output{out.buffer(), out.buffer_size(), 0};
    const std::size_t expected = ZSTD_decompressStream(stream.get(), &output, &input);
    if (!out.keep(output.pos, input.size - input.pos)) return End::full;
    if (ZSTD_isError(expected) != 0) return End::damaged;
    if (input.pos < input.size) continue;
    if (expected == 0) return End::complete;
    // A full buffer may leave more behind in the decoder; only a short one is the end.
    if (output.pos < output.size) return End::cut;
  }
}

enum class Coding { gzip, deflate, br, zstd };

std::optional<Coding> coding_named(std::string_view name) {
  if (equals_ignoring_case(name, "gzip") || equals_ignoring_case(name, "x-gzip")) {
    return Coding::gzip;
  }
  if (equals_ignoring_case(name, "deflate")) return Coding::deflate;
  if (equals_ignoring_case(name, "br")) return Coding::br;
  if (equals_ignoring_case(name, "zstd")) return Coding::zstd;
  return std::nullopt;
}

// The members of the list that change anything, in the order they were applied.
std::vector<std::string_view> codings_of(std::string_view list) {
  std::vector<std::string_view> codings;
  while (!list.empty()) {
    const std::size_t comma = std::min(list.find(','), list.size());
    const std::string_view name = trim(list.substr(0, comma));
    list.remove_prefix(std::min(comma + 1, list.size()));
    const bool changes_nothing = name.empty() || equals_ignoring_case(name, "identity") ||
                                 equals_ignoring_case(name, "none");
    if (!changes_nothing) codings.push_back(name);
  }
  return codings;
}

End undo(Coding coding, std::string_view in, Output& out) {
  switch (coding) {
    case Coding::gzip:
      return inflate_all(in, Wrapper::gzip, out);
    case Coding::deflate:
      return inflate_deflate(in, out);
    case Coding::br:
      return unbrotli(in, out);
    case Coding::zstd:
      return unzstd(in, out);
  }
  return End::damaged;
}

Decoded undo_one(Coding coding, std::string_view name, std::string body,
                 const DecodeLimits& limits) {
  if (body.empty()) return {.body = std::move(body)};  // a 304 or a body of nothing
  Output out(limits.max_size.count, limits.max_ratio, body.size());
  const End end = undo(coding, body, out);
  Decoded decoded{.body = out.release()};
  switch (end) {
    case End::complete:
      break;
    case End::cut:
      decoded.outcome = Outcome::decode_error;
      decoded.message = fmt::format("the {} body ends too early", name);
      break;
    case End::damaged:
      decoded.outcome = Outcome::decode_error;
      decoded.message = fmt::format("the body is not valid {}", name);
      break;
    case End::full:
      decoded.outcome = Outcome::too_large;
      decoded.message = fmt::format("the {} body ({} bytes) decodes to more than {} bytes", name,
                                    body.size(), out.limit_now());
      break;
  }
  return decoded;
}

}  // namespace

Decoded decode(std::string_view coding, std::string body, const DecodeLimits& limits) {
  const std::vector<std::string_view> codings = codings_of(coding);
  Decoded decoded{.body = std::move(body)};
  if (codings.size() > kMaxCodings) {
    decoded.outcome = Outcome::decode_error;
    decoded.message =
        fmt::format("{} content codings, at most {} are undone", codings.size(), kMaxCodings);
    return decoded;
  }
  // The ratio holds for each coding, and for all of them together.
  DecodeLimits each = limits;
  each.max_size.count = std::min<std::uint64_t>(
      limits.max_size.count, most_by_ratio(decoded.body.size(), limits.max_ratio));
  for (auto name = codings.rbegin(); name != codings.rend(); ++name) {
    const std::optional<Coding> known = coding_named(*name);
    if (!known) {
      decoded.outcome = Outcome::decode_error;
      decoded.message = fmt::format("unknown content coding '{}'", *name);
      return decoded;
    }
    decoded = undo_one(*known, *name, std::move(decoded.body), each);
    if (decoded.outcome != Outcome::ok) return decoded;
  }
  return decoded;
}

Decoded gunzip_if_gzip(std::string body, const DecodeLimits& limits) {
  const bool gzip = body.starts_with(kGzipMagic);
  return decode(gzip ? "gzip" : "", std::move(body), limits);
}

}  // namespace weft
