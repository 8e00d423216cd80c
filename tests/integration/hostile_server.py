#!/usr/bin/env python3
"""IMAP and POP3 servers on loopback that do one thing wrong, named by a mode. Used by mailbox_hostile_test.

A server holds five mails, each with one report of its own, and runs on a thread of the test until close().
"""
import base64
import gzip
import re
import socket
import threading

UIDVALIDITY = 77


def report(name, number):
    return (f'<?xml version="1.0"?>\n<feedback><report_metadata><org_name>{name}.example</org_name>'
            f"<email>reports@{name}.example</email><report_id>{name}-{number}</report_id><date_range>"
            "<begin>1767225600</begin><end>1767311999</end></date_range></report_metadata><policy_published>"
            "<domain>example.com</domain><p>none</p></policy_published><record><row><source_ip>192.0.2.1</source_ip>"
            "<count>5</count><policy_evaluated><disposition>none</disposition><dkim>fail</dkim><spf>fail</spf>"
            "</policy_evaluated></row><identifiers><header_from>example.com</header_from></identifiers><auth_results>"
            "<spf><domain>example.com</domain><result>fail</result></spf></auth_results></record></feedback>\n").encode()


def mail(name, number, extra=""):
    file = f"{name}.example!example.com!1767225600!1767311999!{number}.xml.gz"
    return (f"From: reports@{name}.example\r\nTo: rua@example.com\r\nSubject: Report Domain: example.com Submitter: "
            f"{name}.example Report-ID: {name}-{number}\r\nMIME-Version: 1.0\r\n{extra}Content-Type: application/gzip; "
            f'name="{file}"\r\nContent-Transfer-Encoding: base64\r\n\r\n').encode() + \
        base64.encodebytes(gzip.compress(report(name, number), mtime=0)).replace(b"\n", b"\r\n")


class Server:
    """Accepts connections, each on a thread; stops when it is closed or the client goes."""

    def __init__(self, mode="honest", name="server", port=0):
        self.mode, self.name = mode, name
        self.mails = {number: mail(name, number) for number in range(1, 6)}
        self.socket = socket.create_server(("127.0.0.1", port))
        self.port = self.socket.getsockname()[1]
        self.commands = []
        self.is_open = True
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while self.is_open:
            try:
                connection, _ = self.socket.accept()
            except OSError:
                return
            threading.Thread(target=self.serve_quietly, args=(connection,), daemon=True).start()

    def serve_quietly(self, connection):
        with connection:
            try:
                self.serve(connection, connection.makefile("rb"))
            except (OSError, ValueError):
                pass

    def close(self):
        self.is_open = False
        self.socket.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


class ImapServer(Server):
    def serve(self, connection, lines):
        def send(text):
            connection.sendall(text if isinstance(text, bytes) else text.encode())
        send("* OK ready\r\n")
        for line in lines:
            tag, _, command = line.decode("latin1").strip().partition(" ")
            self.commands.append(command)
            self.answer(send, tag, command)
            if command.upper() == "LOGOUT":
                return

    def answer(self, send, tag, command):
        word = command.upper()
        if word == "CAPABILITY":
            send("* CAPABILITY IMAP4rev1 UIDPLUS MOVE SASL-IR AUTH=PLAIN\r\n")
        elif word.startswith("LIST"):
            send('* LIST () "/" ""\r\n')
        elif word.startswith(("EXAMINE", "SELECT")):
            exists = 4294967295 if self.mode == "exists-flood" else len(self.mails)
            send(f"* {exists} EXISTS\r\n* OK [UIDVALIDITY {UIDVALIDITY}] x\r\n* OK [UIDNEXT 10] x\r\n")
        elif word.startswith("UID SEARCH"):
            self.search(send)
        elif word.startswith("UID FETCH"):
            return self.fetch(send, tag, command)
        send(f"{tag} OK done\r\n")

    def search(self, send):
        if self.mode == "search-flood":
            for first in range(1, 2_000_000, 10_000):
                send("* SEARCH " + " ".join(map(str, range(first, first + 10_000))) + "\r\n")
        send("* SEARCH " + " ".join(map(str, self.mails)) + "\r\n")

    def fetch(self, send, tag, command):
        uids = []
        for part in re.match(r"UID FETCH (\S+) ", command, re.I)[1].split(","):
            first, _, last = part.partition(":")
            uids += range(int(first), int(last or first) + 1)
        uids = [uid for uid in uids if uid in self.mails]
        if "BODY" in command.upper():
            self.bodies(send, uids)
            send(f"{tag} OK done\r\n")
        else:
            self.facts(send, tag, uids)

    def facts(self, send, tag, uids):
        for uid in uids:
            if self.mode == "facts-refused" and uid == 3:
                return send(f"{tag} NO [SERVERBUG] internal error\r\n")
            size = "NIL" if self.mode == "size-nil" else len(self.mails[uid])
            flags = "NIL" if self.mode == "size-nil" and uid == 2 else "()"
            if self.mode == "uid-nil" and uid == 3:
                send(f"* {uid} FETCH (UID NIL RFC822.SIZE NIL FLAGS NIL INTERNALDATE NIL)\r\n")
            else:
                send(f'* {uid} FETCH (UID {uid} RFC822.SIZE {size} FLAGS {flags} INTERNALDATE '
                     '"01-Jan-2026 09:00:00 +0000")\r\n')
        if self.mode == "facts-expunged" and len(uids) > 1:
            return send(f"{tag} NO [EXPUNGEISSUED] some are gone\r\n")
        return send(f"{tag} OK done\r\n")

    def bodies(self, send, uids):
        if self.mode == "bodies-forever":
            block = b"A" * 1_000_000
            for uid in range(100, 100_000):
                send(f"* 1 FETCH (UID {uid} BODY[] {{{len(block)}}}\r\n".encode() + block + b")\r\n")
        for uid in uids:
            octets = self.mails[uid]
            if uid == 3:
                if self.mode == "body-empty":
                    octets = b""
                if self.mode == "body-half":
                    octets = octets[:len(octets) // 2]
                if self.mode == "body-nil":
                    send(f"* {uid} FETCH (UID {uid} BODY[] NIL)\r\n")
                    continue
                if self.mode == "body-quoted":
                    send(f'* {uid} FETCH (UID {uid} BODY[] "")\r\n')
                    continue
            send(f"* {uid} FETCH (UID {uid} BODY[] {{{len(octets)}}}\r\n".encode() + octets + b")\r\n")


class Pop3Server(Server):
    def serve(self, connection, lines):
        def send(text):
            connection.sendall(text if isinstance(text, bytes) else text.encode())
        send("+OK ready\r\n")
        names = {number: f"u{number}" for number in self.mails}
        if self.mode == "same-uidl":
            names[3] = names[2]
        for line in lines:
            command, _, argument = line.decode("latin1").strip().partition(" ")
            word = command.upper()
            self.commands.append(f"{word} {argument}".strip())
            if word == "CAPA":
                send("+OK\r\nUSER\r\nUIDL\r\n.\r\n")
            elif word == "UIDL":
                send("+OK\r\n" + "".join(f"{number} {name}\r\n" for number, name in names.items()) + ".\r\n")
            elif word == "LIST":
                send("+OK\r\n" + "".join(f"{number} {len(octets)}\r\n" for number, octets in self.mails.items()) + ".\r\n")
            elif word == "RETR":
                octets = self.mails[int(argument)]
                if argument == "2" and self.mode in ("body-half", "body-empty"):
                    octets = octets[:len(octets) // 2].rpartition(b"\r\n")[0] + b"\r\n" if self.mode == "body-half" else b""
                send(b"+OK\r\n" + octets + b".\r\n")
            else:
                send("+OK\r\n")
                if word == "QUIT":
                    return


def keys(server, runs, *more):
    """The configuration of a mailbox on that server."""
    kind = "pop3" if isinstance(server, Pop3Server) else "imap"
    return [f"type = {kind}", "host = 127.0.0.1", f"port = {server.port}", "security = plaintext",
            "insecure_plaintext = on", "user = reports", f"password_file = {runs.password}", "timeout = 5s", *more]
