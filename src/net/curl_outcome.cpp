#include "net/curl_outcome.hpp"

#include <string>
#include <system_error>

namespace weft {

namespace {

bool says(std::string_view detail, std::string_view words) {
  return detail.find(words) != detail.npos;
}

// CURLE_RECV_ERROR is both a connection that broke and rubbish that came over it.
bool broken_connection(std::string_view detail) {
  return says(detail, "Recv failure") || says(detail, "Send failure") || says(detail, "SSL_read") ||
         says(detail, "SSL_write") || says(detail, "unexpected eof");
}

}  // namespace

Defect defect_of(const CurlEnd& end) {
  const std::string text(end.detail.empty() ? curl_easy_strerror(end.code) : end.detail);
  switch (end.code) {
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_COULDNT_RESOLVE_HOST:
      return {Outcome::dns_error, text};
    case CURLE_COULDNT_CONNECT:
      if (end.os_error == 0) return {Outcome::connect_error, text};
      return {Outcome::connect_error,
              "cannot connect: " + std::generic_category().message(static_cast<int>(end.os_error))};
    case CURLE_PROXY:
    case CURLE_INTERFACE_FAILED:
      return {Outcome::connect_error, text};
    case CURLE_OPERATION_TIMEDOUT:  // the connect timeout: other times are our own
      return {Outcome::timeout, text};
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CIPHER:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_INVALIDCERTSTATUS:
    case CURLE_SSL_ENGINE_INITFAILED:
      return {Outcome::tls_error, text};
    case CURLE_GOT_NOTHING:
      return {Outcome::truncated, "the connection was closed without an answer"};
    case CURLE_PARTIAL_FILE:
      return {Outcome::truncated, "the connection was closed within the body"};
    case CURLE_SEND_ERROR:
      return {Outcome::truncated, "the connection broke while the request was sent"};
    case CURLE_RECV_ERROR:
      if (says(end.detail, "CONNECT")) return {Outcome::connect_error, text};
      if (!broken_connection(end.detail)) return {Outcome::protocol_error, text};
      return {Outcome::truncated, end.started ? "the connection broke within the answer"
                                              : "the connection broke before an answer"};
    case CURLE_HTTP2:
    case CURLE_HTTP2_STREAM:
      return {end.started ? Outcome::truncated : Outcome::protocol_error, text};
    default:
      return {Outcome::protocol_error, text};
  }
}

bool may_go_better(Outcome outcome, CURLcode code, std::string_view detail) {
  switch (outcome) {
    case Outcome::connect_error:
    case Outcome::timeout:
    case Outcome::truncated:
      return true;
    case Outcome::tls_error:  // a handshake cut short, not one refused
      return code == CURLE_SSL_CONNECT_ERROR &&
             (says(detail, "SSL_ERROR_SYSCALL") || says(detail, "reset by peer") ||
              says(detail, "unexpected eof"));
    case Outcome::protocol_error:  // a stream the server gave up on, not a malformed one
      return code == CURLE_HTTP2 || code == CURLE_HTTP2_STREAM;
    case Outcome::ok:
    case Outcome::redirect:
    case Outcome::http_error:
    case Outcome::not_modified:
    case Outcome::duplicate:
    case Outcome::refused_robots:
    case Outcome::refused_scope:
    case Outcome::refused_address:
    case Outcome::too_large:
    case Outcome::wrong_type:
    case Outcome::dns_error:  // the resolver says so itself
    case Outcome::decode_error:
    case Outcome::checksum_mismatch:
    case Outcome::io_error:
    case Outcome::cancelled:
      return false;
  }
  return false;
}

}  // namespace weft
