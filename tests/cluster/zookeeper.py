"""A ZooKeeper for a test, on a loopback port that was free, in a folder of its own. Started and stopped by process id."""
import pathlib
import shutil
import signal
import socket
import subprocess
import time

import process

JAR = pathlib.Path("/usr/share/java/zookeeper.jar")
JAVA = shutil.which("java")

CONFIGURATION = """tickTime=500
dataDir={folder}/data
clientPort={port}
clientPortAddress=127.0.0.1
admin.enableServer=false
maxClientCnxns=0
4lw.commands.whitelist=ruok
"""
LOGGING = """log4j.rootLogger=WARN, F
log4j.appender.F=org.apache.log4j.FileAppender
log4j.appender.F.File={folder}/log
log4j.appender.F.layout=org.apache.log4j.PatternLayout
log4j.appender.F.layout.ConversionPattern=%d %p %m%n
"""


def is_installed():
    return JAR.exists() and JAVA is not None


class ZooKeeper:
    def __init__(self, folder, port):
        self.folder, self.port, self.process = pathlib.Path(folder), port, None
        (self.folder / "data").mkdir(parents=True)
        (self.folder / "zoo.cfg").write_text(CONFIGURATION.format(folder=self.folder, port=port))
        (self.folder / "log4j.properties").write_text(LOGGING.format(folder=self.folder))

    def configuration(self):
        """For ClickHouse."""
        return (f"<zookeeper><node index=\"1\"><host>127.0.0.1</host><port>{self.port}</port></node>"
                "<session_timeout_ms>6000</session_timeout_ms></zookeeper>")

    def start(self):
        output = open(self.folder / "output", "ab")
        self.process = subprocess.Popen(
            [JAVA, "-Xmx256m", "-XX:+UseSerialGC", f"-Dlog4j.configuration=file:{self.folder}/log4j.properties", "-cp", JAR,
             "org.apache.zookeeper.server.ZooKeeperServerMain", self.folder / "zoo.cfg"],
            stdout=output, stderr=output, stdin=subprocess.DEVNULL, cwd=self.folder, start_new_session=True)
        output.close()
        end = time.monotonic() + 60
        while time.monotonic() < end and self.process.poll() is None:
            if self.is_well():
                return self
            time.sleep(0.1)
        raise RuntimeError("ZooKeeper does not start: " + (self.folder / "output").read_text()[-2000:])

    def is_well(self):
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=5) as one:
                one.sendall(b"ruok")
                return one.recv(4) == b"imok"
        except OSError:
            return False

    def stop(self, how=signal.SIGTERM):
        self.process = process.stopped(self.process, how)
