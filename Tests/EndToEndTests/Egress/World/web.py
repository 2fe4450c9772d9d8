"""The world's HTTP server, for any host: /hello, redirects, large answers, git and files."""

import http.server
import os
import pathlib
import subprocess
import urllib.parse

TYPES = {".html": "text/html", ".json": "application/json"}


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    folder = None

    def do_GET(self):
        url = urllib.parse.urlsplit(self.path)
        host = (self.headers.get("Host") or "").split(":")[0]
        fields = urllib.parse.parse_qs(url.query)
        if url.path == "/hello":
            return self.reply(f"world: {host}\n".encode())
        if url.path == "/redirect":
            return self.reply(b"", status=302, Location=fields["to"][0])
        if url.path == "/large":
            return self.reply(b"x" * int(fields["size"][0]))
        if url.path.startswith("/git/"):
            return self.git(url)
        return self.file(host, urllib.parse.unquote(url.path))

    def do_POST(self):
        url = urllib.parse.urlsplit(self.path)
        if url.path.startswith("/git/"):
            return self.git(url)
        return self.reply(f"world: {len(self.body())} bytes\n".encode())

    do_PUT = do_POST
    do_HEAD = do_GET

    def body(self):
        if self.headers.get("Transfer-Encoding", "").lower() != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length") or 0))
        data = b""
        while size := int(self.rfile.readline().split(b";")[0], 16):
            data += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return data

    def reply(self, body, status=200, kind="text/plain", **headers):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def file(self, host, path):
        root = (pathlib.Path(self.folder) / "www" / os.path.basename(host)).resolve()
        found = (root / path.lstrip("/")).resolve()
        if found.is_dir():
            found = next(
                (found / name for name in ("index.html", "index.json") if (found / name).is_file()),
                found)
        if not found.is_relative_to(root) or not found.is_file():
            return self.reply(b"not here\n", status=404)
        kind = TYPES.get(found.suffix, "application/octet-stream")
        return self.reply(found.read_bytes(), kind=kind)

    def git(self, url):
        body = self.body() if self.command == "POST" else b""
        done = subprocess.run(
            ["git", "-c", "safe.directory=*", "http-backend"], input=body, capture_output=True,
            check=False, env={
                "PATH": os.environ["PATH"], "GIT_PROJECT_ROOT": f"{self.folder}/git",
                "GIT_HTTP_EXPORT_ALL": "1", "PATH_INFO": url.path[len("/git"):],
                "QUERY_STRING": url.query, "REQUEST_METHOD": self.command,
                "CONTENT_TYPE": self.headers.get("Content-Type", ""),
                "CONTENT_LENGTH": str(len(body)), "REMOTE_USER": "test",
                "HTTP_CONTENT_ENCODING": self.headers.get("Content-Encoding", ""),
                "GIT_PROTOCOL": self.headers.get("Git-Protocol", "")})
        head, _, body = done.stdout.partition(b"\r\n\r\n")
        headers = dict(line.split(": ", 1) for line in head.decode().split("\r\n") if line)
        status = int(headers.pop("Status", "200").split()[0])
        kind = headers.pop("Content-Type", "text/plain")
        self.reply(body, status=status, kind=kind, **headers)

    def log_message(self, *_):
        pass
