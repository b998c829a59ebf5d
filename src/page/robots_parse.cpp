#include <algorithm>
#include <charconv>
#include <cmath>
#include <utility>

#include "page/http_url.hpp"
#include "page/robots_path.hpp"
#include "weft/base/text.hpp"
#include "weft/page/robots.hpp"

namespace weft {

namespace {

enum class Field : std::uint8_t { user_agent, allow, disallow, crawl_delay, sitemap, other };

// With the misspellings that §2.2.4 lets a crawler accept: what their authors meant is
// not in doubt, and most of them ask to be left alone.
Field field_of(std::string_view key) {
  static constexpr std::pair<std::string_view, Field> kFields[] = {
      {"user-agent", Field::user_agent},
      {"disallow", Field::disallow},
      {"allow", Field::allow},
      {"sitemap", Field::sitemap},
      {"crawl-delay", Field::crawl_delay},
      {"useragent", Field::user_agent},
      {"user agent", Field::user_agent},
      {"dissallow", Field::disallow},
      {"dissalow", Field::disallow},
      {"disalow", Field::disallow},
      {"diasllow", Field::disallow},
      {"disallaw", Field::disallow},
      {"site-map", Field::sitemap},
      {"crawldelay", Field::crawl_delay},
  };
  for (const auto& [name, field] : kFields) {
    if (equals_ignoring_case(key, name)) return field;
  }
  return Field::other;
}

struct Record {
  Field field = Field::other;
  std::string_view value;
  std::string_view written;
};

// A comment ends the line. A line "disallow /x" without its colon is read as if it had
// one, but only when it is two words: prose is not a rule.
Record read_record(std::string_view line) {
  line = trim(line.substr(0, line.find('#')));
  std::size_t colon = line.find(':');
  if (colon == std::string_view::npos) {
    colon = line.find_first_of(" \t");
    if (colon == std::string_view::npos) return {};
    if (trim(line.substr(colon)).find_first_of(" \t") != std::string_view::npos) return {};
  }
  return {.field = field_of(trim(line.substr(0, colon))),
          .value = trim(line.substr(colon + 1)),
          .written = line};
}

// The product token of an agent line: "bot/2.1 (fast)" is bot. §2.2.1 has letters, '-'
// and '_'; digits are kept too, because MJ12bot is not MJ.
std::string_view product_token(std::string_view value) {
  const auto end = std::find_if_not(value.begin(), value.end(), [](char c) {
    return is_ascii_alpha(c) || is_ascii_digit(c) || c == '-' || c == '_';
  });
  return value.substr(0, static_cast<std::size_t>(end - value.begin()));
}

bool is_everyone(std::string_view value) {
  return value == "*" || (value.size() > 1 && value[0] == '*' && is_ascii_space(value[1]));
}

std::optional<std::chrono::milliseconds> read_delay(std::string_view value) {
  double seconds = 0;
  const char* const end = value.data() + value.size();
  const auto [stop, error] = std::from_chars(value.data(), end, seconds);
  if (error != std::errc{} || stop != end || !std::isfinite(seconds) || seconds < 0) return {};
  constexpr std::chrono::duration<double> kDay = std::chrono::hours(24);
  const auto capped = std::min(std::chrono::duration<double>(seconds), kDay);
  return std::chrono::duration_cast<std::chrono::milliseconds>(capped);
}

// Some files hold only a piece of the byte order mark.
std::string_view without_bom(std::string_view text) {
  for (const char c : std::string_view("\xEF\xBB\xBF")) {
    if (!text.starts_with(c)) break;
    text.remove_prefix(1);
  }
  return text;
}

std::string_view within_limit(std::string_view text) {
  if (text.size() <= kRobotsMaxSize.count) return text;
  const std::string_view kept = text.substr(0, kRobotsMaxSize.count);
  const char next = text[kept.size()];
  if (next == '\n' || next == '\r') return kept;
  return kept.substr(0, kept.find_last_of("\r\n") + 1);
}

}  // namespace

class RobotsParser {
 public:
  explicit RobotsParser(std::string_view agent) : agent_(agent) {}

  void read_line(std::string_view line, int number) {
    const Record record = read_record(line);
    switch (record.field) {
      case Field::user_agent:
        return read_agent(record.value);
      case Field::allow:
        return read_rule(record, true, number);
      case Field::disallow:
        return read_rule(record, false, number);
      case Field::crawl_delay:
        return read_crawl_delay(record.value);
      case Field::sitemap:
        if (page::is_http_url(record.value)) robots_.sitemaps_.emplace_back(record.value);
        return;
      case Field::other:
        return;
    }
  }

  Robots finish() {
    Group& group = own_.agent.empty() ? everyone_ : own_;
    std::stable_sort(group.rules.begin(), group.rules.end(), [](const auto& a, const auto& b) {
      if (a.pattern.size() != b.pattern.size()) return a.pattern.size() > b.pattern.size();
      return a.allow && !b.allow;
    });
    robots_.rules_ = std::move(group.rules);
    robots_.index_rules();
    robots_.group_ = std::move(group.agent);
    robots_.crawl_delay_ = group.delay;
    return std::move(robots_);
  }

 private:
  // The groups of one agent, merged (§2.2.1).
  struct Group {
    std::string agent;  // as first written; empty: not in the file
    std::vector<Robots::Rule> rules;
    std::optional<std::chrono::milliseconds> delay;
  };

  // Agent lines add up until a rule follows; other records do not come between (§2.2.4).
  void read_agent(std::string_view value) {
    if (std::exchange(rules_begun_, false)) rules_for_ = delay_for_ = {};
    if (std::exchange(delay_begun_, false)) delay_for_ = {};
    if (is_everyone(value)) {
      rules_for_.everyone = delay_for_.everyone = true;
      if (everyone_.agent.empty()) everyone_.agent = "*";
    } else if (!agent_.empty() && equals_ignoring_case(product_token(value), agent_)) {
      rules_for_.own = delay_for_.own = true;
      if (own_.agent.empty()) own_.agent = value;
    }
  }

  void read_rule(const Record& record, bool allow, int line) {
    rules_begun_ = true;
    if (!rules_for_.own && !rules_for_.everyone) return;
    std::string pattern = page::normal_robots_path(record.value, page::RobotsText::pattern);
    // Targets begin with '/': nothing else can match, and an empty value is no rule.
    if (!pattern.starts_with('/') && !pattern.starts_with('*')) return;
    Robots::Rule rule{std::move(pattern), std::string(record.written), allow, line};
    // Whoever allows a folder's index page means the folder's own URL as well.
    const std::size_t slash = rule.pattern.rfind('/');
    if (allow && slash != std::string::npos &&
        rule.pattern.compare(slash + 1, 9, "index.htm") == 0) {
      add({rule.pattern.substr(0, slash + 1) + '$', rule.written, allow, line});
    }
    add(std::move(rule));
  }

  void add(Robots::Rule rule) {
    if (rules_for_.everyone && own_.agent.empty()) everyone_.rules.push_back(rule);
    if (rules_for_.own) own_.rules.push_back(std::move(rule));
  }

  // Of several the longest, for politeness.
  void read_crawl_delay(std::string_view value) {
    delay_begun_ = true;
    const auto delay = read_delay(value);
    if (delay_for_.own) own_.delay = std::max(own_.delay, delay);
    if (delay_for_.everyone) everyone_.delay = std::max(everyone_.delay, delay);
  }

  const std::string_view agent_;
  Robots robots_;
  Group own_;
  Group everyone_;

  // The agents of the group being read, of those we look for.
  struct Agents {
    bool own = false;
    bool everyone = false;
  };
  Agents rules_for_;
  bool rules_begun_ = false;
  // A group may be nothing but a Crawl-delay, which does not end it: its rules then belong
  // to the agents of the next lines too, but nobody means his delay for them.
  Agents delay_for_;
  bool delay_begun_ = false;
};

Robots Robots::parse(std::string_view text, std::string_view agent) {
  RobotsParser parser(agent);
  text = without_bom(within_limit(text));
  for (int number = 1; !text.empty(); ++number) {
    const std::size_t end = std::min(text.find_first_of("\r\n"), text.size());
    parser.read_line(text.substr(0, end), number);
    const bool crlf = text.substr(end, 2) == "\r\n";
    text.remove_prefix(std::min(end + (crlf ? 2 : 1), text.size()));
  }
  return parser.finish();
}

}  // namespace weft
