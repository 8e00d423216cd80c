target_sources(ruaudit_assess PRIVATE
  class_index.cpp
  co_signers.cpp
  domain_text.cpp
  identity.cpp
  labels.cpp
  pattern.cpp
  rules.cpp
  selector_homes.cpp
  services.cpp
  source_class.cpp
  strangers.cpp)
