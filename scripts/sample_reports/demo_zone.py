"""What name servers answer about the shop of the demonstration at its end: the key of the ticket system is missing."""
import json

SHOP = "lune-shop.example"
SHOP_KEY = ("MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAxI7fXhWOv1vpwr/SNSR9SKMpsmUkhRrTTWi0LMv3Yfh9FcCgeTbV5nAZ"
            "KsHcpkVj91F/g7JkPYaUV81i6GIS1F2PWaCvxGo/b42QEZjat4jkSSk3QcNGv2+HC6QLX1HJcF+j9t0yWfCe8W9eqC3Oag+J/zzY"
            "662Xw0EhXbtX23nk347vNShQwktGHIaEx6P8NFT65NGmllJw87tlea1JPPhlXEU+HM0ARt2OWKpNOPKQFsogrEBR7qRH/4QPbT85"
            "9JA3YeDKAra68ouyyp4xJanN5v1K/IOvFZkDfJvFWydol92gUnmye396oqIt1QRJsr9bfv4XySBarUQj5HZKkwIDAQAB")
PROVIDER_KEY = ("MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEApZyNs88XsE24os6QGKllj3SifRZsmtnsqQT7HBxo8MNdcD4eDTDiX9vX"
                "N0aT+/xLgyvRFRC2Auqu3Xxa16HyoOw1yu3HivVDaMOlaQKUDuq0EuhSo61uGgNk7dnmHGx+Z8mCqWZ1msSOPx7xvcf31l7pMngz"
                "dcmYEzd+amzaRj+aWUaZ3iHRwmvhVpWkjayJWy2Lw4TfbdGsELLCACCkq/+UtSaspsUSlYSoZfMAw3TROFaLjzfV66mKdKPCOJ9+"
                "UukpNTcKGsbk5YTIWc/vUTv0gLnP7fq5cTqixJ4VGS5nWp+JYDoNPsKWJbsqUrvEx7anAavGHN1zxBRdxTEAIwIDAQAB")
HOSTS = {"192.0.2.25": f"shop.{SHOP}", "198.51.100.27": "out27.messagingengine.com",
         "198.51.100.28": "out28.messagingengine.com", "198.51.100.131": "mail131.atl261.rsgsv.net",
         "198.51.100.132": "mail132.atl261.rsgsv.net", "198.51.100.133": "mail133.atl261.rsgsv.net",
         "203.0.113.20": "members.verein.example", "203.0.113.41": "out-41.pod9.zdsys.com",
         "203.0.113.42": "out-42.pod9.zdsys.com"}
RECEIVERS = ("mailhaus.example", "postwelt.example", "inboxone.example", "stadtnetz.example")


def octets():
    zone = {SHOP: [{"TXT": "v=spf1 ip4:192.0.2.25 include:spf.messagingengine.com include:mail.zendesk.com ~all"},
                   {"MX": [10, f"mail.{SHOP}"]}],
            f"_dmarc.{SHOP}": [{"TXT": f"v=DMARC1; p=none; rua=mailto:dmarc@{SHOP}; ruf=mailto:dmarc@{SHOP}; fo=1"}],
            f"mail.{SHOP}": [{"A": "192.0.2.30"}],
            f"shop2026._domainkey.{SHOP}": key(SHOP_KEY), f"fm1._domainkey.{SHOP}": key(PROVIDER_KEY),
            "spf.messagingengine.com": [{"TXT": "v=spf1 ip4:198.51.100.27 ip4:198.51.100.28 ?all"}],
            "lune-shop.zendesk.com": [{"TXT": "v=spf1 include:mail.zendesk.com ~all"}],
            "mail.zendesk.com": [{"TXT": "v=spf1 ip4:203.0.113.41 ip4:203.0.113.42 ~all"}],
            "members.verein.example": [{"TXT": "v=spf1 ip4:203.0.113.20 -all"}]}
    for address, host in HOSTS.items():
        zone.setdefault(host, []).append({"A": address})
        zone[".".join(reversed(address.split("."))) + ".in-addr.arpa"] = [{"PTR": host}]
    for domain in RECEIVERS:
        zone[domain] = [{"TXT": f"v=spf1 ip4:192.0.2.{200 + len(domain)} -all"}]
        zone[f"_dmarc.{domain}"] = [{"TXT": "v=DMARC1; p=reject"}]
    return (json.dumps(dict(sorted(zone.items())), indent=1) + "\n").encode()


def key(text):
    """A TXT record holds strings of at most 255 octets."""
    record = f"v=DKIM1; k=rsa; p={text}"
    return [{"TXT": [record[:250], record[250:]]}]
