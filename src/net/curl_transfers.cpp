#include "weft/net/curl_transfers.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>

#include <algorithm>
#include <stdexcept>
#include <unordered_map>

#include "net/cookie_file.hpp"
#include "net/curl_easy.hpp"
#include "net/curl_event_loop.hpp"
#include "net/curl_outcome.hpp"
#include "net/mailbox.hpp"
#include "net/proxy.hpp"
#include "net/reach.hpp"
#include "net/transfer.hpp"

namespace weft {

namespace {

// Up to so many in flight, each may take the memory of large reads.
constexpr std::size_t kFewTransfers = 64;
constexpr std::size_t kMaxHostName = 254;  // RFC 1035 §2.3.4, with the final dot

template <class T>
T must(Result<T> result) {
  if (!result) throw std::invalid_argument(result.error().message);
  return std::move(*result);
}

// Whose connections it uses: by a proxy a tunnel of its host's, or one that is for all.
std::string peer_of(const Transfer& transfer) {
  std::string host = host_key(transfer.request.url).name;
  if (transfer.proxy == nullptr) return host;
  return "by proxy " + (transfer.request.url.scheme() == "http" ? transfer.proxy->url : host);
}

NetConfig suited_to(const RateLimit& limit, NetConfig config) {
  if (!limit.unlimited()) config.http = HttpVersion::http1;
  return config;
}

}  // namespace

// Life of a transfer: resolving (while the resolver is asked, which always answers) ──► running
// (an easy handle in loop_; in quiet_ from the moment the request can be sent) ⇄ paused
// (in paused_, by the rate limit) ──► ended_.
class CurlTransfers final : public Transfers {
 public:
  CurlTransfers(const NetConfig& config, Resolver& resolver, RateLimit& limit, const Clock& clock)
      : config_(suited_to(limit, config)),
        resolver_(resolver),
        limit_(limit),
        clock_(clock),
        proxies_(must(ProxyRules::make(config.proxy))),
        cookies_(must(CookieFile::read(config.cookie_file))),
        mailbox_(std::make_shared<Mailbox>()),
        loop_(mailbox_->fd(), config.max_idle),
        easies_(config_, {.header = &on_header,
                          .body = &on_body,
                          .connected = &on_connected,
                          .ssh_key = &on_ssh_key}) {}

  ~CurlTransfers() override {
    for (const auto& [id, transfer] : transfers_) {
      if (transfer->easy) loop_.remove(transfer->easy->get());
    }
    loop_.hang_up();
  }

  void start(Request request, std::uint64_t token) override;
  void wait(Clock::time_point until, std::vector<Completion>& ended) override;
  void wake() noexcept override { mailbox_->wake(); }
  void close_idle(const HostKey& host) override { loop_.peers().close(host.name); }
  void cancel_all() override;
  std::size_t in_flight() const override { return transfers_.size(); }

 private:
  static std::size_t on_header(char* line, std::size_t, std::size_t size, void* user) noexcept;
  static std::size_t on_body(char* bytes, std::size_t, std::size_t size, void* user) noexcept;
  static int on_connected(void* user, char* ip, char*, int, int) noexcept;
  static int on_ssh_key(CURL*, const curl_khkey*, const curl_khkey*, curl_khmatch match,
                        void* user) noexcept;
  static int on_socket(void* limit, curl_socket_t fd, curlsocktype) noexcept;

  void resolved(const Letter& letter);
  void run(Transfer& transfer);
  long read_size(const Transfer& transfer) const;
  void collect();
  void finish(const CurlEventLoop::Done& done);
  void end(Transfer& transfer, Defect defect, bool retryable);

  void wait_in(WaitingList& list, Transfer& transfer);
  void check_later(Transfer& transfer);
  void check_no_more(Transfer& transfer);
  void end_overdue();
  void check_progress();
  void resume_paused();
  bool pause(Transfer& transfer, std::size_t bytes);
  Clock::duration longest_sleep(Clock::time_point until);

  const NetConfig config_;
  Resolver& resolver_;
  RateLimit& limit_;
  const Clock& clock_;
  const ProxyRules proxies_;
  const CookieFile cookies_;

  // Shared with the resolver's callbacks, which may outlive this.
  const std::shared_ptr<Mailbox> mailbox_;
  CurlEventLoop loop_;
  EasySource easies_;
  std::unordered_map<std::uint64_t, std::unique_ptr<Transfer>> transfers_;  // by id
  std::uint64_t next_id_ = 1;
  WaitingList quiet_;                                   // for stall_timeout since their last byte
  WaitingList paused_;                                  // for the rate limit
  std::multimap<Clock::time_point, Transfer*> checks_;  // of answers and speeds: when
  std::vector<Completion> ended_;
  std::vector<Letter> letters_;
};

void CurlTransfers::wait_in(WaitingList& list, Transfer& transfer) {
  transfer.wait_in(list, clock_.now());
}

void CurlTransfers::start(Request request, std::uint64_t token) {
  const std::uint64_t id = next_id_++;
  auto& transfer =
      *transfers_
           .emplace(id, std::make_unique<Transfer>(*this, std::move(request), token, clock_.now()))
           .first->second;
  transfer.id = id;
  for (const Header& header : transfer.request.headers) {
    if (is_sendable(header)) continue;
    const auto why = fmt::format("the request header '{}' is not one line", header.name);
    return end(transfer, {Outcome::protocol_error, why}, false);
  }
  const Url& url = transfer.request.url;
  transfer.proxy = proxies_.proxy_for(url);
  const std::string_view host = transfer.proxy != nullptr ? transfer.proxy->host : url.host();
  if (host.size() > kMaxHostName) {
    return end(transfer, {Outcome::dns_error, "the host name is too long"}, false);
  }
  if (!transfer.speaks_http() && url.path().ends_with('/')) {
    return end(transfer, {Outcome::http_error, "the URL names a folder, not a file"}, false);
  }
  resolver_.resolve(host, [mailbox = mailbox_, id](std::shared_ptr<const Resolution> answer) {
    mailbox->post({id, std::move(answer)});
  });
}

void CurlTransfers::resolved(const Letter& letter) {
  const auto found = transfers_.find(letter.transfer);
  if (found == transfers_.end()) return;  // cancelled meanwhile
  Transfer& transfer = *found->second;
  const Resolution& answer = *letter.resolution;
  // Not the time before the question was sent, nor that of a look-up which was not waited for.
  transfer.dns = std::min(clock_.now() - transfer.started, answer.took);
  if (answer.addresses.empty()) {
    const std::string_view name =
        transfer.proxy != nullptr ? transfer.proxy->host : transfer.request.url.host();
    return end(transfer,
               {Outcome::dns_error, fmt::format("cannot resolve {}: {}", name, answer.error)},
               answer.retryable);
  }
  Reach reach = reach_of(transfer.request, transfer.proxy, answer.addresses);
  if (reach.refused) return end(transfer, *std::move(reach.refused), false);
  transfer.reachable = std::move(reach.addresses);
  if (!transfer.speaks_http()) transfer.range = asked_range(transfer.request.headers);
  run(transfer);
}

// Bounds what the kernel takes in ahead of us: the limit is one of the line, not of how fast
// we look at what has come.
int CurlTransfers::on_socket(void* limit, curl_socket_t fd, curlsocktype) noexcept {
  const auto window = static_cast<int>(static_cast<const RateLimit*>(limit)->window());
  setsockopt(fd, IPPROTO_TCP, TCP_WINDOW_CLAMP, &window, sizeof window);
  return CURL_SOCKOPT_OK;
}

long CurlTransfers::read_size(const Transfer& transfer) const {
  if (!limit_.unlimited()) return static_cast<long>(limit_.read_size());
  const bool large = transfer.request.receiver != nullptr && transfers_.size() <= kFewTransfers;
  return large ? kLargeReadSize : kReadSize;
}

void CurlTransfers::run(Transfer& transfer) {
  const std::string cookies = cookies_.header_for(transfer.request.url, clock_.wall());
  transfer.easy = easies_.make({.request = transfer.request,
                                .proxy = transfer.proxy,
                                .addresses = transfer.reachable,
                                .cookies = cookies,
                                .range = transfer.range ? to_text(*transfer.range) : std::string(),
                                .read_size = read_size(transfer),
                                .user = &transfer});
  if (!limit_.unlimited()) {
    curl_easy_setopt(transfer.easy->get(), CURLOPT_SOCKOPTFUNCTION, &on_socket);
    curl_easy_setopt(transfer.easy->get(), CURLOPT_SOCKOPTDATA, &limit_);
  }
  if (transfer.peer == nullptr) transfer.peer = &loop_.peers().begin(peer_of(transfer));
  if (transfer.fresh_connection) curl_easy_setopt(transfer.easy->get(), CURLOPT_FRESH_CONNECT, 1L);
  transfer.asked = clock_.now();
  check_later(transfer);
  loop_.add(transfer.easy->get(), *transfer.peer);
}

// When its answer, or its speed, is looked at next.
void CurlTransfers::check_later(Transfer& transfer) {
  check_no_more(transfer);
  const Clock::time_point now = clock_.now();
  const Clock::time_point at = transfer.next_check(now);
  if (at != Clock::time_point::max()) transfer.check_due = checks_.emplace(at, &transfer);
}

void CurlTransfers::check_no_more(Transfer& transfer) {
  if (!transfer.check_due) return;
  checks_.erase(*transfer.check_due);
  transfer.check_due.reset();
}

// The connection stands, new or kept, and the request is about to be sent.
// NOLINTNEXTLINE(readability-non-const-parameter): libcurl says so
int CurlTransfers::on_connected(void* user, char* ip, char*, int, int) noexcept {
  Transfer& transfer = *static_cast<Transfer*>(user);
  transfer.defect = refusal_of(transfer.request, transfer.proxy, ip);
  if (transfer.defect) return CURL_PREREQFUNC_ABORT;
  transfer.owner.wait_in(transfer.owner.quiet_, transfer);
  return CURL_PREREQFUNC_OK;
}

int CurlTransfers::on_ssh_key(CURL*, const curl_khkey*, const curl_khkey*, curl_khmatch match,
                              void* user) noexcept {
  if (match == CURLKHMATCH_OK) return CURLKHSTAT_FINE;
  Transfer& transfer = *static_cast<Transfer*>(user);
  transfer.defect = host_key_defect(transfer.request.url, match);
  return CURLKHSTAT_REJECT;
}

std::size_t CurlTransfers::on_header(char* line, std::size_t, std::size_t size,
                                     void* user) noexcept {
  Transfer& transfer = *static_cast<Transfer*>(user);
  transfer.owner.wait_in(transfer.owner.quiet_, transfer);
  transfer.is_heard = true;
  if (!transfer.speaks_http()) return size;  // a reply of an ftp server
  if (transfer.first_byte == Clock::time_point{}) transfer.first_byte = transfer.active;
  return transfer.reader.header_line({line, size}) ? size : 0;
}

// True where the rate limit has to wait before these bytes may count as read.
bool CurlTransfers::pause(Transfer& transfer, std::size_t bytes) {
  if (limit_.unlimited()) return false;
  if (limit_.take(0) > clock_.now()) {
    wait_in(paused_, transfer);
    return true;
  }
  limit_.take(bytes);
  return false;
}

std::size_t CurlTransfers::on_body(char* bytes, std::size_t, std::size_t size,
                                   void* user) noexcept {
  Transfer& transfer = *static_cast<Transfer*>(user);
  if (transfer.owner.pause(transfer, size)) return CURL_WRITEFUNC_PAUSE;
  transfer.owner.wait_in(transfer.owner.quiet_, transfer);
  if (transfer.first_byte == Clock::time_point{}) transfer.first_byte = transfer.active;
  const bool more = transfer.speaks_http() ? transfer.reader.body({bytes, size})
                                           : transfer.file_body({bytes, size});
  return more ? size : 0;
}

// One at a time, in the order they were paused: the first to read puts the limit back
// into debt and the rest wait on.
void CurlTransfers::resume_paused() {
  while (!paused_.empty() && limit_.take(0) <= clock_.now()) {
    Transfer& transfer = *paused_.front();
    wait_in(quiet_, transfer);
    curl_easy_pause(transfer.easy->get(), CURLPAUSE_CONT);
  }
}

void CurlTransfers::end_overdue() {
  if (config_.stall_timeout == Clock::duration::zero()) return;
  const Clock::time_point now = clock_.now();
  while (!quiet_.empty() && now - quiet_.front()->active >= config_.stall_timeout) {
    Transfer& transfer = *quiet_.front();
    transfer.defect = {Outcome::timeout,
                       fmt::format("no bytes for {}", to_text(config_.stall_timeout))};
    finish({transfer.easy->get(), CURLE_OPERATION_TIMEDOUT});
  }
}

void CurlTransfers::check_progress() {
  const Clock::time_point now = clock_.now();
  while (!checks_.empty() && checks_.begin()->first <= now) {
    Transfer& transfer = *checks_.begin()->second;
    check_no_more(transfer);
    if (auto slow = transfer.too_slow(now, limit_.unlimited())) {
      transfer.defect = *std::move(slow);
      finish({transfer.easy->get(), CURLE_OPERATION_TIMEDOUT});
    } else {
      check_later(transfer);
    }
  }
}

void CurlTransfers::collect() {
  while (const auto done = loop_.next_done()) finish(*done);
}

void CurlTransfers::finish(const CurlEventLoop::Done& done) {
  void* user = nullptr;
  curl_easy_getinfo(done.easy, CURLINFO_PRIVATE, &user);
  Transfer& transfer = *static_cast<Transfer*>(user);
  loop_.remove(done.easy);
  if (transfer.repeat_unanswered(done.code)) {
    transfer.wait_no_more();
    transfer.started = clock_.now() - transfer.dns;  // its times are those of what is answered
    return run(transfer);
  }
  auto [defect, retryable] = transfer.judge(done.code);
  if (std::exchange(transfer.range_failed, false)) {
    transfer.range.reset();
    return run(transfer);
  }
  end(transfer, std::move(defect), retryable);
}

void CurlTransfers::end(Transfer& transfer, Defect defect, bool retryable) {
  transfer.wait_no_more();
  check_no_more(transfer);
  Completion completion{.token = transfer.token};
  TransferResult& result = completion.result;
  result.outcome = defect.outcome;
  result.retryable = retryable;
  result.late = transfer.is_late;
  result.stopped = defect.outcome == Outcome::ok && transfer.reader.stopped();
  result.response = transfer.release_response();
  if (defect.outcome != Outcome::ok) {
    result.message = fmt::format("{}: {}", transfer.place(result.response.ip), defect.message);
  }
  result.response.timings.total = clock_.now() - transfer.started;
  ended_.push_back(std::move(completion));
  if (transfer.peer != nullptr) loop_.peers().end(*transfer.peer);
  transfers_.erase(transfer.id);
}

void CurlTransfers::cancel_all() {
  while (!transfers_.empty()) {
    Transfer& transfer = *transfers_.begin()->second;
    if (transfer.easy) loop_.remove(transfer.easy->get());
    end(transfer, {Outcome::cancelled, "stopped by the program"}, true);
  }
}

// How long nothing of ours falls due.
Clock::duration CurlTransfers::longest_sleep(Clock::time_point until) {
  if (!quiet_.empty() && config_.stall_timeout != Clock::duration::zero()) {
    until = std::min(until, quiet_.front()->active + config_.stall_timeout);
  }
  if (!paused_.empty()) until = std::min(until, limit_.take(0));
  if (!checks_.empty()) until = std::min(until, checks_.begin()->first);
  const Clock::time_point now = clock_.now();
  return until > now ? until - now : Clock::duration::zero();
}

void CurlTransfers::wait(Clock::time_point until, std::vector<Completion>& ended) {
  while (true) {
    const bool woken = mailbox_->take(letters_);
    for (const Letter& letter : letters_) resolved(letter);
    resume_paused();
    loop_.run_due();
    collect();

    const bool linger = !woken && ended_.empty() && mailbox_->announce_sleep();
    loop_.poll(linger ? longest_sleep(until) : Clock::duration::zero());
    if (linger) mailbox_->end_sleep();
    collect();
    end_overdue();
    check_progress();

    if (woken || !ended_.empty() || clock_.now() >= until) break;
  }
  std::ranges::move(ended_, std::back_inserter(ended));
  ended_.clear();
}

std::unique_ptr<Transfers> make_curl_transfers(const NetConfig& config, Resolver& resolver,
                                               RateLimit& limit, const Clock& clock) {
  return std::make_unique<CurlTransfers>(config, resolver, limit, clock);
}

}  // namespace weft
