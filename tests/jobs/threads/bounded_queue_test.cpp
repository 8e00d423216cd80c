#include "jobs/threads/bounded_queue.hpp"

#include <atomic>
#include <catch2/catch.hpp>
#include <chrono>
#include <thread>

using ruaudit::jobs::BoundedQueue;

TEST_CASE("values come out in the order they went in, and nothing after the end") {
  BoundedQueue<int> queue(100);
  for (int i = 0; i < 5; ++i) CHECK(queue.push(i, 10));
  queue.close();
  for (int i = 0; i < 5; ++i) CHECK(queue.pop() == i);
  CHECK_FALSE(queue.pop().has_value());
}

TEST_CASE("a full queue makes the producer wait until there is room") {
  BoundedQueue<int> queue(10);
  CHECK(queue.push(1, 10));
  std::atomic<bool> pushed = false;
  std::thread producer([&] {
    queue.push(2, 1);
    pushed = true;
  });
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  CHECK_FALSE(pushed);
  CHECK(queue.pop() == 1);
  CHECK(queue.pop() == 2);
  producer.join();
  CHECK(pushed);
}

TEST_CASE("one value larger than the capacity passes an empty queue") {
  BoundedQueue<int> queue(10);
  CHECK(queue.push(1, 1000));
  CHECK(queue.pop() == 1);
}

TEST_CASE("an abandoned queue frees a waiting producer and takes nothing more") {
  BoundedQueue<int> queue(10);
  CHECK(queue.push(1, 10));
  bool taken = true;
  std::thread producer([&] { taken = queue.push(2, 10); });
  queue.abandon();
  producer.join();
  CHECK_FALSE(taken);
  CHECK_FALSE(queue.push(3, 1));
}
