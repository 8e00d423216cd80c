target_sources(ruaudit_store PRIVATE
  ledger/item_writer.cpp
  ledger/known_items.cpp
  ledger/mailbox_state.cpp
  ledger/queries.cpp
  ledger/reprocess.cpp)
