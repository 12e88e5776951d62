// An act over many data keys, batch by batch, with the memory of a few batches: sessions work on
// the next ones while the last is written. Batches are written in the order in which they came. One
// thread calls; the functions of BatchWork but `work` run on it.
#pragma once

#include <algorithm>
#include <cstdint>
#include <deque>
#include <functional>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "act/act.h"
#include "base/error.h"
#include "dek/internal/crew.h"

namespace keyrite::dek {

// How many sessions work. Error kUsage "dek-jobs": fewer than 1, or more than 64.
[[nodiscard]] std::size_t jobs_of(const std::optional<std::uint32_t>& asked);

template <class Batch>
struct BatchWork {
  // The next one; nullptr at the end.
  std::function<std::unique_ptr<Batch>()> next{};
  // Does the records [first, last) of a batch; several threads at once, each another part.
  std::function<void(KekBench& bench, Batch& batch, std::size_t first, std::size_t last)> work{};
  // Into registry, log and output.
  std::function<void(Batch& batch)> write{};
  // What is written so far stays, whatever fails: for people; empty where it is nothing.
  std::function<std::string()> done{};
};

namespace internal {

template <class Batch>
struct InWork {
  std::unique_ptr<Batch> batch{};
  std::vector<std::future<void>> parts{};
};

template <class Batch>
InWork<Batch> begun(Crew& crew, const BatchWork<Batch>& work, std::unique_ptr<Batch> batch) {
  InWork<Batch> begun{.batch = std::move(batch)};
  const std::size_t records = begun.batch->size();
  const std::size_t parts = std::min(crew.jobs(), records);
  for (std::size_t i = 0; i < parts; ++i) {
    begun.parts.push_back(crew.give([&work, one = begun.batch.get(), first = records * i / parts,
                                     last = records * (i + 1) / parts](KekBench& bench) {
      work.work(bench, *one, first, last);
    }));
  }
  return begun;
}

template <class Batch>
bool worked_through(act::AtWork& at, std::size_t jobs, const BatchWork<Batch>& work) {
  // One is written, one is being worked on, and one waits, so that no session does.
  constexpr std::size_t kInWork = 3;
  std::deque<InWork<Batch>> in_work;  // outlives the crew
  Crew crew(at.pool(jobs), jobs);
  bool more = true;
  while (true) {
    while (more && in_work.size() < kInWork && !at.interrupted()) {
      auto batch = work.next();
      more = batch != nullptr;
      if (more) in_work.push_back(begun(crew, work, std::move(batch)));
    }
    if (in_work.empty()) return !more;
    for (auto& part : in_work.front().parts) part.get();
    work.write(*in_work.front().batch);
    in_work.pop_front();
  }
}

}  // namespace internal

// False: a person wants to stop; what was begun was done and written. Errors: those of the
// functions, after a note of what was done before.
template <class Batch>
bool work_in_batches(act::AtWork& at, std::size_t jobs, const BatchWork<Batch>& work) {
  try {
    return internal::worked_through(at, jobs, work);
  } catch (const Error&) {
    if (const auto done = work.done(); !done.empty()) at.context().note(done);
    throw;
  }
}

}  // namespace keyrite::dek
