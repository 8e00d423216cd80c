# Reading for summaries and analysts: apart from the writer, which links what reading does not need.
ruaudit_stage(store_queries
  SOURCES named_queries.cpp query.cpp read_connection.cpp summary_counts.cpp summary_details.cpp summary_queries.cpp summary_samples.cpp
          summary_selection.cpp
  LINK ruaudit_model PRIVATE_LINK SQLite::SQLite3)
