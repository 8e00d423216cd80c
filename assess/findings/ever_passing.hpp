// Whose mail can show that a mechanism broke: addresses that never passed by it are no part of what broke, but where
// they could not have passed: other addresses of an IPv6 host that did, and addresses that a service's pool got after
// the mechanism had stopped working for that Author Domain.
#pragma once
#include "assess/findings/rules.hpp"

namespace ruaudit::assess {

LineTest ever_passing(const Matter& of, const Sender& sender, Check Line::*check);

}  // namespace ruaudit::assess
