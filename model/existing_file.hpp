// What happens to a file that is already where another is to be written.
#pragma once
#include <cstdint>

namespace ruaudit::model {

enum class ExistingFile : std::uint8_t { refuse, replace };

}  // namespace ruaudit::model
