#include "config/key_setters.hpp"

#include <array>

#include "config/ini.hpp"
#include "config/keys.hpp"
#include "config/mailbox_url.hpp"
#include "config/value_reading.hpp"

namespace ruaudit::config {
namespace {

using Set = model::Result<void>;

// The member of `target` at the end of the path of members.
template <auto... Path, class T>
auto& member(T& target) {
  return (target.*....*Path);
}

template <auto... Path>
struct Of {
  template <class T>
  static Set text(T& target, const ValueText& value) {
    TRY(member<Path...>(target), scalar_value(value.text));
    return {};
  }
  template <class T>
  static Set language(T& target, const ValueText& value) {
    TRY(member<Path...>(target), language_value(value.text));
    return {};
  }
  template <class T>
  static Set list(T& target, const ValueText& value) {
    TRY(member<Path...>(target), list_value(value.text));
    return {};
  }
  template <class T>
  static Set server_lists(T& target, const ValueText& value) {
    TRY(member<Path...>(target), server_lists_value(value.text));
    return {};
  }
  template <class T>
  static Set paths(T& target, const ValueText& value) {
    TRY(auto paths, list_value(value.text));
    for (std::string& path : paths) {
      ValueText one = value;
      one.text = path;
      TRY(path, path_value(one));
    }
    member<Path...>(target) = std::move(paths);
    return {};
  }
  template <class T>
  static Set domains(T& target, const ValueText& value) {
    TRY(member<Path...>(target), domains_value(value.text));
    return {};
  }
  template <class T>
  static Set path(T& target, const ValueText& value) {
    TRY(member<Path...>(target), path_value(value));
    return {};
  }
  template <class T>
  static Set word(T& target, const ValueText& value) {
    auto& place = member<Path...>(target);
    TRY(place, word_value<std::remove_reference_t<decltype(place)>>(value.text));
    return {};
  }
  template <class T>
  static Set on_off(T& target, const ValueText& value) {
    TRY(member<Path...>(target), switch_value(value.text));
    return {};
  }
  template <class T>
  static Set day(T& target, const ValueText& value) {
    TRY(member<Path...>(target), day_value(value.text));
    return {};
  }
  template <class T>
  static Set disposition(T& target, const ValueText& value) {
    TRY(member<Path...>(target), disposition_value(value.text));
    return {};
  }
  template <std::uint64_t Low, std::uint64_t High, auto Read = number_value, class T>
  static Set number(T& target, const ValueText& value) {
    auto& place = member<Path...>(target);
    TRY(const auto number, Read(value.text, Range{Low, High}));
    place = static_cast<std::remove_reference_t<decltype(place)>>(number);
    return {};
  }
  template <class T>
  static Set file(T& target, const ValueText& value) {
    TRY(auto path, path_value(value));
    member<Path...>(target) = SecretFile{std::move(path)};
    return {};
  }
  template <class Source, class T>
  static Set secret(T& target, const ValueText& value) {
    TRY(auto text, scalar_value(value.text));
    member<Path...>(target) = Source{std::move(text)};
    return {};
  }
};

Set set_url(Mailbox& mailbox, const ValueText& value) {
  TRY(const auto text, scalar_value(value.text));
  return read_mailbox_url(text, mailbox);
}

constexpr std::uint64_t kibi = 1ULL << 10U, gibi = 1ULL << 30U, day = 86'400;
using M = Mailbox;
using G = General;
using O = OAuth;

constexpr std::array general_table = {
    KeySetter<G>{"database", Of<&G::database>::path<G>},
    KeySetter<G>{"samples", Of<&G::samples>::word<G>},
    KeySetter<G>{"resolver", Of<&G::resolver>::text<G>},
    KeySetter<G>{"health_file", Of<&G::health_file>::path<G>},
    KeySetter<G>{"metrics_file", Of<&G::metrics_file>::path<G>},
    KeySetter<G>{"log_format", Of<&G::log_format>::word<G>},
    KeySetter<G>{"log_level", Of<&G::log_level>::word<G>},
    KeySetter<G>{"trusted_authserv_ids", Of<&G::trusted_authserv_ids>::list<G>},
    KeySetter<G>{"domains", Of<&G::domains>::domains<G>},
    KeySetter<G>{"parked", Of<&G::parked>::domains<G>},
    KeySetter<G>{"rua", Of<&G::rua>::list<G>},
    KeySetter<G>{"service_files", Of<&G::service_files>::paths<G>},
    KeySetter<G>{"network_files", Of<&G::network_files>::paths<G>},
    KeySetter<G>{"language", Of<&G::language>::language<G>},
    KeySetter<G>{"require_authentic", Of<&G::require_authentic>::on_off<G>},
    KeySetter<G>{"confinement", Of<&G::confinement>::word<G>},
};

using Token = Of<&M::oauth, &O::token>;
using ClientSecret = Of<&M::oauth, &O::client_secret>;
using RefreshToken = Of<&M::oauth, &O::refresh_token>;
using Password = Of<&M::password>;

constexpr std::array mailbox_table = {
    KeySetter<M>{"type", Of<&M::type>::word<M>},
    KeySetter<M>{"url", set_url},
    KeySetter<M>{"host", Of<&M::host>::text<M>},
    KeySetter<M>{"port", Of<&M::port>::number<1, 65'535>},
    KeySetter<M>{"security", Of<&M::security>::word<M>},
    KeySetter<M>{"insecure_plaintext", Of<&M::insecure_plaintext>::on_off<M>},
    KeySetter<M>{"ca_file", Of<&M::ca_file>::path<M>},
    KeySetter<M>{"user", Of<&M::user>::text<M>},
    KeySetter<M>{"password_file", Password::file},
    KeySetter<M>{"password_command", Password::secret<SecretCommand>},
    KeySetter<M>{"password_env", Password::secret<SecretEnvironment>},
    KeySetter<M>{"password_credential", Password::secret<SystemdCredential>},
    KeySetter<M>{"oauth", Of<&M::oauth, &O::grant>::word<M>},
    KeySetter<M>{"login", Of<&M::oauth, &O::login>::word<M>},
    KeySetter<M>{"token_file", Token::file},
    KeySetter<M>{"token_command", Token::secret<SecretCommand>},
    KeySetter<M>{"token_endpoint", Of<&M::oauth, &O::token_endpoint>::text<M>},
    KeySetter<M>{"client_id", Of<&M::oauth, &O::client_id>::text<M>},
    KeySetter<M>{"client_secret_file", ClientSecret::file},
    KeySetter<M>{"client_secret_command", ClientSecret::secret<SecretCommand>},
    KeySetter<M>{"client_secret_env", ClientSecret::secret<SecretEnvironment>},
    KeySetter<M>{"client_secret_credential", ClientSecret::secret<SystemdCredential>},
    KeySetter<M>{"refresh_token_file", RefreshToken::file},
    KeySetter<M>{"refresh_token_command", RefreshToken::secret<SecretCommand>},
    KeySetter<M>{"refresh_token_env", RefreshToken::secret<SecretEnvironment>},
    KeySetter<M>{"refresh_token_credential", RefreshToken::secret<SystemdCredential>},
    KeySetter<M>{"scope", Of<&M::oauth, &O::scope>::text<M>},
    KeySetter<M>{"key_file", Of<&M::oauth, &O::key>::file},
    KeySetter<M>{"key_credential", Of<&M::oauth, &O::key>::secret<SystemdCredential>},
    KeySetter<M>{"issuer", Of<&M::oauth, &O::issuer>::text<M>},
    KeySetter<M>{"subject", Of<&M::oauth, &O::subject>::text<M>},
    KeySetter<M>{"audience", Of<&M::oauth, &O::audience>::text<M>},
    KeySetter<M>{"token_ca_file", Of<&M::oauth, &O::ca_file>::path<M>},
    KeySetter<M>{"folders", Of<&M::folders>::list<M>},
    KeySetter<M>{"folders_except", Of<&M::folders_except>::list<M>},
    KeySetter<M>{"path", Of<&M::path>::path<M>},
    KeySetter<M>{"done", Of<&M::done>::disposition<M>},
    KeySetter<M>{"failed", Of<&M::failed>::disposition<M>},
    KeySetter<M>{"domains", Of<&M::domains>::domains<M>},
    KeySetter<M>{"trusted_authserv_ids", Of<&M::trusted_authserv_ids>::list<M>},
    KeySetter<M>{"since", Of<&M::since>::day<M>},
    KeySetter<M>{"batch_messages", Of<&M::batch_messages>::number<1, 1000>},
    KeySetter<M>{"batch_size", Of<&M::batch_octets>::number<kibi, gibi, size_value>},
    KeySetter<M>{"max_message_size", Of<&M::max_message_octets>::number<kibi, 64 * gibi, size_value>},
    KeySetter<M>{"max_attempts", Of<&M::max_attempts>::number<1, 1000>},
    KeySetter<M>{"connect_timeout", Of<&M::connect_timeout_seconds>::number<1, 3600, seconds_value>},
    KeySetter<M>{"timeout", Of<&M::timeout_seconds>::number<1, 3600, seconds_value>},
    KeySetter<M>{"visit_limit", Of<&M::visit_limit_seconds>::number<1, 30 * day, seconds_value>},
    KeySetter<M>{"poll_interval", Of<&M::poll_interval_seconds>::number<10, 30 * day, seconds_value>},
    KeySetter<M>{"idle", Of<&M::idle>::on_off<M>},
    KeySetter<M>{"ignored_capabilities", Of<&M::ignored_capabilities>::list<M>},
};

using S = OutgoingMail;
using D = DigestGroup;
template <auto... Path>
using Server = Of<&S::server, Path...>;
using ServerPassword = Server<&M::password>;
using WebhookKey = Of<&D::webhook_key>;

constexpr std::array outgoing_table = {
    KeySetter<S>{"from", Of<&S::from>::text<S>},
    KeySetter<S>{"sendmail", Of<&S::sendmail>::path<S>},
    KeySetter<S>{"host", Server<&M::host>::text<S>},
    KeySetter<S>{"port", Server<&M::port>::number<1, 65'535>},
    KeySetter<S>{"security", Server<&M::security>::word<S>},
    KeySetter<S>{"insecure_plaintext", Server<&M::insecure_plaintext>::on_off<S>},
    KeySetter<S>{"ca_file", Server<&M::ca_file>::path<S>},
    KeySetter<S>{"user", Server<&M::user>::text<S>},
    KeySetter<S>{"password_file", ServerPassword::file},
    KeySetter<S>{"password_command", ServerPassword::secret<SecretCommand>},
    KeySetter<S>{"password_env", ServerPassword::secret<SecretEnvironment>},
    KeySetter<S>{"password_credential", ServerPassword::secret<SystemdCredential>},
    KeySetter<S>{"oauth", Server<&M::oauth, &O::grant>::word<S>},
    KeySetter<S>{"login", Server<&M::oauth, &O::login>::word<S>},
    KeySetter<S>{"token_file", Server<&M::oauth, &O::token>::file},
    KeySetter<S>{"token_command", Server<&M::oauth, &O::token>::secret<SecretCommand>},
    KeySetter<S>{"token_endpoint", Server<&M::oauth, &O::token_endpoint>::text<S>},
    KeySetter<S>{"client_id", Server<&M::oauth, &O::client_id>::text<S>},
    KeySetter<S>{"client_secret_file", Server<&M::oauth, &O::client_secret>::file},
    KeySetter<S>{"refresh_token_file", Server<&M::oauth, &O::refresh_token>::file},
    KeySetter<S>{"scope", Server<&M::oauth, &O::scope>::text<S>},
    KeySetter<S>{"key_file", Server<&M::oauth, &O::key>::file},
    KeySetter<S>{"token_ca_file", Server<&M::oauth, &O::ca_file>::path<S>},
    KeySetter<S>{"connect_timeout", Server<&M::connect_timeout_seconds>::number<1, 3600, seconds_value>},
    KeySetter<S>{"timeout", Server<&M::timeout_seconds>::number<1, 3600, seconds_value>},
};

constexpr std::array digest_table = {
    KeySetter<D>{"domains", Of<&D::domains>::domains<D>},
    KeySetter<D>{"to", Of<&D::to>::list<D>},
    KeySetter<D>{"language", Of<&D::language>::language<D>},
    KeySetter<D>{"quiet_if_empty", Of<&D::quiet_if_empty>::on_off<D>},
    KeySetter<D>{"webhook", Of<&D::webhook>::text<D>},
    KeySetter<D>{"webhook_key_file", WebhookKey::file},
    KeySetter<D>{"webhook_key_env", WebhookKey::secret<SecretEnvironment>},
    KeySetter<D>{"webhook_key_credential", WebhookKey::secret<SystemdCredential>},
    KeySetter<D>{"webhook_ca_file", Of<&D::webhook_ca_file>::path<D>},
};

using C = Cluster;
using ClusterPassword = Of<&C::password>;

constexpr std::array cluster_table = {
    KeySetter<C>{"shards", Of<&C::shards>::server_lists<C>},
    KeySetter<C>{"name", Of<&C::name>::text<C>},
    KeySetter<C>{"database", Of<&C::database>::text<C>},
    KeySetter<C>{"user", Of<&C::user>::text<C>},
    KeySetter<C>{"password_file", ClusterPassword::file},
    KeySetter<C>{"password_command", ClusterPassword::secret<SecretCommand>},
    KeySetter<C>{"password_env", ClusterPassword::secret<SecretEnvironment>},
    KeySetter<C>{"password_credential", ClusterPassword::secret<SystemdCredential>},
    KeySetter<C>{"ca_file", Of<&C::ca_file>::path<C>},
    KeySetter<C>{"connect_timeout", Of<&C::connect_timeout_seconds>::number<1, 3600, seconds_value>},
    KeySetter<C>{"timeout", Of<&C::timeout_seconds>::number<1, 86'400, seconds_value>},
    KeySetter<C>{"ship_delay", Of<&C::ship_delay_seconds>::number<0, 30 * day, seconds_value>},
};

template <class Keys, class Setters>
consteval bool are_in_step(const Keys& keys, const Setters& setters) {
  if (keys.size() != setters.size()) return false;
  for (std::size_t i = 0; i < keys.size(); ++i)
    if (keys[i].name != setters[i].name) return false;
  return true;
}
static_assert(are_in_step(general_keys, general_table), "a key of [general] has no setter, or in another place");
static_assert(are_in_step(mailbox_keys, mailbox_table), "a key of [mailbox] has no setter, or in another place");
static_assert(are_in_step(outgoing_keys, outgoing_table), "a key of [mail] has no setter, or in another place");
static_assert(are_in_step(digest_keys, digest_table), "a key of [digest] has no setter, or in another place");
static_assert(are_in_step(cluster_keys, cluster_table), "a key of [cluster] has no setter, or in another place");

}  // namespace

std::span<const KeySetter<General>> general_setters() { return general_table; }
std::span<const KeySetter<Mailbox>> mailbox_setters() { return mailbox_table; }
std::span<const KeySetter<OutgoingMail>> outgoing_setters() { return outgoing_table; }
std::span<const KeySetter<DigestGroup>> digest_setters() { return digest_table; }
std::span<const KeySetter<Cluster>> cluster_setters() { return cluster_table; }

}  // namespace ruaudit::config
