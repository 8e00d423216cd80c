// Of the servers that replicate a shard one is written to, by every ingester and by all maintenance. The protocol of
// cluster/ship/ship.hpp needs that: of two headers of a report the later one must see the earlier one, and a server
// sees what another got only after it has fetched it. Which one it is, is a row of the replicated table writer_local:
// the greatest number holds.
//
// Another server becomes the writer, promote():
//
//   1. it has everything that it knows of
//   2. it inserts the row that names it, not ready
//   3. it has everything that any server got before 2
//   4. it inserts the row that says ready: from now on it is written to
//
// Who writes asks its server, between storing headers and looking for others (steps 3 and 4 of cluster/ship/ship.hpp),
// whether it is the writer, after that server has read all of ZooKeeper's log. Why nothing counts twice when an
// ingester goes on writing to the former writer, which has come back: its headers were logged either before the row of
// 2, and then the new writer has fetched them (3) before anybody ships there, and shows them in step 4 even while they
// are not committed; or after it, and then the former writer has read that row when it is asked, because its own insert
// came later in the same log, and the batch is given up before the commit.
#pragma once
#include <cstdint>
#include <optional>
#include <string>

#include "cluster/server/client.hpp"

namespace ruaudit::cluster {

struct Writer {
  std::uint64_t number = 0;
  std::string server;  // its name in ZooKeeper: HOST:PORT of the URL with which it was made
  bool is_ready = false;
  std::string since;  // "2026-11-30 19:00:00" UTC
};
// As far as this server knows; nothing where the shard is not replicated.
model::Result<std::optional<Writer>> read_writer(Client& client, const Place& place);

// The server may be written to: its shard is not replicated, or it is the writer and has everything. Errors:
// "cluster-writer" (it is another), "cluster-behind", "cluster-read-only".
model::Result<void> check_writer(Client& client, const Place& place);

// Where the shard has no writer yet, this server becomes it.
model::Result<void> appoint_first(Client& client, const Place& place);

// This server becomes the writer of its shard. False: it is it already. Errors: "cluster-replicas" (it is not
// replicated), "cluster-behind" (others have what it has not: nothing is changed, or nobody writes until it is called
// again), "cluster-read-only", "cluster-writer" (another one is promoted at the same time).
model::Result<bool> promote(Client& client, const Place& place);

}  // namespace ruaudit::cluster
