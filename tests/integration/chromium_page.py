"""A page in a real Chromium, driven by chromedriver over its own HTTP protocol: width, colour scheme, a screenshot, and what
a script of the test's sees. Nothing is loaded but the document itself."""
import base64
import json
import pathlib
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.request


def is_installed():
    return shutil.which("chromium") is not None and shutil.which("chromedriver") is not None


class Chromium:
    def __enter__(self):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.folder = tempfile.TemporaryDirectory(prefix="ruaudit-chromium-")
        self.driver = subprocess.Popen(["chromedriver", f"--port={self.port}"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                       start_new_session=True)
        for _ in range(300):
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                break
            except OSError:
                time.sleep(0.1)
        options = {"args": ["--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--no-first-run",
                            "--disable-background-networking", f"--user-data-dir={self.folder.name}/profile"]}
        answer = self.call("POST", "/session", {"capabilities": {"alwaysMatch": {"browserName": "chrome", "goog:chromeOptions": options}}})
        self.session = f"/session/{answer['sessionId']}"
        return self

    def __exit__(self, *_):
        try:
            self.call("DELETE", self.session)
        finally:
            self.driver.send_signal(signal.SIGTERM)
            self.driver.wait(30)
            self.folder.cleanup()

    def call(self, method, path, value=None):
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", method=method,
                                         data=None if value is None else json.dumps(value).encode())
        with urllib.request.urlopen(request, timeout=120) as answer:
            return json.loads(answer.read())["value"]

    def command(self, name, **values):
        return self.call("POST", self.session + "/goog/cdp/execute", {"cmd": name, "params": values})

    def show(self, html, width, scheme):
        path = pathlib.Path(self.folder.name, "page.html")
        path.write_text(html)
        self.command("Emulation.setDeviceMetricsOverride", width=width, height=900, deviceScaleFactor=1, mobile=False)
        self.command("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
        self.call("POST", self.session + "/url", {"url": path.as_uri()})

    def script(self, text):
        return self.call("POST", self.session + "/execute/sync", {"script": text, "args": []})

    def screenshot(self, path):
        shot = self.command("Page.captureScreenshot", format="png", captureBeyondViewport=True)
        pathlib.Path(path).write_bytes(base64.b64decode(shot["data"]))
