"""Servers that a test has started, and ends by their process ids."""
import subprocess


def stopped(process, how):
    """Ends the process, by force where it does not end in 30 s; nothing is left of it."""
    if process is not None:
        process.send_signal(how)
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
