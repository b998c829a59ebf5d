#include "get/metalink_entries.hpp"

#include <optional>
#include <utility>

#include "get/fields.hpp"
#include "weft/base/shown.hpp"

namespace weft::get {

namespace {

// RFC 5854 §7.4 leaves it to us which of several hashes is checked: the one that is hardest to
// forge.
int strength(DigestAlgorithm algorithm) {
  switch (algorithm) {
    case DigestAlgorithm::crc32c:
      return 0;
    case DigestAlgorithm::md5:
      return 1;
    case DigestAlgorithm::sha1:
      return 2;
    case DigestAlgorithm::sha256:
      return 3;
    case DigestAlgorithm::sha512:
      return 4;
  }
  return 0;
}

struct Strongest {
  std::optional<Checksum> checksum{};
  std::string damage{};   // of a hash that cannot be one
  std::string unknown{};  // kinds that are not computed here
};

Strongest strongest_of(const std::vector<MetalinkHash>& hashes) {
  Strongest found;
  for (const MetalinkHash& hash : hashes) {
    const auto algorithm = parse_digest_algorithm(hash.type);
    if (!algorithm) {
      found.unknown += (found.unknown.empty() ? "" : ", ") + hash.type;
      continue;
    }
    auto checksum = parse_checksum(*algorithm, hash.hex);
    if (!checksum) {
      found.damage = std::move(checksum.error().message);
    } else if (!found.checksum || strength(*algorithm) > strength(found.checksum->algorithm)) {
      found.checksum = std::move(*checksum);
    }
  }
  return found;
}

}  // namespace

Result<bool> MetalinkEntries::advance() {
  while (true) {
    if (auto file = reader_.take()) {
      file_ = std::move(*file);
      return true;
    }
    if (!reader_.error().empty()) return fail("{}", reader_.error());
    if (ended_) return false;
    const auto piece = text_.peek();
    if (!piece) return tl::unexpected(piece.error());
    if (text_.stopped()) return false;
    ended_ = piece->empty();
    if (ended_) {
      reader_.finish();
    } else {
      reader_.feed(*piece);
      text_.drop(piece->size());
    }
  }
}

void MetalinkEntries::tell_what_is_left_out() {
  if (file_.has_metaurls) {
    notes_.once(file_.line, "metaurl", "torrents (metaurl) are left alone, here and below");
  }
  if (file_.has_signature) {
    notes_.once(file_.line, "signature", "signatures are not checked, here and below");
  }
}

GoodOrBad MetalinkEntries::entry() {
  WantedBuilder builder(file_.line);
  if (!file_.damage.empty()) builder.refuse(file_.damage);
  builder.set(Field::out, file_.name);
  for (const std::string& url : file_.urls) builder.add_url(url);
  if (file_.size) builder.set_size(*file_.size);

  Strongest strongest = strongest_of(file_.hashes);
  if (strongest.checksum) {
    builder.add_checksum(std::move(*strongest.checksum));
  } else if (!strongest.damage.empty()) {
    builder.refuse(std::move(strongest.damage));
  } else if (!strongest.unknown.empty()) {
    notes_.add(file_.line, fmt::format("hashes of the kind {} are not computed: it is not verified",
                                       shown(strongest.unknown)));
  }
  tell_what_is_left_out();
  return builder.finish(notes_);
}

}  // namespace weft::get
