#include <catch2/catch.hpp>

#include "ingest/mailbox/auth/oauth.hpp"

using namespace ruaudit;
using namespace ruaudit::ingest::mailbox;

namespace {

struct Provider {
  std::int64_t now = 1'000'000;
  std::int64_t life = 3600;
  int granted = 0;
  bool is_down = false;

  TokenCache cache() {
    return {[this](std::int64_t at) -> model::Result<AccessToken> {
              if (is_down) return model::failure("oauth-endpoint", "down");
              return AccessToken{"t" + std::to_string(++granted), life == 0 ? 0 : at + life, ""};
            },
            [this] { return now; }};
  }
};

}  // namespace

TEST_CASE("a token is used again until five minutes before its end") {
  Provider provider;
  auto cache = provider.cache();
  CHECK(cache.token() == "t1");
  provider.now += 3600 - 301;
  CHECK(cache.token() == "t1");
  provider.now += 1;
  CHECK(cache.token() == "t2");
}

TEST_CASE("a token of short life is used for half of it") {
  Provider provider{.life = 60};
  auto cache = provider.cache();
  CHECK(cache.token() == "t1");
  provider.now += 29;
  CHECK(cache.token() == "t1");
  provider.now += 1;
  CHECK(cache.token() == "t2");
}

TEST_CASE("a token without a told life is used until it is refused") {
  Provider provider{.life = 0};
  auto cache = provider.cache();
  CHECK(cache.token() == "t1");
  provider.now += 1'000'000;
  CHECK(cache.token() == "t1");
  CHECK(cache.renewed_token() == "t2");
  CHECK(cache.token() == "t2");
}

TEST_CASE("a clock that was set back makes the cached token doubtful") {
  Provider provider;
  auto cache = provider.cache();
  CHECK(cache.token() == "t1");
  provider.now -= 100;
  CHECK(cache.token() == "t2");
}

TEST_CASE("a refused token is never given again, also when no other can be had") {
  Provider provider;
  auto cache = provider.cache();
  CHECK(cache.token() == "t1");
  provider.is_down = true;
  CHECK(!cache.renewed_token());
  CHECK(!cache.token());
  provider.is_down = false;
  CHECK(cache.token() == "t2");
}
