// A configuration before it is read as values: what the file and the settings say about each section. A setting
// replaces that key of the file, and also the keys there that say the same thing another way (password_env replaces
// password_file, host replaces url).
#pragma once
#include <span>
#include <string>
#include <vector>

#include "config/ini.hpp"

namespace ruaudit::config {

enum class Layer { file, setting };

struct Given {
  std::string key;
  std::string value;   // quotes still in it
  std::string origin;  // "ruaudit.conf:12", "command line"
  Layer layer = Layer::file;
};

struct DraftSection {
  std::string kind;
  std::string name;
  std::string origin;
  Layer layer = Layer::file;  // that names the section first
  std::vector<Given> keys;
};

// Adds to the sections what the settings "SECTION.KEY=VALUE" say; error code "usage".
model::Result<void> apply_settings(std::vector<DraftSection>& sections, std::span<const std::string> settings);

// Of an error: "config" for what a file says, "setting" for what the command line says.
std::string error_code(Layer layer);

// Of a section: pairs of keys of one layer that cannot both be meant.
std::vector<model::Error> contradictions(const DraftSection& section);

}  // namespace ruaudit::config
