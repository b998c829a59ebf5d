#include "net/curl_outcome.hpp"

#include <optional>
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
         says(detail, "SSL_write") || says(detail, "unexpected eof") || has_died(detail);
}

// RFC 959 §4.2.1: 4yz may go better later, 5yz will not.
bool is_transient(long reply) { return reply / 100 == 4; }

// What an ftp or sftp server says no to is what a status says in HTTP.
Defect refused(const CurlEnd& end, std::string_view what) {
  return {Outcome::http_error,
          end.reply == 0 ? std::string(what) : fmt::format("{} (reply {})", what, end.reply)};
}

// Nothing where HTTP means the same by it.
std::optional<Defect> file_defect_of(const CurlEnd& end, const std::string& text) {
  switch (end.code) {
    case CURLE_LOGIN_DENIED:
      return refused(end, "the server refuses the login");
    case CURLE_REMOTE_FILE_NOT_FOUND:
      return refused(end, "there is no such file, or it may not be read");
    case CURLE_REMOTE_ACCESS_DENIED:
      return refused(end, "the file may not be read");
    case CURLE_FTP_COULDNT_RETR_FILE:
    case CURLE_FTP_COULDNT_SET_TYPE:
      return refused(end, "the server does not give the file");
    case CURLE_FTP_CANT_GET_HOST:
    case CURLE_FTP_WEIRD_PASV_REPLY:
    case CURLE_FTP_WEIRD_227_FORMAT:
      return Defect{Outcome::protocol_error, text};
    case CURLE_FAILED_INIT:  // of an ssh session
      return Defect{Outcome::connect_error, text};
    case CURLE_USE_SSL_FAILED:
      return Defect{Outcome::tls_error, text};
    case CURLE_OPERATION_TIMEDOUT:  // a timeout, or "421 service not available"
      if (!is_transient(end.reply)) return std::nullopt;
      return refused(end, "the server is not ready");
    case CURLE_WEIRD_SERVER_REPLY:
      if (is_transient(end.reply)) return refused(end, "the server is not ready");
      return Defect{Outcome::protocol_error, text};
    case CURLE_RECV_ERROR:
      return Defect{Outcome::truncated, "the connection broke"};
    case CURLE_UNSUPPORTED_PROTOCOL:
      return Defect{Outcome::protocol_error, "libcurl was built without this protocol"};
    default:
      return std::nullopt;
  }
}

}  // namespace

bool has_died(std::string_view detail) { return says(detail, "Connection died, tried"); }

Defect host_key_defect(const Url& url, curl_khmatch match) {
  const std::string port = url.port() == 22 ? "" : fmt::format("-p {} ", url.port());
  if (match == CURLKHMATCH_MISMATCH) {
    return {Outcome::tls_error,
            "its host key is not the one in ~/.ssh/known_hosts: it may be another server; if it "
            "has a new key, take the old one out with 'ssh-keygen -R'"};
  }
  return {Outcome::tls_error,
          fmt::format("its host key is not in ~/.ssh/known_hosts: connect once with 'ssh {}{}' to "
                      "check and keep it",
                      port, url.host())};
}

Defect defect_of(const CurlEnd& end) {
  const std::string text(end.detail.empty() ? curl_easy_strerror(end.code) : end.detail);
  if (!end.http) {
    if (auto defect = file_defect_of(end, text)) return *std::move(defect);
  }
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
    case CURLE_BAD_FUNCTION_ARGUMENT:  // RFC 9112 §5.2
      return {Outcome::protocol_error,
              "the first header line begins with a space: it continues none"};
    case CURLE_HTTP2:
    case CURLE_HTTP2_STREAM:
      return {end.started ? Outcome::truncated : Outcome::protocol_error, text};
    default:
      return {Outcome::protocol_error, text};
  }
}

bool may_go_better(Outcome outcome, const CurlEnd& end) {
  switch (outcome) {
    case Outcome::connect_error:
    case Outcome::timeout:
    case Outcome::truncated:
      return true;
    case Outcome::tls_error:  // a handshake cut short, not one refused
      return end.code == CURLE_SSL_CONNECT_ERROR &&
             (says(end.detail, "SSL_ERROR_SYSCALL") || says(end.detail, "reset by peer") ||
              says(end.detail, "unexpected eof"));
    case Outcome::protocol_error:  // a stream the server gave up on, not a malformed one
      return end.code == CURLE_HTTP2 || end.code == CURLE_HTTP2_STREAM;
    case Outcome::http_error:
      return !end.http && is_transient(end.reply);
    case Outcome::ok:
    case Outcome::redirect:
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
