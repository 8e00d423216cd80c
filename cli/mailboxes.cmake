# Fetching and watching mailboxes.
target_sources(ruaudit_cli PRIVATE
  acknowledgement.cpp fetch_command.cpp imap_source.cpp log.cpp mail_source.cpp mail_spool.cpp mailbox_access.cpp
  mailbox_command_options.cpp mailbox_health.cpp mailbox_round.cpp mailbox_sync.cpp mailbox_visit.cpp maildir_source.cpp
  notify.cpp pop3_source.cpp status_command.cpp watch_command.cpp watch_mailbox.cpp)
target_link_libraries(ruaudit_cli PUBLIC ruaudit_config ruaudit_ingest_mailbox)
