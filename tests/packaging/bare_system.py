"""Bare Debian systems for tests: made by debootstrap once, kept as archives, unpacked into a new folder for every use."""
import hashlib
import os
import pathlib
import shutil
import subprocess
import sys
import time

SUITE = "bookworm"
MIRROR = os.environ.get("RUAUDIT_MIRROR", "http://deb.debian.org/debian")
CACHE = pathlib.Path(os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache") / "ruaudit-systems"
MAX_AGE_SECONDS = 14 * 86400


def require_debootstrap():
    """Ends the test where no system can be made: skipped by hand, failed in CI."""
    why = None
    if os.geteuid() != 0:
        why = "debootstrap needs root"
    elif not shutil.which("debootstrap"):
        why = "debootstrap is not installed"
    elif subprocess.run(["unshare", "--mount", "true"], capture_output=True).returncode != 0:
        why = "no mount namespace can be made here"
    if why:
        print(f"no bare system: {why}")
        sys.exit(1 if os.environ.get("CI") == "true" else 77)


class System:
    """A system below a folder. Downloaded packages are kept beside the archives."""

    def __init__(self, root):
        self.root = pathlib.Path(root)

    def run(self, command, check=True, user=None, timeout=1800):
        """Runs a bash command inside; both its outputs are returned together with its exit code."""
        packages = CACHE / "packages"
        (packages / "partial").mkdir(parents=True, exist_ok=True)
        inside = ["chroot", str(self.root)] if user is None else ["chroot", f"--userspec={user}", str(self.root)]
        outer = f"mount -t proc proc {self.root}/proc && mount --bind {packages} {self.root}/var/cache/apt/archives && exec \"$@\""
        environment = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/root", "LC_ALL": "C.UTF-8",
                       "DEBIAN_FRONTEND": "noninteractive", "RUAUDIT_OFFLINE": "1"}
        done = subprocess.run(["unshare", "--mount", "--fork", "bash", "-c", outer, "bash", *inside, "bash", "-c", command],
                              env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              text=True, errors="replace", timeout=timeout)
        if check and done.returncode != 0:
            raise RuntimeError(f"{command}: exit {done.returncode}\n{done.stdout[-3000:]}")
        return done

    def text(self, command, **more):
        return self.run(command, **more).stdout.strip()

    def write(self, path, text, mode=0o644):
        target = self.root / path.lstrip("/")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)
        target.chmod(mode)

    def pack(self, archive):
        draft = archive.with_suffix(f".{os.getpid()}")
        subprocess.run(["tar", "-C", self.root, "--one-file-system", "-cf", draft, "."], check=True)
        draft.rename(archive)


def unpacked(archive, folder):
    folder.mkdir(parents=True)
    subprocess.run(["tar", "-C", folder, "-xpf", archive], check=True)
    shutil.copy("/etc/resolv.conf", folder / "etc/resolv.conf")
    return System(folder)


def is_fresh(archive):
    return archive.exists() and time.time() - archive.stat().st_mtime < MAX_AGE_SECONDS


def bare(folder):
    """A minbase system with fresh lists of packages."""
    CACHE.mkdir(parents=True, exist_ok=True)
    archive = CACHE / f"{SUITE}.tar"
    if not is_fresh(archive):
        making = folder.parent / "making"
        subprocess.run(["debootstrap", "--variant=minbase", SUITE, making, MIRROR], check=True, stdout=subprocess.DEVNULL)
        system = System(making)
        shutil.copy("/etc/resolv.conf", making / "etc/resolv.conf")
        system.run("apt-get update -qq")
        system.pack(archive)
        shutil.rmtree(making)
    return unpacked(archive, folder)


def with_script_run(folder, source, script, argument):
    """A bare system in which SCRIPT ARGUMENT of the tree SOURCE has run; kept as long as the script stays the same."""
    key = hashlib.sha256((source / script).read_bytes() + argument.encode()).hexdigest()[:16]
    archive = CACHE / f"{SUITE}-{pathlib.Path(script).name}-{argument}-{key}.tar"
    if not is_fresh(archive):
        system = bare(folder)
        system.write("/script", (source / script).read_text(), 0o755)
        system.run(f"/script {argument}")
        for former in CACHE.glob(f"{SUITE}-{pathlib.Path(script).name}-{argument}-*.tar"):
            former.unlink()
        system.pack(archive)
        return system
    return unpacked(archive, folder)
