// What a response's headers say of the digests of its file.
//
// Threads: may be called from any thread.
#pragma once

#include <vector>

#include "weft/net/http.hpp"
#include "weft/store/digest.hpp"

namespace weft {

// All are of bytes as they are sent, before any content coding is undone.
struct SaidDigests {
  std::vector<Checksum> whole;  // of the whole file, whatever part of it this response holds
  std::vector<Checksum> part;   // of the body of this response, which is a part of the file
};

// Repr-Digest and Digest are of the whole file, Content-Digest of what the response holds:
// the whole too, unless its status is 206 (RFC 9530 §2, §3; RFC 3230 §4.3.2). Content-MD5
// (RFC 1864) counts with a whole file alone: of a part, servers disagree about what it is of
// (RFC 7231 §B). What is malformed, or by an algorithm we do not know, is left out.
SaidDigests digests_of(int status, const Headers& headers);

}  // namespace weft
