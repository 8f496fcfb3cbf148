// Runs a graph with Taskflow on two threads: `graph MIXES`. Each node mixes its sum MIXES times.
//
// `benches/src/contenders/guest.rs` describes the protocol, and `benches/src/contenders/busy.rs` the mixing. The taskflow is built
// before the measurement starts, and executed repeatedly.

#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <sstream>
#include <string>
#include <vector>

#include <taskflow/taskflow.hpp>

static std::vector<std::size_t> read_numbers() {
  std::string line;
  std::getline(std::cin, line);
  std::istringstream words(line);
  std::vector<std::size_t> numbers;
  for (std::size_t number; words >> number;) numbers.push_back(number);
  return numbers;
}

static std::uint64_t mix(std::uint64_t sum, int mixes) {
  for (int i = 0; i < mixes; ++i) {
    sum += 0x9E3779B97F4A7C15;
    sum = (sum ^ (sum >> 30)) * 0xBF58476D1CE4E5B9;
    sum = (sum ^ (sum >> 27)) * 0x94D049BB133111EB;
    sum ^= sum >> 31;
  }
  return sum;
}

int main(int, char **arguments) {
  const int mixes = std::atoi(arguments[1]);
  std::vector<std::vector<std::size_t>> reads(read_numbers().at(0));
  for (auto &read : reads) read = read_numbers();
  const auto sinks = read_numbers();

  std::vector<std::uint64_t> values(reads.size());
  std::vector<tf::Task> tasks;
  tf::Taskflow taskflow;
  for (std::size_t node = 0; node < reads.size(); ++node) {
    tasks.push_back(taskflow.emplace([&values, &reads, node, mixes] {
      std::uint64_t sum = node;
      for (auto read : reads[node]) sum += values[read];
      values[node] = mix(sum, mixes);
    }));
    for (auto read : reads[node]) tasks[read].precede(tasks[node]);
  }
  tf::Executor executor(2);

  std::cout << "ready" << std::endl;
  for (std::uint64_t times; std::cin >> times;) {
    std::uint64_t total = 0;
    const auto start = std::chrono::steady_clock::now();
    for (std::uint64_t i = 0; i < times; ++i) {
      executor.run(taskflow).wait();
      for (auto sink : sinks) total += values[sink];
    }
    const auto elapsed = std::chrono::steady_clock::now() - start;
    std::cout << total << ' ' << std::chrono::duration_cast<std::chrono::nanoseconds>(elapsed).count() << std::endl;
  }
}
