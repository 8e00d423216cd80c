// From the text of a value to its place in the Configuration: one function per key of config/keys.hpp, in the same
// order. The text is as it stands in the file, quotes included. Relative paths count from `folder`, ~/ from $HOME.
#pragma once
#include <span>
#include <string>
#include <string_view>

#include "config/configuration.hpp"
#include "model/result.hpp"

namespace ruaudit::config {

struct ValueText {
  std::string_view text;
  std::string_view folder;  // empty: the working folder
};

template <class T>
struct KeySetter {
  std::string_view name;
  model::Result<void> (*set)(T& target, const ValueText& value);
};

std::span<const KeySetter<General>> general_setters();
std::span<const KeySetter<Mailbox>> mailbox_setters();
std::span<const KeySetter<OutgoingMail>> outgoing_setters();
std::span<const KeySetter<DigestGroup>> digest_setters();
std::span<const KeySetter<Cluster>> cluster_setters();

}  // namespace ruaudit::config
