// Crawls of a TableWeb kept in a job on disk.
#pragma once

#include "support/jobs.hpp"
#include "support/table_web.hpp"
#include "support/temp_dir.hpp"
#include "weft/store/job_db.hpp"

namespace weft::test {

// Records go to `records` where it is not null.
CrawlSeams job_seams(TableWeb& web, std::unique_ptr<JobDb> job, std::vector<Record>* records);

// A new job in `directory`, as crawl().
Crawled crawl_job(TableWeb& web, const std::string& directory, const Urls& seeds,
                  CrawlConfig config = {});

// Goes on with it.
Crawled resume_job(TableWeb& web, const std::string& directory, CrawlConfig config = {},
                   Rejudge rejudge = Rejudge::no);

}  // namespace weft::test
