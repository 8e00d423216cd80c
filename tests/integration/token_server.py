#!/usr/bin/env python3
"""A token endpoint for tests: HTTPS on a free loopback port, with a certificate of an authority of its own.

It checks what it is given as a provider would: client secret, refresh token, and of a JWT the signature (by openssl),
issuer, audience, subject and times. POST /token grants; the other paths misbehave (see MISBEHAVIOUR). Every request is
counted by path in the file `log`, one line each: path, grant type and outcome, never a secret.

As a program it serves until its standard input ends, after one line of JSON with url and files:
    token_server.py [--dovecot USER] [--first-expired] [--life SECONDS]
--dovecot: the tokens are such as tests/integration/dovecot_server.py accepts. --first-expired: but not the first one.
"""
import argparse
import base64
import http.server
import json
import pathlib
import shutil
import ssl
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse

import dovecot_server

CLIENT, SECRET, REFRESH = "client-1", "client secret/+&=1", "refresh-token-1"
ISSUER, SUBJECT, SCOPE = "reader@project.example", "dmarc@example.org", "https://mail.example/"
JWT_GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"


class Refusal(Exception):
    def __init__(self, code, description=""):
        super().__init__(code)
        self.code, self.description = code, description


def decoded(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


class TokenServer:
    def __init__(self, dovecot_user=None, first_expired=False, life=3600):
        self.dovecot_user, self.first_expired, self.life = dovecot_user, first_expired, life
        self.granted = 0
        self.refresh = REFRESH
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="ruaudit-token-"))
        dovecot_server.make_certificates(self.folder)
        self.ca, self.wrong_ca, self.log = self.folder / "ca.pem", self.folder / "wrong-ca.pem", self.folder / "log"
        self.log.touch()
        self._make_key()
        server = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                server.answer(self)

            def log_message(self, *_):
                pass

        self.http = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.folder / "server.pem", self.folder / "server.key")
        self.http.socket = context.wrap_socket(self.http.socket, server_side=True)
        self.port = self.http.server_address[1]
        self.url = f"https://localhost:{self.port}"
        self.thread = threading.Thread(target=self.http.serve_forever, daemon=True)
        self._write_key_file()

    def _make_key(self):
        self.key = self.folder / "account.key"
        dovecot_server.run_openssl("genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048", "-out", self.key)
        dovecot_server.run_openssl("pkey", "-in", self.key, "-pubout", "-out", self.folder / "account.pub")

    def _write_key_file(self):
        self.key_file = self.folder / "account.json"
        self.key_file.write_text(json.dumps({
            "type": "service_account", "client_email": ISSUER, "private_key_id": "key-1",
            "private_key": self.key.read_text(), "token_uri": self.url + "/token"}))
        self.key_file.chmod(0o600)

    def answer(self, request):
        body = request.rfile.read(int(request.headers.get("Content-Length", 0))).decode()
        fields = dict(urllib.parse.parse_qsl(body, keep_blank_values=True))
        try:
            status, answer = self.judge(request, fields, body)
        except Refusal as refusal:
            status, answer = 400, {"error": refusal.code, "error_description": refusal.description}
        with self.log.open("a") as log:
            log.write(f"{request.path} {fields.get('grant_type', '-')} {status}\n")
        octets = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
        request.send_response(status)
        if status == 302:
            request.send_header("Location", self.url + "/token")
        request.send_header("Content-Type", "application/json")
        request.send_header("Content-Length", str(len(octets)))
        request.end_headers()
        request.wfile.write(octets)

    def judge(self, request, fields, body):
        if request.path in MISBEHAVIOUR:
            return MISBEHAVIOUR[request.path](fields, body)
        if request.headers.get_content_type() != "application/x-www-form-urlencoded":
            raise Refusal("invalid_request", "not a form")
        kind = fields.get("grant_type")
        checks = {"client_credentials": self.check_client, "refresh_token": self.check_refresh, JWT_GRANT: self.check_jwt}
        if kind not in checks:
            raise Refusal("unsupported_grant_type")
        checks[kind](fields)
        return 200, self.grant(kind)

    def check_client(self, fields):
        if fields.get("client_id") != CLIENT or fields.get("client_secret") != SECRET:
            raise Refusal("invalid_client", "the client or its secret is not known")
        if fields.get("grant_type") == "client_credentials" and fields.get("scope") != SCOPE:
            raise Refusal("invalid_scope", "no such scope")

    def check_refresh(self, fields):
        self.check_client(fields)
        if fields.get("refresh_token") != self.refresh:
            raise Refusal("invalid_grant", "the refresh token is not known")

    def check_jwt(self, fields):
        head, claims, signature = fields.get("assertion", "").split(".")
        (self.folder / "signature").write_bytes(decoded(signature))
        verified = subprocess.run(["openssl", "dgst", "-sha256", "-verify", self.folder / "account.pub", "-signature",
                                   self.folder / "signature"], input=f"{head}.{claims}".encode(), capture_output=True)
        header, values, now = json.loads(decoded(head)), json.loads(decoded(claims)), time.time()
        if verified.returncode != 0 or header["alg"] != "RS256":
            raise Refusal("invalid_grant", "the signature does not fit")
        if not values["iat"] - 60 <= now < values["exp"] or values["exp"] - values["iat"] > 3600:
            raise Refusal("invalid_grant", "the statement is not valid now")
        if values["iss"] != ISSUER or values["aud"] != self.url + "/token" or values["scope"] != SCOPE:
            raise Refusal("invalid_grant", "issuer, audience or scope is wrong")
        if values.get("sub") != SUBJECT:
            raise Refusal("unauthorized_client", "no delegation for this user")

    def grant(self, kind):
        self.granted += 1
        text = f"token-{self.granted}"
        if self.dovecot_user:
            is_expired = self.first_expired and self.granted == 1
            text = dovecot_server.token(self.dovecot_user, -60 if is_expired else 3600)
        answer = {"access_token": text, "token_type": "Bearer", "expires_in": self.life}
        if kind == "refresh_token":
            self.refresh = answer["refresh_token"] = f"refresh-token-{self.granted + 1}"
        return answer

    def start(self):
        self.thread.start()
        return self

    def close(self):
        self.http.shutdown()
        self.http.server_close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self):
        return self.start()

    def __exit__(self, *_):
        self.close()

    def description(self):
        return {"url": self.url, "ca": str(self.ca), "wrong_ca": str(self.wrong_ca), "log": str(self.log),
                "key": str(self.key), "key_file": str(self.key_file)}


def slow(_fields, _body):
    time.sleep(5)
    return 200, {"access_token": "late"}


MISBEHAVIOUR = {
    "/ill": lambda fields, body: (503, b"overloaded"),
    "/text": lambda fields, body: (200, b"<html>hello</html>"),
    "/list": lambda fields, body: (200, b"[]"),
    "/empty": lambda fields, body: (200, {}),
    "/other-type": lambda fields, body: (200, {"access_token": "x", "token_type": "mac"}),
    "/line-end": lambda fields, body: (200, {"access_token": "x\r\nA1 LOGOUT"}),
    "/huge": lambda fields, body: (200, {"access_token": "x" * 100_000}),
    "/no-life": lambda fields, body: (200, {"access_token": "unlimited"}),
    "/text-life": lambda fields, body: (200, {"access_token": "x", "expires_in": "600"}),
    "/redirect": lambda fields, body: (302, b""),
    "/echo": lambda fields, body: (400, {"error": "invalid_client", "error_description": json.dumps(fields) + body}),
    "/plain-refusal": lambda fields, body: (403, b"no"),
    "/slow": slow,
}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--dovecot")
    parser.add_argument("--first-expired", action="store_true")
    parser.add_argument("--life", type=int, default=3600)
    options = parser.parse_args()
    if shutil.which("openssl") is None:
        print("skipped: openssl is not installed")
        return 77
    with TokenServer(options.dovecot, options.first_expired, options.life) as server:
        print(json.dumps(server.description()), flush=True)
        sys.stdin.read()
    return 0


if __name__ == "__main__":
    sys.exit(main())
