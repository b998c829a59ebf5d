#include "weft/net/resolver.hpp"

#include <pthread.h>

#include <algorithm>
#include <utility>

#include "net/resolver_state.hpp"
#include "weft/base/units.hpp"

namespace weft {

namespace {

using Answer = NameCache::Answer;

constexpr std::chrono::seconds kLeastTtl{5};
constexpr std::chrono::hours kMostTtl{1};

// Sent before replies are looked at again, lest they overflow the sockets' buffers.
constexpr int kBurst = 64;

// How old what is known of resolv.conf may be, as long as there is something to do.
constexpr std::chrono::seconds kResolvConfAge{1};

Answer stopping() {
  return std::make_shared<const Resolution>(
      Resolution{.error = "the program is stopping", .retryable = true});
}

DnsChannel::Config channel_config(const ResolverConfig& config, int wake_fd) {
  return {.servers = config.dns_servers, .resolv_conf = config.resolv_conf, .wake_fd = wake_fd};
}

Clock::duration time_to_live(const Resolution& resolution, const ResolverConfig& config) {
  if (!resolution.addresses.empty()) {
    return resolution.ttl ? std::clamp<Clock::duration>(*resolution.ttl, kLeastTtl, kMostTtl)
                          : config.ttl;
  }
  return resolution.retryable ? config.retryable_ttl : config.negative_ttl;
}

void answer_all(const NameCache::Waiting& waiting, const Answer& answer) {
  for (const Resolver::Callback& done : waiting) done(answer);
}

}  // namespace

Resolver::State::State(const ResolverConfig& config, const Clock& clock, AskedOf asked_of)
    : config_(config),
      clock_(clock),
      asked_of_(asked_of),
      sources_({.hosts_file = config.hosts_file, .nsswitch_conf = config.nsswitch_conf}),
      family_(family_of_machine()),
      resolv_conf_(stamp_of(config.resolv_conf)),
      looked_at_resolv_conf_(clock.now()),
      questions_(clock, config.timeout, config.most_young, config.most_asked),
      wake_fd_(bell_.fd()),
      cache_(config.max_entries),
      system_(config.threads, config.system ? config.system : &Resolver::system_lookup,
              [this](SystemNames::Event event) { tell(std::move(event)); }),
      channel_(std::in_place, channel_config(config, wake_fd_)),
      thread_([this] { run(); }) {}

void Resolver::State::stop() {
  {
    Lock lock(mutex_);
    closing_ = true;
    bell_.ring();
  }
  thread_.join();
  NameCache::Waiting waiting;
  {
    Lock lock(mutex_);
    waiting = cache_.give_up_all();
  }
  answer_all(waiting, stopping());
}

void Resolver::State::resolve(std::string_view host, Callback done) {
  if (const auto ip = parse_ip(host)) {
    return done(std::make_shared<const Resolution>(Resolution{.addresses = {*ip}}));
  }
  Answer answer;
  {
    Lock lock(mutex_);
    std::string name(host);
    answer = closing_ ? stopping() : cache_.find(name, clock_.now());
    if (!answer) {
      if (!cache_.await(name, std::move(done))) return;  // its look-up is under way
      fresh_.push_back(std::move(name));
      bell_.ring();
      return;
    }
  }
  done(answer);
}

void Resolver::State::tell(SystemNames::Event event) {
  Lock lock(mutex_);
  events_.push_back(std::move(event));
  bell_.ring();
}

Resolver::State::Post Resolver::State::take_post() {
  Post post;
  Lock lock(mutex_);
  post.closing = closing_;
  post.fresh.swap(fresh_);
  post.events.swap(events_);
  // A name may have been settled since it was asked for.
  std::erase_if(post.fresh, [this](const std::string& host)
                                REQUIRES(mutex_) { return !cache_.is_awaited(host); });
  return post;
}

void Resolver::State::run() {
  pthread_setname_np(pthread_self(), "weft-dns");
  while (true) {
    Post post = take_post();
    if (post.closing) return;
    follow_resolv_conf();
    for (std::string& host : post.fresh) begin(std::move(host));
    for (SystemNames::Event& event : post.events) take_event(std::move(event));
    for (const Token token : questions_.grown_old()) {
      if (Question* const question = questions_.find(token)) ask_v4(token, *question);
    }
    send_unsent();
    for (DnsReply& reply : channel_->take_replies()) take_reply(std::move(reply));
    end_overdue();
    sleep();
  }
}

void Resolver::State::begin(std::string host) {
  const auto [place, is_new] = in_flight_.try_emplace(host, 0);
  if (!is_new) return questions_.restart_wait(place->second);
  if (asked_of_ == AskedOf::system || sources_.source_of(host) == Source::system) {
    return system_.ask(std::move(host));
  }
  unsent_.push_back(std::move(host));
}

// A crawl may outlive the network it began in. What is under way is asked of the new servers.
void Resolver::State::follow_resolv_conf() {
  const Clock::time_point now = clock_.now();
  if (now - looked_at_resolv_conf_ < kResolvConfAge) return;
  looked_at_resolv_conf_ = now;
  const auto stamp = stamp_of(config_.resolv_conf);
  if (!stamp || stamp == resolv_conf_) return;  // not there: it is being replaced
  resolv_conf_ = stamp;
  family_ = family_of_machine();
  channel_.reset();
  channel_.emplace(channel_config(config_, wake_fd_));
  for (const Token token : questions_.ask_again()) {
    channel_->ask(token, questions_.find(token)->host, family_);
  }
}

void Resolver::State::send_unsent() {
  for (int sent = 0; sent < kBurst && !unsent_.empty() && questions_.has_room(); ++sent) {
    const std::string host = std::move(unsent_.front());
    unsent_.pop_front();
    const Token token = questions_.add(host);
    in_flight_[host] = token;
    questions_.find(token)->calls = 1;
    channel_->ask(token, host, family_);
  }
}

// There are name servers that never answer a question for IPv6, and c-ares waits for both.
void Resolver::State::ask_v4(Token token, Question& question) {
  if (family_ == Family::v4 || std::exchange(question.v4_asked, true)) return;
  ++question.calls;
  channel_->ask(token, question.host, Family::v4);
}

void Resolver::State::take_reply(DnsReply reply) {
  Question* const question = questions_.find(reply.token);
  if (question == nullptr) return;
  --question->calls;
  if (question->settled) return questions_.forget_if_done(reply.token);
  if (reply.kind == DnsReply::Kind::found) {
    return settle(reply.token, std::move(reply.resolution));
  }
  // c-ares says of both families what was said of the last: IPv4 may have failed otherwise.
  if (reply.kind == DnsReply::Kind::no_address) ask_v4(reply.token, *question);
  if (!question->failure || question->failure->retryable) question->failure = reply.resolution;
  if (reply.family == Family::v4) question->failure = std::move(reply.resolution);
  if (question->calls > 0) return;

  Resolution failure = *std::move(question->failure);
  if (failure.retryable || sources_.source_of(question->host) != Source::dns_then_system) {
    return settle(reply.token, std::move(failure));
  }
  const std::string host = question->host;
  questions_.settle(reply.token);
  in_flight_[host] = 0;
  system_.ask(host);
}

void Resolver::State::take_event(SystemNames::Event event) {
  Token& token = in_flight_[event.host];
  if (!event.found) {
    token = questions_.add_system(std::move(event.host));
  } else {
    settle(token, *std::move(event.found));
  }
}

void Resolver::State::settle(Token token, Resolution resolution) {
  const Question& question = *questions_.find(token);
  const std::string host = question.host;
  const Clock::time_point now = clock_.now();
  resolution.took = now - question.sent;
  questions_.settle(token);
  in_flight_.erase(host);

  const auto expires = now + time_to_live(resolution, config_);
  const auto answer = std::make_shared<const Resolution>(std::move(resolution));
  NameCache::Waiting waiting;
  {
    Lock lock(mutex_);
    waiting = cache_.settle(host, answer, expires);
  }
  answer_all(waiting, answer);
}

void Resolver::State::end_overdue() {
  for (const Token token : questions_.overdue()) {
    const Question& question = *questions_.find(token);
    NameCache::Waiting waiting;
    {
      Lock lock(mutex_);
      waiting = cache_.give_up(question.host);
    }
    answer_all(waiting, std::make_shared<const Resolution>(Resolution{
                            .error = fmt::format("no answer from the name servers for {}",
                                                 to_text(config_.timeout)),
                            .retryable = true,
                            .took = config_.timeout}));
  }
}

void Resolver::State::sleep() {
  const bool may_send = !unsent_.empty() && questions_.has_room();
  const Clock::time_point due = questions_.next_due();
  Clock::duration longest{};
  {
    Lock lock(mutex_);
    if (!may_send && !closing_ && fresh_.empty() && events_.empty()) {
      const Clock::time_point now = clock_.now();
      longest = due > now ? due - now : Clock::duration::zero();
      bell_.begin_sleep();
    }
  }
  channel_->wait(longest);
  Lock lock(mutex_);
  bell_.end_sleep();
}

Resolver::Resolver(const ResolverConfig& config, const Clock& clock)
    : state_(std::make_unique<State>(config, clock, AskedOf::sources)) {}

Resolver::Resolver(const ResolverConfig& config, const Clock& clock, Lookup lookup) {
  ResolverConfig with_lookup = config;
  with_lookup.system = std::move(lookup);
  state_ = std::make_unique<State>(with_lookup, clock, AskedOf::system);
}

Resolver::~Resolver() { state_->stop(); }

void Resolver::resolve(std::string_view host, Callback done) {
  state_->resolve(host, std::move(done));
}

}  // namespace weft
