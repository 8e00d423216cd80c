"""A running `ruaudit watch` for the tests; everything it says on standard error is in a file."""
import os
import signal
import subprocess
import time

PATIENCE_SECONDS = 40


class Watcher:
    def __init__(self, runs, name, **environment):
        self.runs, self.log = runs, runs.folder / f"{name}.log"
        with open(self.log, "w") as log:
            self.process = subprocess.Popen(runs.command("watch"), stderr=log,
                                            env={"PATH": os.environ["PATH"], "HOME": "/nonexistent", **environment})

    def until(self, holds, what):
        """Waits until holds(); True in time."""
        end = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < end and self.process.poll() is None:
            try:
                if holds():
                    return True
            except Exception:  # the database is not there yet
                pass
            time.sleep(0.05)
        return self.runs.check(False, f"{what}: not within {PATIENCE_SECONDS} s; log: {self.log.read_text()[-1500:]}")

    def says(self, words):
        self.until(lambda: words in self.log.read_text(), f"the log says '{words}'")

    def stop(self, what):
        self.process.send_signal(signal.SIGTERM)
        try:
            code = self.process.wait(PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            code = self.process.wait()
        self.runs.check(code == 0, f"{what}: SIGTERM ends with {code}, want 0; log: {self.log.read_text()[-1500:]}")
