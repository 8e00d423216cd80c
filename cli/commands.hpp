// The commands, as cli/command_table.cpp lists them; those of one group share a file of cli/commands/.
#pragma once
#include "cli/command.hpp"

namespace ruaudit::cli {

extern const Command ingest_command;
extern const Command reprocess_command;
extern const Command fetch_command;
extern const Command watch_command;
extern const Command status_command;
extern const Command summary_command;
extern const Command query_command;
extern const Command verify_command;
extern const Command check_command;
extern const Command simulate_command;
extern const Command authenticate_command;
extern const Command enrich_command;
extern const Command label_command;
extern const Command reverify_command;
extern const Command failures_command;
extern const Command failures_show_command;
extern const Command anonymise_command;
extern const Command db_check_command;
extern const Command db_prune_command;
extern const Command db_backup_command;
extern const Command db_export_command;
extern const Command db_migrate_command;
extern const Command db_stats_command;
extern const Command config_check_command;
extern const Command config_show_command;
extern const Command config_keys_command;
extern const Command init_command;
extern const Command doctor_command;
extern const Command digest_command;
extern const Command show_command;
extern const Command page_command;
extern const Command snooze_command;
extern const Command done_command;
extern const Command cluster_init_command;
extern const Command cluster_check_command;
extern const Command cluster_status_command;
extern const Command cluster_ship_command;
extern const Command cluster_pull_command;
extern const Command cluster_audit_command;
extern const Command cluster_seal_command;
extern const Command cluster_collect_command;
extern const Command cluster_leave_command;

}  // namespace ruaudit::cli
