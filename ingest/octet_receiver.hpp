// Where unpackers put their output: the interface between one layer of packaging and what is inside.
#pragma once
#include <string_view>

namespace ruaudit::ingest {

class OctetReceiver {
 public:
  virtual ~OctetReceiver() = default;
  virtual bool chunk(std::string_view octets) = 0;  // false: enough, stop
  virtual void member() {}                          // a further gzip member begins with the next chunk
};

}  // namespace ruaudit::ingest
