// Where tests find what they read: files of this tree, and the corpus of conformance suites and real reports.
#pragma once
#include <string>

namespace ruaudit::test {

// "sample-reports/demo" -> its absolute path.
std::string source_path(const std::string& relative);

// The folder of the corpus: $RUAUDIT_CORPUS, else what the build was configured with; empty where there is none.
std::string corpus_folder();

}  // namespace ruaudit::test
