#include "net/transfer.hpp"

namespace weft {

namespace {

// "example.org", "example.org:8080": as people know the host.
std::string authority(const Url& url) { return url.origin().substr(url.scheme().size() + 3); }

}  // namespace

std::string Transfer::place(std::string_view ip) const {
  std::string addresses(ip);
  if (ip.empty() && easy) {
    for (const IpAddress& address : resolution->addresses) {
      addresses += (addresses.empty() ? "" : ", ") + to_text(address);
    }
  }
  std::string place = authority(request.url);
  if (!addresses.empty() && !parse_ip(request.url.host())) {
    place += fmt::format(" ({})", addresses);
  }
  if (proxy != nullptr) place += fmt::format(" by proxy {}", proxy->host);
  return place;
}

Response Transfer::release_response() {
  Response response = reader.release();
  Timings& timings = response.timings;
  timings.dns = dns;
  if (first_byte != Clock::time_point{}) timings.first_byte = first_byte - started;
  if (!easy) return response;

  const char* ip = nullptr;
  curl_easy_getinfo(easy->get(), CURLINFO_PRIMARY_IP, &ip);
  if (ip != nullptr) response.ip = ip;
  long connections = 0;
  curl_easy_getinfo(easy->get(), CURLINFO_NUM_CONNECTS, &connections);
  if (connections == 0) return response;  // an old one was used
  curl_off_t connect = 0;
  curl_off_t tls = 0;
  curl_easy_getinfo(easy->get(), CURLINFO_CONNECT_TIME_T, &connect);
  curl_easy_getinfo(easy->get(), CURLINFO_APPCONNECT_TIME_T, &tls);
  if (connect > 0) timings.connect = dns + std::chrono::microseconds(connect);
  if (tls > 0) timings.tls = dns + std::chrono::microseconds(tls);
  return response;
}

}  // namespace weft
