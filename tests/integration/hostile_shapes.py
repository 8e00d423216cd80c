"""Servers on loopback that lie in one way each, beyond the modes of hostile_server.py. Used by mailbox_hostile_test.

A shape is a class; HOLDS_MAIL_3 names those that keep mail 3 back and give the others.
"""
import re

from hostile_server import ImapServer, Pop3Server, mail


def uids_of(command):
    uids = []
    for part in re.match(r"UID \w+ (\S+)", command, re.I)[1].split(","):
        first, _, last = part.partition(":")
        uids += range(int(first), int(last or first) + 1)
    return uids


def fetch_answer(uid, octets, before="", behind="", announced=None):
    return f"* {uid} FETCH ({before}BODY[] {{{len(octets) if announced is None else announced}}}\r\n".encode() + octets + \
        f"{behind})\r\n".encode()


class TooSmallSizes(ImapServer):
    """Says 10 octets of each, one of them has three million."""

    def __init__(self):
        super().__init__(name="small")
        self.mails[3] += b"\r\n" * 1_500_000

    def facts(self, send, tag, uids):
        for uid in uids:
            send(f"* {uid} FETCH (UID {uid} RFC822.SIZE 10)\r\n")
        send(f"{tag} OK done\r\n")


class SizeBeyondNumbers(ImapServer):
    def facts(self, send, tag, uids):
        for uid in uids:
            size = {1: "-1", 2: "18446744073709551615", 3: "99999999999999999999", 4: "4294967295"}.get(
                uid, len(self.mails[uid]))
            send(f"* {uid} FETCH (UID {uid} RFC822.SIZE {size})\r\n")
        send(f"{tag} OK done\r\n")


class OddFlags(ImapServer):
    """A flag with a brace: the description of mail 3 cannot be read."""

    def facts(self, send, tag, uids):
        for uid in uids:
            flags = "(a{b)" if uid == 3 else "()"
            send(f"* {uid} FETCH (UID {uid} RFC822.SIZE {len(self.mails[uid])} FLAGS {flags})\r\n")
        send(f"{tag} OK done\r\n")


class OtherNames(ImapServer):
    """Bodies under the name of the request, as a literal8, with two blanks; one is long."""

    def __init__(self):
        super().__init__(name="names")
        self.mails[3] += b"\r\n" * 50_000

    def bodies(self, send, uids):
        for uid in uids:
            name = ("BODY.PEEK[]", "BODY[] ", "RFC822")[uid % 3]
            send(f"* {uid} FETCH (UID {uid} {name} ~{{{len(self.mails[uid])}}}\r\n".encode() + self.mails[uid] + b")\r\n")


class NoFacts(ImapServer):
    """OK without any description; the bodies are there."""

    def facts(self, send, tag, uids):
        send(f"{tag} OK done\r\n")


class NoFactsOfOne(ImapServer):
    def facts(self, send, tag, uids):
        super().facts(send, tag, [uid for uid in uids if uid != 3])


class UidBehind(ImapServer):
    def bodies(self, send, uids):
        for uid in uids:
            send(fetch_answer(uid, self.mails[uid], behind=f" FLAGS (\\Seen) UID {uid}"))


class Storm(ImapServer):
    """Flags, counts, expunges and continuations that nobody asked for, bare line feeds, literals in odd places."""

    def search(self, send):
        send("+ go on\r\n* SEARCH 5 4 3\n* 7 EXPUNGE\r\n* 5 EXISTS\r\n* SEARCH 2 1 1 0\r\n+\r\n")

    def bodies(self, send, uids):
        for uid in uids:
            send("".join(f"* {at % 5 + 1} FETCH (FLAGS (\\Seen $x{at}))\r\n" for at in range(1000)))
            send("+ idling\r\n* 1 EXPUNGE\r\n* 5 EXISTS\r\n* OK [ALERT] {99}\r\n* XNEW {3}\r\nabc (1\r\n")
            send(fetch_answer(uid, self.mails[uid], f"X-ITEM {{5}}\r\na)\r\n( UID {uid} "))


class NoBodyOfOne(ImapServer):
    def bodies(self, send, uids):
        super().bodies(send, [uid for uid in uids if uid != 3])


class NothingOfOne(NoBodyOfOne, NoFactsOfOne):
    """Listed, and that is all: neither facts nor body, nor a refusal."""


class AnotherUid(ImapServer):
    def bodies(self, send, uids):
        for uid in uids:
            send(fetch_answer(uid, self.mails[uid], f"UID {uid + 50 if uid == 3 else uid} "))


class WithoutUid(ImapServer):
    def bodies(self, send, uids):
        for uid in uids:
            send(fetch_answer(uid, self.mails[uid], "" if uid == 3 else f"UID {uid} "))


class SameUid(ImapServer):
    def bodies(self, send, uids):
        for uid in uids:
            send(fetch_answer(uid, self.mails[uid], f"UID {2 if uid == 3 else uid} "))


class Refuses(ImapServer):
    """NO, with a code, to whatever asks for the body of mail 3."""
    code = "UNAVAILABLE"

    def fetch(self, send, tag, command):
        uids = [uid for uid in uids_of(command) if uid in self.mails]
        if "BODY" not in command.upper() or 3 not in uids:
            return super().fetch(send, tag, command)
        self.bodies(send, [uid for uid in uids if uid < 3])
        return send(f"{tag} NO [{self.code}] another time\r\n")


class Throttles(ImapServer):
    """Has many mails and gives none of them today, by its word."""

    def __init__(self):
        super().__init__(name="throttles")
        self.mails.update({number: mail("throttles", number) for number in range(6, 301)})

    def fetch(self, send, tag, command):
        if "BODY" in command.upper():
            return send(f"{tag} NO [THROTTLED] so many octets a day\r\n")
        return super().fetch(send, tag, command)


class OneFolderDenied(ImapServer):
    """Three folders with the same mails; the second one is for others."""

    def answer(self, send, tag, command):
        if command == 'LIST "" "*"':
            return send("".join(f'* LIST () "/" {name}\r\n' for name in ("INBOX", "Denied", "Later")) + f"{tag} OK done\r\n")
        if command == 'EXAMINE "Denied"':
            return send(f"{tag} NO [NOPERM] not for you\r\n")
        return super().answer(send, tag, command)


class LongLiteral(ImapServer):
    def bodies(self, send, uids):
        for uid in uids:
            send(fetch_answer(uid, self.mails[uid], f"UID {uid} ", announced=len(self.mails[uid]) + 30 * (uid == 3)))


class ShortLiteral(ImapServer):
    def bodies(self, send, uids):
        for uid in uids:
            send(fetch_answer(uid, self.mails[uid], f"UID {uid} ", announced=len(self.mails[uid]) - 50 * (uid == 3)))


class Moves(ImapServer):
    """Keeps what is moved or deleted; `fixed` says which mail no command may touch."""
    capabilities = "IMAP4rev1 UIDPLUS MOVE SASL-IR AUTH=PLAIN"
    fixed = None
    refused = ()  # commands that are never done

    def __init__(self):
        super().__init__(name="moves")
        self.done = []

    def answer(self, send, tag, command):
        word = " ".join(command.upper().split()[:2])
        if word == "CAPABILITY":
            return send(f"* CAPABILITY {self.capabilities}\r\n{tag} OK done\r\n")
        if word not in ("UID MOVE", "UID COPY", "UID STORE", "UID EXPUNGE"):
            return super().answer(send, tag, command)
        uids = uids_of(command)
        if self.fixed in uids or word in self.refused:
            return send(f"{tag} NO [CANNOT] not this one\r\n")
        if word in ("UID MOVE", "UID COPY"):
            self.done += [uid for uid in uids if uid in self.mails]
        if word in ("UID MOVE", "UID EXPUNGE"):
            for uid in uids:
                if self.mails.pop(uid, None):
                    send("* 1 EXPUNGE\r\n")
        return send(f"{tag} OK done\r\n")


class MovesAllButOne(Moves):
    fixed = 3


class CopiesAllButOne(MovesAllButOne):
    capabilities = "IMAP4rev1 UIDPLUS SASL-IR AUTH=PLAIN"


class CopiesWithoutExpunge(Moves):
    capabilities = "IMAP4rev1 UIDPLUS SASL-IR AUTH=PLAIN"
    refused = ("UID EXPUNGE",)


class CopiesWithoutFlags(CopiesWithoutExpunge):
    refused = ("UID STORE",)


class Renumbers(Moves):
    """Another UIDVALIDITY behind the bodies: the mails of the old numbers are not those of the new."""

    is_changed = False
    wrong = ()

    def answer(self, send, tag, command):
        if command.upper().startswith(("SELECT", "EXAMINE")):
            self.is_changed = False
        if self.is_changed and command.upper().startswith("UID MOVE"):
            self.wrong = uids_of(command)
        return super().answer(send, tag, command)

    def bodies(self, send, uids):
        super().bodies(send, uids)
        self.is_changed = 5 in uids
        if self.is_changed:
            send("* OK [UIDVALIDITY 99] changed\r\n")


class Fidgets(ImapServer):
    """Tells a waiting client of changes at once, every time; nothing has changed."""
    ends_connection = False

    def answer(self, send, tag, command):
        word = command.upper()
        if word == "CAPABILITY":
            return send(f"* CAPABILITY IMAP4rev1 IDLE SASL-IR AUTH=PLAIN\r\n{tag} OK done\r\n")
        if word == "IDLE":
            self.waiting = tag
            if self.ends_connection:
                send("* BYE not now\r\n")
                raise OSError
            return send("+ idling\r\n* 1 EXPUNGE\r\n* 5 EXISTS\r\n")
        if tag.upper() == "DONE":
            return send(f"{self.waiting} OK done\r\n")
        return super().answer(send, tag, command)


class HangsUp(Fidgets):
    ends_connection = True


class OddPop3(Pop3Server):
    def __init__(self):
        super().__init__()
        self.deleted = []

    def ids(self):
        return "".join(f"{number} u{number}\r\n" for number in self.mails)

    def sizes(self):
        return "".join(f"{number} {len(octets)}\r\n" for number, octets in self.mails.items())

    def retrieve(self, number):
        return b"+OK\r\n" + self.mails[number] + b".\r\n"

    def delete(self, number):
        self.deleted.append(number)
        return "+OK\r\n"

    def serve(self, connection, lines):
        def send(text):
            connection.sendall(text if isinstance(text, bytes) else text.encode("latin1"))
        send("+OK ready\r\n")
        for line in lines:
            command, _, argument = line.decode("latin1").strip().partition(" ")
            word = command.upper()
            self.commands.append(f"{word} {argument}".strip())
            answers = {"CAPA": lambda: "+OK\r\nUSER\r\nUIDL\r\n.\r\n", "UIDL": lambda: f"+OK\r\n{self.ids()}.\r\n",
                       "LIST": lambda: f"+OK\r\n{self.sizes()}.\r\n", "RETR": lambda: self.retrieve(int(argument)),
                       "DELE": lambda: self.delete(int(argument))}
            send(answers.get(word, lambda: "+OK\r\n")())
            if word == "QUIT":
                for number in self.deleted:
                    self.mails.pop(number, None)
                return


class LeavesAtQuit(OddPop3):
    """Hangs up at QUIT without a word."""

    def serve(self, connection, lines):
        super().serve(connection, iter(lambda: self.line_of(lines), b""))

    def line_of(self, lines):
        line = lines.readline()
        if line.upper().startswith(b"QUIT"):
            raise OSError
        return line


class OddLists(OddPop3):
    """Ids backwards, with a blank, beyond ASCII, too long, a number twice; sizes missing, negative, no number."""

    def ids(self):
        return f"5 u5\r\n4 u 4\r\n3 \xe4\r\n2 {'u' * 300}\r\n1 u1\r\n1 u9\r\n0 u0\r\nx\r\n"

    def sizes(self):
        return "1 -1\r\n2\r\n3 18446744073709551615\r\n4 x\r\n5 10\r\n\r\n"


class NoIdOfOne(OddPop3):
    def ids(self):
        return super().ids().replace("3 u3", "3")


class RefusesRetr(OddPop3):
    def retrieve(self, number):
        return b"-ERR [SYS/TEMP] later\r\n" if number == 3 else super().retrieve(number)


class LoneDot(OddPop3):
    """Does not stuff dots: mail 3 ends in the middle, and the rest of it comes as an answer to nothing."""

    def __init__(self):
        super().__init__()
        self.mails[3] = mail("server", 3, "X-A: b\r\n.\r\nX-Private: planted-words\r\n")


class RefusesDele(OddPop3):
    def delete(self, number):
        return "-ERR no\r\n" if number == 3 else super().delete(number)


COME_IN = [TooSmallSizes, SizeBeyondNumbers, OddFlags, OtherNames, LeavesAtQuit, NoFacts, NoFactsOfOne, UidBehind, Storm, OddLists]
HOLDS_MAIL_3 = [NoBodyOfOne, NothingOfOne, AnotherUid, WithoutUid, SameUid, Refuses, RefusesRetr]
BREAKS_AT_MAIL_3 = [LongLiteral, ShortLiteral, LoneDot]
