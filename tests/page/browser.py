"""Chromium of Debian behind Selenium, on files of this machine alone."""
import base64
import os
import pathlib
import shutil
import subprocess
import sys

# Debian's package of Selenium belongs to Debian's Python.
sys.path.append("/usr/lib/python3/dist-packages")


def missing():
    """What is missing for a browser, or nothing."""
    for program in ("chromium", "chromedriver"):
        if not shutil.which(program):
            return f"{program} is not installed"
    try:
        import selenium  # noqa: F401
    except ImportError:
        return "python3-selenium is not installed"
    return None


def axe_script():
    """axe-core, where it is: $RUAUDIT_AXE, or where `npm ci` in this folder put it."""
    for path in (os.environ.get("RUAUDIT_AXE", ""), str(pathlib.Path(__file__).parent / "node_modules/axe-core/axe.min.js")):
        if path and os.path.exists(path):
            return pathlib.Path(path).read_text(encoding="utf-8")
    return None


def has_user_namespaces():
    """What Chromium's sandbox is made of; in a container or chroot there are often none."""
    return subprocess.run(["unshare", "--user", "true"], capture_output=True).returncode == 0


class Browser:
    def __init__(self, profile):
        from selenium import webdriver
        from selenium.webdriver.chrome.service import Service
        options = webdriver.ChromeOptions()
        options.binary_location = shutil.which("chromium")
        for argument in ("--headless=new", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking", "--no-first-run",
                         "--disable-component-update", "--host-resolver-rules=MAP * ~NOTFOUND", "--lang=en", f"--user-data-dir={profile}"):
            options.add_argument(argument)
        if os.geteuid() == 0 or not has_user_namespaces():
            options.add_argument("--no-sandbox")
        options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
        self.driver = webdriver.Chrome(options=options, service=Service(shutil.which("chromedriver")))
        self.driver.set_script_timeout(60)
        self.driver.set_page_load_timeout(60)

    def close(self):
        self.driver.quit()

    def size(self, width, height=900):
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride",
                                    {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 700})

    def media(self, scheme="light", kind="screen"):
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia",
                                    {"media": kind, "features": [{"name": "prefers-color-scheme", "value": scheme}]})

    def scripts(self, on):
        self.driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": not on})

    def open(self, path, wait=True):
        self.driver.get_log("browser")
        self.driver.get_log("performance")
        self.driver.get(pathlib.Path(path).resolve().as_uri())
        if wait:
            from selenium.webdriver.support.ui import WebDriverWait
            WebDriverWait(self.driver, 30).until(lambda d: d.execute_script("return document.documentElement.dataset.ready === 'yes'"))

    def run(self, script, *arguments):
        return self.driver.execute_script(script, *arguments)

    def run_async(self, script, *arguments):
        return self.driver.execute_async_script(script, *arguments)

    def errors(self):
        """What the console says: errors of scripts and violations of the policy."""
        return [one["message"] for one in self.driver.get_log("browser") if one["level"] in ("SEVERE", "ERROR")]

    def requests(self):
        import json
        events = [json.loads(one["message"])["message"] for one in self.driver.get_log("performance")]
        return [one["params"]["request"]["url"] for one in events if one["method"] == "Network.requestWillBeSent"]

    def picture(self, path):
        shot = self.driver.execute_cdp_cmd("Page.captureScreenshot", {"format": "png", "captureBeyondViewport": True})
        pathlib.Path(path).write_bytes(base64.b64decode(shot["data"]))

    def whole_picture(self, path):
        size = self.driver.execute_cdp_cmd("Page.getLayoutMetrics", {})["cssContentSize"]
        shot = self.driver.execute_cdp_cmd("Page.captureScreenshot", {
            "format": "png", "captureBeyondViewport": True,
            "clip": {"x": 0, "y": 0, "width": size["width"], "height": min(size["height"], 12000), "scale": 1}})
        pathlib.Path(path).write_bytes(base64.b64decode(shot["data"]))

    def pdf(self, path):
        self.media(kind="")  # else what is emulated is printed
        out = self.driver.execute_cdp_cmd("Page.printToPDF", {"printBackground": True, "paperWidth": 8.27, "paperHeight": 11.69})
        pathlib.Path(path).write_bytes(base64.b64decode(out["data"]))
