"""ClickHouse servers for a test: one a shard, on loopback ports that were free, TLS with an authority of the test's own,
a folder of their own. Started and stopped by process id.

    with Shards(folder, 2) as shards:
        shards.configuration()          # the section [cluster] for ruaudit.conf
        shards[0].query("SELECT 1")
        shards[0].stop(signal.SIGKILL); shards[0].start()

With replicas=2 each shard is two servers, and ZooKeeper runs: shards.replicas[0] are those of the first shard.
"""
import hashlib
import os
import pathlib
import shutil
import signal
import socket
import ssl
import subprocess
import time
import urllib.error
import urllib.parse
import urllib.request

import process
import zookeeper

PASSWORD = "correct horse battery"
SERVER = shutil.which("clickhouse-server", path="/usr/sbin:/usr/bin:/sbin:/bin")


def free_ports(number):
    """Ports that were free a moment ago, all different."""
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(number)]
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


def run(*command):
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def make_authority(folder, name="ca"):
    key, certificate = folder / f"{name}.key", folder / f"{name}.crt"
    run("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "3", "-subj", f"/CN={name} of a test",
        "-keyout", key, "-out", certificate)
    return key, certificate


def make_certificate(folder, authority):
    key, request, certificate, names = (folder / f"server.{ending}" for ending in ("key", "csr", "crt", "ext"))
    run("openssl", "req", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=localhost", "-keyout", key, "-out", request)
    names.write_text("subjectAltName=DNS:localhost,IP:127.0.0.1\n")
    run("openssl", "x509", "-req", "-in", request, "-CA", authority[1], "-CAkey", authority[0], "-CAcreateserial", "-days",
        "3", "-extfile", names, "-out", certificate)
    return key, certificate


USERS = """<yandex>
<include_from>{folder}/secrets.xml</include_from>
<profiles>
 <default><max_threads>1</max_threads><max_memory_usage>4000000000</max_memory_usage></default>
 <readonly><readonly>1</readonly></readonly>
</profiles>
<users>
 <ruaudit><password_sha256_hex incl="password"/><networks><ip>127.0.0.1</ip></networks><profile>default</profile><quota>default</quota></ruaudit>
 <analyst><password_sha256_hex incl="password"/><networks><ip>127.0.0.1</ip></networks><profile>readonly</profile><quota>default</quota></analyst>
</users>
<quotas><default/></quotas>
</yandex>
"""

CONFIG = """<yandex>
<logger><level>{level}</level><log>{folder}/log/server.log</log><errorlog>{folder}/log/error.log</errorlog>
 <size>100M</size><count>1</count></logger>
<https_port>{https}</https_port><tcp_port>{tcp}</tcp_port><interserver_http_port>{interserver}</interserver_http_port>
<listen_host>127.0.0.1</listen_host><interserver_http_host>127.0.0.1</interserver_http_host>
<openSSL>
 <server><certificateFile>{folder}/server.crt</certificateFile><privateKeyFile>{folder}/server.key</privateKeyFile>
  <verificationMode>none</verificationMode><disableProtocols>sslv2,sslv3</disableProtocols></server>
 <client><caConfig>{authority}</caConfig><loadDefaultCAFile>false</loadDefaultCAFile>
  <verificationMode>strict</verificationMode></client>
</openSSL>
<max_connections>200</max_connections><mark_cache_size>268435456</mark_cache_size>
<path>{folder}/data/</path><tmp_path>{folder}/tmp/</tmp_path><users_config>{folder}/users.xml</users_config>
<default_profile>default</default_profile><default_database>default</default_database><timezone>UTC</timezone>
<mlock_executable>false</mlock_executable><include_from>{folder}/secrets.xml</include_from>
<remote_servers incl="shards"/>
{zookeeper}
</yandex>
"""


class Server:
    def __init__(self, folder, authority, zookeeper=""):
        self.folder = folder
        self.authority = authority
        self.zookeeper = zookeeper
        self.process = None
        self.https, self.tcp, self.interserver = free_ports(3)
        for part in ("data", "tmp", "log"):
            (folder / part).mkdir(parents=True)
        make_certificate(folder, authority)

    @property
    def url(self):
        return f"https://localhost:{self.https}"

    def configure(self, shards):
        """`shards`: lists of servers, one list a shard."""
        places = "".join("<shard><internal_replication>true</internal_replication>" + "".join(
            f"<replica><host>127.0.0.1</host><port>{one.tcp}</port><user>ruaudit</user><password>{PASSWORD}</password></replica>"
            for one in replicas) + "</shard>" for replicas in shards)
        secrets = self.folder / "secrets.xml"
        secrets.touch(mode=0o600)
        secrets.write_text(f"<yandex><password>{hashlib.sha256(PASSWORD.encode()).hexdigest()}</password>"
                           f"<shards><ruaudit>{places}</ruaudit></shards></yandex>")
        (self.folder / "users.xml").write_text(USERS.format(folder=self.folder))
        (self.folder / "config.xml").write_text(CONFIG.format(
            level="warning", folder=self.folder, https=self.https, tcp=self.tcp, interserver=self.interserver,
            authority=self.authority[1], zookeeper=self.zookeeper))

    def start(self):
        log = open(self.folder / "log/stderr", "ab")
        self.process = subprocess.Popen([SERVER, f"--config-file={self.folder}/config.xml"], stdout=log, stderr=log,
                                        stdin=subprocess.DEVNULL, cwd=self.folder, start_new_session=True)
        log.close()
        end = time.monotonic() + 60
        while time.monotonic() < end:
            if self.process.poll() is not None:
                break
            try:
                if self.query("SELECT 1") == "1\n":
                    return self
            except OSError:
                time.sleep(0.05)
        raise RuntimeError("ClickHouse does not start: " + (self.folder / "log/stderr").read_text()[-2000:]
                           + (self.folder / "log/error.log").read_text()[-2000:])

    def stop(self, how=signal.SIGTERM):
        self.process = process.stopped(self.process, how)

    def query(self, sql, user="ruaudit", limit=60, **settings):
        """What the server answers within `limit` seconds, as TabSeparated; urllib.error.HTTPError where it refuses."""
        context = ssl.create_default_context(cafile=str(self.authority[1]))
        request = urllib.request.Request(f"{self.url}/?{urllib.parse.urlencode(settings)}", data=sql.encode(),
                                         headers={"X-ClickHouse-User": user, "X-ClickHouse-Key": PASSWORD})
        try:
            with urllib.request.urlopen(request, context=context, timeout=limit) as answer:
                return answer.read().decode()
        except urllib.error.HTTPError as error:
            raise RuntimeError(error.read().decode()) from error


class Shards:
    def __init__(self, folder, number, replicas=1):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.authority = make_authority(self.folder)
        self.zookeeper = zookeeper.ZooKeeper(self.folder / "zookeeper", free_ports(1)[0]) if replicas > 1 else None
        of_zookeeper = self.zookeeper.configuration() if self.zookeeper else ""
        names = [["", "b", "c"][i] for i in range(replicas)]
        self.replicas = [[Server(self.folder / f"shard{i}{name}", self.authority, of_zookeeper) for name in names] for i in range(number)]
        self.servers = [servers[0] for servers in self.replicas]  # the first ones
        self.password_file = self.folder / "password"
        self.password_file.touch(mode=0o600)
        self.password_file.write_text(PASSWORD + "\n")

    @property
    def all(self):
        return [server for servers in self.replicas for server in servers]

    def configure(self):
        for server in self.all:
            server.configure(self.replicas)

    def add(self):
        """One shard more, of which all servers know once they run again."""
        self.servers.append(Server(self.folder / f"shard{len(self.servers)}", self.authority))
        self.replicas.append([self.servers[-1]])
        self.configure()
        for server in self.servers:
            server.stop()
            server.start()

    def __enter__(self):
        self.configure()
        try:
            if self.zookeeper:
                self.zookeeper.start()
            for server in self.all:
                server.start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_):
        self.stop()

    def __getitem__(self, index):
        return self.servers[index]

    def stop(self):
        for server in self.all:
            server.stop()
        if self.zookeeper:
            self.zookeeper.stop()

    def lists(self, firsts=(0,) * 9):
        """`shards` with the server of that number first in each shard."""
        return ", ".join(" ".join(server.url for server in servers[first:] + servers[:first])
                         for servers, first in zip(self.replicas, firsts))

    def configuration(self, **changes):
        """The section [cluster] of these servers."""
        keys = {"shards": self.lists(), "user": "ruaudit",
                "password_file": self.password_file, "ca_file": self.authority[1], "database": "reports"} | changes
        return "[cluster]\n" + "".join(f"{name} = {value}\n" for name, value in keys.items() if value is not None)


def is_installed():
    return SERVER is not None and os.access(SERVER, os.X_OK)


def must_run():
    """Where everything is installed on purpose, a missing server is a failure."""
    return os.environ.get("CI") == "true"
