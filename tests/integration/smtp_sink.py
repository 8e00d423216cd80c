"""A small SMTP server with a truth of its own: what it accepted, for whom, and what it was told to do wrong.

    with SmtpSink(refuse={"nobody@example.org"}, defer={"greylisted@example.org"}, login=("user", "secret")) as sink: sink.port, sink.accepted

`accepted` holds (recipients, octets) of every mail that it answered with 250. `misbehave` is asked at "connect", "rcpt",
"data" (before the text) and "end" (after the last dot); "drop" closes the connection there, "refuse" answers 554."""
import base64
import contextlib
import socket
import threading


class SmtpSink:
    def __init__(self, refuse=(), defer=(), login=None, token=None, misbehave=None, port=0):
        self.refuse, self.defer, self.login, self.token = set(refuse), set(defer), login, token
        self.misbehave = misbehave or (lambda step: None)
        self.accepted, self.logins = [], []
        self.listener = socket.create_server(("127.0.0.1", port))
        self.port = self.listener.getsockname()[1]
        self.thread = threading.Thread(target=self.serve, daemon=True)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        self.thread.join(10)

    def serve(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            with connection, contextlib.suppress(OSError, EOFError):
                connection.settimeout(30)
                self.talk(connection, connection.makefile("rb"))

    def talk(self, connection, lines):
        def say(text):
            connection.sendall(text.encode() + b"\r\n")

        def hear():
            line = lines.readline()
            if not line:
                raise EOFError
            return line.rstrip(b"\r\n").decode()

        def fault(step):
            what = self.misbehave(step)
            if what == "drop":
                raise EOFError
            return what == "refuse"

        fault("connect")
        say("220 sink.example ESMTP")
        to = []
        while True:
            words = hear()
            verb = words.split(" ")[0].upper()
            if verb in ("EHLO", "HELO"):
                mechanisms = "PLAIN" if self.login else "XOAUTH2" if self.token else ""
                say(f"250-sink.example\r\n250 AUTH {mechanisms}" if mechanisms else "250 sink.example")
            elif verb == "AUTH":
                _, mechanism, *rest = words.split(" ")
                if not rest:
                    say("334 ")
                    rest = [hear()]
                told = base64.b64decode(rest[0]).decode()
                self.logins.append((mechanism, told))
                wanted = (f"\0{self.login[0]}\0{self.login[1]}" if self.login else
                          f"user={self.token[0]}\1auth=Bearer {self.token[1]}\1\1")
                say("235 welcome" if told == wanted else "535 5.7.8 no")
            elif verb == "MAIL":
                to = []
                say("250 ok")
            elif verb == "RCPT":
                address = words[words.index("<") + 1:words.index(">")]
                if fault("rcpt") or address in self.refuse:
                    say("550 5.1.1 no such user")
                elif address in self.defer:
                    say("451 4.7.1 come again")
                else:
                    to.append(address)
                    say("250 ok")
            elif verb == "DATA":
                if not to or fault("data"):
                    say("554 no")
                    continue
                say("354 go on")
                octets = b""
                while (line := lines.readline()) != b".\r\n":
                    if not line:
                        raise EOFError
                    octets += line[1:] if line.startswith(b".") else line
                if fault("end"):
                    say("554 5.7.1 not that")
                    continue
                self.accepted.append((to, octets))
                say("250 accepted")
            elif verb == "QUIT":
                say("221 bye")
                return
            else:
                say("250 ok")
