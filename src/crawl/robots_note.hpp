// How an origin's robots.txt was had, as the job keeps it, and what that means for the crawl.
//
// Threads: functions of their input.
#pragma once

#include <string>
#include <string_view>

#include "crawl/robots_cache.hpp"
#include "weft/crawl/config.hpp"
#include "weft/store/journal.hpp"

namespace weft {

// A complete response, its body decoded.
RobotsNote answered(std::string origin, int status, std::string body);

// It could not be had; `why` for people.
RobotsNote unreachable(std::string origin, Outcome outcome, const std::string& why);

// RFC 9309 §2.3.1.
RobotsAnswer answer_of(const RobotsNote& note, std::string_view agent);

Clock::duration lifetime(const RobotsAnswer& answer);
Clock::duration crawl_delay(const RobotsAnswer& answer, const CrawlConfig& config);

}  // namespace weft
