// The parts of the policy gate: what blocks a step, the steps, and the questions beside p. For policy_gate.cpp.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "assess/overview/policy_gate.hpp"

namespace ruaudit::assess {

// Which step would be the next one: 0 p=none, 1 p=quarantine, 2 p=reject. t=y counts as the step it tests.
int level_of(model::Policy p);
bool posts_to_lists(const GateFacts& facts);
// So much own mail neither passes nor fails that what is known of the rest says nothing.
bool is_undecided(const GateFacts& facts);
// What neither passes nor fails, and why: one note each.
std::vector<model::Sentence> undecided_notes(const GateFacts& facts);

// By messages, most first. `target` is the level that the step leads to.
std::vector<model::GateBlock> gate_blocks(const GateFacts& facts, int target);
// What would block, but is to be left alone for now, by number.
std::vector<model::SnoozedBlock> snoozed_blocks(const GateFacts& facts);
// From the present record to `end`, each with the first day it may be published.
std::vector<model::PolicyStep> gate_steps(const GateFacts& facts, int end);
// Whether the record stands as published: without it no other may be made of it, since its rua and fo would be lost.
bool is_record_known(const GateFacts& facts);
model::Sentence unknown_record();
// The record to publish where there is none that counts.
model::PolicyStep first_record(const GateFacts& facts);
std::vector<model::SidePolicy> side_policies(const GateFacts& facts, bool is_blocked);

bool is_over(std::int64_t part, std::int64_t whole, int percent);  // part is more than that much of whole
model::Sentence share_of(std::int64_t part, std::int64_t whole);   // "1,234 of 5,678 messages"

}  // namespace ruaudit::assess
