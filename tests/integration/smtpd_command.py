"""How tests start OpenSMTPD: it wants a name of the machine, which a bare system has not, nor in /etc/mailname."""
import os
import pathlib
import subprocess

NAMED = 'hostname localhost && { [ ! -e /etc/mailname ] || mount --bind "$0" /etc/mailname; } && exec smtpd -d -v -f "$1"'


def namespaces():
    """Mounts of its own only where one is needed: a chroot that is no mount point cannot have them."""
    return ["--uts", *(["--mount"] if os.path.exists("/etc/mailname") else [])]


def can_start_smtpd():
    return os.geteuid() == 0 and subprocess.run(["unshare", *namespaces(), "true"], capture_output=True).returncode == 0


def smtpd_command(folder, config):
    """In the foreground, with a name that the rest of the machine does not see. Needs root, as smtpd does."""
    name = pathlib.Path(folder, "mailname")
    name.write_text("mx.example.org\n")
    return ["unshare", *namespaces(), "sh", "-c", NAMED, str(name), str(config)]
