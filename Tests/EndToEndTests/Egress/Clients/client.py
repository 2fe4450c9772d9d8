"""Fetches a URL as an ordinary program does: python3 client.py urllib|httpx URL."""

import ssl
import sys


def with_urllib(url):
    import urllib.request
    with urllib.request.urlopen(url, timeout=10) as answer:
        return answer.read().decode()


def with_httpx(url):
    import httpx
    # Its own list of authorities does not know the ground's; the system's does.
    return httpx.get(url, verify=ssl.create_default_context(), timeout=10).raise_for_status().text


print({"urllib": with_urllib, "httpx": with_httpx}[sys.argv[1]](sys.argv[2]), end="")
