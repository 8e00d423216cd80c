"""Reports that share an id: what is a duplicate, a conflict, or another report. Order of files matters: a before b."""
from .layout import Layout, write
from .odd_xml import odd
from .report import DAY, START, forwarder, mailing_service, own_sender, usual


def samples():
    first = usual("identity-1", end=START + DAY - 1)
    other_org = first.but(org="Another Receiver Example", email="rua@another.example")
    other_day = first.but(begin=START + DAY, end=START + 2 * DAY - 1)
    other_domain = first.but(domain="example.org")
    conflict = first.but(rows=[own_sender(121), mailing_service(), forwarder()])
    turned = first.but(rows=list(reversed(first.rows)))
    stamped = first.but(generator="Example Reporter 3.2", contact="postmaster@receiver.example")
    return [odd("s34-a-first.xml", first, write(first), "identity: the first of its key"),
            odd("s34-b-records-reordered.xml", turned, write(turned, Layout(indent="\t")),
                "identity: the same records in another order and layout: a duplicate", ledger="duplicate"),
            odd("s34-c-other-contact.xml", stamped, write(stamped),
                "identity: only generator and contact differ: a duplicate", ledger="duplicate"),
            odd("s34-d-other-count.xml", conflict, write(conflict), "identity: one count differs: a conflict",
                ledger="conflict"),
            odd("s34-e-other-reporter.xml", other_org, write(other_org), "identity: the same id of another reporter"),
            odd("s34-f-other-day.xml", other_day, write(other_day), "identity: the same id for another day"),
            odd("s34-g-other-domain.xml", other_domain, write(other_domain),
                "identity: the same id for another policy domain")]
