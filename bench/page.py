"""docs/measured/performance.md out of the results of bench/run."""

NAMES = {"S": "S: 1,000 mails", "M": "M: 10,000 mails", "G": "G: one report of 500,000 records",
         "H": "H: one report of 1,000,000 records from as many addresses"}
MIB = 64


def seconds(spread):
    return f"{spread['median']:.2f} ({spread['low']:.2f}-{spread['high']:.2f})"


def ratio(spread):
    return f"{spread['median']:.2f} ({spread['low']:.2f}-{spread['high']:.2f})"


def number(value):
    return f"{value:,.0f}"


def table(head, rows):
    lines = [head, ["---"] + ["---:"] * (len(head) - 1), *rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines) + "\n"


def verdict(is_met):
    return "met" if is_met else "MISSED"


def states(results):
    """The commits that the parts were measured at; a part may be older than the others."""
    parts = [part for part in results.values() if "date" in part]
    named = {part.get("commit", f"that of {part['date'][:10]}") for part in parts}
    return ", ".join(sorted(named))


def when(part):
    low, high = part["load"]
    return f"Measured {part['date']}; load average of the machine {low:.1f} to {high:.1f}.\n"


def goals(results):
    rows = []
    ingest = results.get("ingest", {})
    for name in ("M", "G"):
        if name in ingest:
            value = ingest[name]["ratio"]["median"]
            rows.append([f"CPU over floor, {name}, without originals", "1.50 (aim 1.00)", f"{value:.2f}", verdict(value <= 1.5)])
            rows.append([f"CPU over floor, {name}, with originals", "stated", f"{ingest[name]['ratio_kept']['median']:.2f}", ""])
    if "M" in ingest:
        value = ingest["M"]["wall_per_cpu"]["median"]
        rows.append(["wall over CPU, M", "0.65", f"{value:.2f}", verdict(value <= 0.65)])
    if memory := results.get("memory"):
        peak = max(run["peak"] for name in NAMES for run in memory[name].values())
        rows.append(["peak memory, all corpora in all forms", f"{MIB} MiB", f"{peak:.1f} MiB", verdict(peak < MIB)])
    if again := results.get("again"):
        value = again["ratio_wall"]["median"]
        rows.append(["first run over second run, M, wall", "5", f"{value:.1f}", verdict(value >= 5)])
    if mailbox := results.get("mailbox"):
        value = mailbox["ratio"]["median"]
        rows.append(["mails fetched and stored over mails fetched, per second", "0.5", f"{value:.2f}", verdict(value >= 0.5)])
    return table(["Goal", "Limit", "Measured", ""], rows) if rows else ""


def ingest_section(part):
    out = ("## Ingest\n\n`ruaudit ingest` of a folder of mails into a new database, everything on, each run in a fresh process; "
           "floor, a run without and a run with originals in turn, medians and (lowest-highest). What was stored is "
           "compared with what was generated after every run.\n\n" + when(part) + "\n")
    rows = []
    for name, title in NAMES.items():
        corpus = part[name]
        for kind, label in (("bare", "without originals"), ("kept", "with originals")):
            run = corpus[kind]
            wall = run["wall"]["median"]
            rows.append([f"{title}, {label}", seconds(run["wall"]), seconds(run["cpu"]), f"{run['peak']['high']:.1f}",
                         number(corpus["truth"]["reports"] / wall), number(corpus["truth"]["records"] / wall),
                         ratio(corpus["ratio" if kind == "bare" else "ratio_kept"])])
    out += table(["Corpus", "wall s", "CPU s", "peak MiB", "reports/s", "records/s", "CPU / floor"], rows)
    out += ("\nThe floor is what any program of this kind needs here at least, CPU seconds of bare programs "
            "(`bench/floor/`): unpacking is reading, base64, zlib and CRC; parsing is libxml2's SAX2 with the fields "
            "extracted; inserting is one lean row per record with one index in one transaction, cache 64 MiB.\n\n")
    rows = [[title, *(seconds(part[name]["floor"][key]) for key in ("unpack", "parse", "insert", "sum"))]
            for name, title in NAMES.items()]
    out += table(["Floor, CPU s", "unpack", "parse", "insert", "sum"], rows)
    rows = [[title, *(number(part[name]["truth"][key])
                      for key in ("reports", "records", "messages", "distinct_addresses", "distinct_results",
                                  "xml_octets"))]
            for name, title in NAMES.items()]
    return out + "\n" + table(["Corpus", "reports", "records", "messages", "addresses", "sets of results", "octets of XML"], rows)


def memory_section(part):
    forms = ("xml", "gz", "zip", "mail")
    rows = [[title, *(f"{part[name][form]['peak']:.1f}" for form in forms), *(f"{part[name][form]['cpu']:.2f}" for form in forms)]
            for name, title in NAMES.items()]
    return ("## Memory by form\n\nPeak resident memory in MiB and CPU seconds of a fresh process, originals kept, one run each: the same reports "
            "bare, as .xml.gz, as .zip and as mails.\n\n" + when(part) + "\n" +
            table(["Corpus", "xml MiB", "gz MiB", "zip MiB", "mail MiB", "xml s", "gz s", "zip s", "mail s"], rows))


def again_section(part):
    return ("## Second run\n\nThe same 10,000 mails again into the same database: nothing is new.\n\n" + when(part) + "\n" +
            table(["Run over M, with originals", "wall s", "CPU s"],
                  [["first", seconds(part["first"]["wall"]), seconds(part["first"]["cpu"])],
                   ["second", seconds(part["second"]["wall"]), seconds(part["second"]["cpu"])],
                   ["first / second", ratio(part["ratio_wall"]), ratio(part["ratio_cpu"])]]))


def mailbox_bound(part, results):
    """What parsing and storing alone leave of the wire's pace when both cores do nothing else."""
    if "ingest" not in results:
        return ""
    floor = results["ingest"]["M"]["floor"]["sum"]["median"] / results["machine"]["cores"]
    possible = part["mails"] / floor
    return (f" The floor of unpacking, parsing and inserting these mails (see Ingest) is {floor:.2f} s on all cores, "
            f"{number(possible)} mails a second: {possible / part['floor']['median']:.2f} of the wire is the most that any "
            "program could reach.")


def mailbox_section(part, results):
    rows = [[what, number(part[way]["median"]), f"{number(part[way]['low'])}-{number(part[way]['high'])}"]
            for what, way in (("floor: pipelined fetch in batches, nothing but the wire", "floor"),
                              ("the program's session, mails thrown away", "session"),
                              ("`ruaudit fetch`, whole process", "product"),
                          ("`ruaudit ingest` of the same mails in a folder", "files"))]
    return (f"## Mailbox\n\nThe {number(part['mails'])} mails of M from Dovecot over TLS on loopback, server and client on the same "
            "cores: mails per second. The floor fetches the same mails with the same TLS library, batches of 100, without "
            "parsing or storing; `fetch` logs in, lists, fetches in batches of 100, parses, stores with originals and commits "
            "to the disk every 1,000 mails. What was stored is counted after every run.\n\n" + when(part) + "\n" +
            table(["Mails per second", "median", "lowest-highest"], rows) +
            f"\n`fetch` over floor: {ratio(part['ratio'])}; `fetch` over `ingest` of a folder: {ratio(part['ratio_files'])}."
            f"{mailbox_bound(part, results)}\n")


TEXTS = {
    "parser": ("Parser", "`parse_bench` over the .xml.gz files of M, unpacked in memory before the clock starts: the scanner that reads "
               "well-formed reports directly, and libxml2, which reads all else."),
    "summary": ("Summary", "`summary_bench`: `summary --period all` over 10 million records of 20 domains, 50,000 addresses, 400 days and 30 "
                "reporters, against the same totals by plain SQL over the records. Goal: 20 times faster."),
    "dkim": ("DKIM", "`dkim_bench`: verification of relaxed/relaxed RSA-2048 signatures against bare EVP verify plus SHA-256 of the same "
             "bytes (goal: within 1.3 times), and the curves over fields, signatures, tags, names and body."),
    "reverify": ("Failure samples", "`reverify_bench`: 10,000 generated failure reports of 500 domains judged by SPF, DKIM, ARC and DMARC, 16 at "
                 "once, against unbound on loopback. By the server's own query log each name and type may be asked once within its TTL."),
    "spf": ("SPF", "`spf_bench`: checks per second and core with cached DNS, and the curves over the length of a record."),
}


def write(results):
    about = results["machine"]
    out = ["# Performance\n", "Written by `bench/run`; do not edit. To repeat: `bench/run` (or `bench/run --parts ingest,memory` for parts). "
           "Both cores are used by an ingest: one thread reads, the other writes.\n",
           "How far the program is from the least that any needs, how it compares with an older build and what brought no gain: "
           "[pairs](pairs.md).\n",
           f"State measured: {states(results)}.\n",
           f"Machine: {about['cpu']}, {about['cores']} cores, {about['memory_gib']} GiB of memory; compiler GCC {about['compiler']}, "
           "preset `release`.\n", goals(results)]
    for key, section in (("ingest", ingest_section), ("memory", memory_section), ("again", again_section),
                         ("mailbox", lambda part: mailbox_section(part, results))):
        if key in results:
            out.append(section(results[key]))
    for key, (title, text) in TEXTS.items():
        if key in results:
            out.append(f"## {title}\n\n{text}\n\n{when(results[key])}\n```\n{results[key]['text'].strip()}\n```\n")
    return "\n".join(out)
