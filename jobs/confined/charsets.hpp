// The C library loads the tables of a character set when it is first asked for: after confinement it could not.
#pragma once

namespace ruaudit::jobs {

// Of every set that mail is written in.
void open_charsets();

}  // namespace ruaudit::jobs
