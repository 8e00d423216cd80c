// One ClickHouse server over HTTPS, its certificate checked: SQL in, rows out, blocks in. Nothing is tried again: what
// an error leaves in doubt the caller resolves. Errors name the server and the remedy: "cluster-unreached",
// "cluster-certificate", "cluster-silent" (no answer in time), "cluster-password", "cluster-disk" (the server's disk is
// full), "cluster-older" (a version before 18.16), "cluster-refused" (anything else that the server says).
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cluster/server/place.hpp"
#include "model/result.hpp"

namespace ruaudit::cluster {

// Values as ClickHouse writes them, unescaped; nothing for NULL.
struct Rows {
  std::vector<std::string> columns, types;
  std::vector<std::vector<std::optional<std::string>>> rows;
};

class Client {
 public:
  // To a server of a shard. Asks for the version.
  static model::Result<Client> connect(const Place& place, std::size_t shard, std::size_t server = 0);
  Client(Client&&) noexcept;
  Client& operator=(Client&&) noexcept;
  ~Client();

  model::Result<void> run(std::string_view sql);
  // `columns`: so many are asked for, and every row has them; another number is error "cluster-refused". 0: any.
  model::Result<Rows> ask(std::string_view select, std::size_t columns = 0);
  // The octets of the answer in Native format, for read_native().
  model::Result<std::string> fetch(std::string_view select);
  // INSERT INTO `into` ("table (a, b)") with a block in Native format.
  model::Result<void> insert(std::string_view into, std::string_view native);

  [[nodiscard]] const std::string& url() const;
  [[nodiscard]] const std::string& version() const;  // "18.16.1"

 private:
  struct State;
  explicit Client(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace ruaudit::cluster
