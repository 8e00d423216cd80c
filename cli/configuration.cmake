# The configuration's commands: config, init, doctor.
target_sources(ruaudit_cli PRIVATE
  config_commands.cpp doctor_command.cpp doctor_finding.cpp doctor_machine.cpp doctor_mailbox.cpp doctor_network.cpp
  init_command.cpp init_questions.cpp init_text.cpp mailbox_credentials.cpp)
