"""Fills a folder of hosts with two registries, as pypi.org and registry.npmjs.org serve them: a server
each that speaks the protocol, and a library that it needs.

make.py WWW NAME: NAME is the packages', so that a test finds its own.
"""

import base64
import hashlib
import io
import json
import os
import pathlib
import sys
import tarfile
import zipfile

WWW = pathlib.Path(sys.argv[1])
NAME = sys.argv[2]
VERSION = "1.0.0"

PYTHON_SERVER = '''
import json, sys
from {library} import words


def answer(method, message):
    if method == "initialize":
        return {{"protocolVersion": message["params"]["protocolVersion"],
                "capabilities": {{"tools": {{}}}},
                "serverInfo": {{"name": "fetched", "version": "1"}}}}
    if method == "tools/list":
        return {{"tools": [{{"name": "say", "description": "Says where its code is",
                           "inputSchema": {{"type": "object"}}}}]}}
    if method == "tools/call":
        return {{"content": [{{"type": "text", "text": words(__file__)}}]}}
    return {{}}


def main():
    for line in sys.stdin:
        message = json.loads(line)
        if "id" in message:
            result = answer(message["method"], message)
            print(json.dumps({{"jsonrpc": "2.0", "id": message["id"], "result": result}}), flush=True)
'''

NODE_SERVER = '''#!/usr/bin/env node
const words = require("LIBRARY");
const answers = {
  initialize: (message) => ({
    protocolVersion: message.params.protocolVersion, capabilities: { tools: {} },
    serverInfo: { name: "fetched", version: "1" },
  }),
  "tools/list": () => ({
    tools: [{ name: "say", description: "Says where its code is", inputSchema: { type: "object" } }],
  }),
  "tools/call": () => ({ content: [{ type: "text", text: words(__filename) }] }),
};
const answer = (line) => {
  const message = JSON.parse(line);
  if (message.id === undefined) return;
  const result = (answers[message.method] ?? (() => ({})))(message);
  process.stdout.write(JSON.stringify({ jsonrpc: "2.0", id: message.id, result }) + "\\n");
};
require("node:readline").createInterface({ input: process.stdin }).on("line", answer);
'''


# Whoever tests next in this folder, as another user, adds to the same registries.
os.umask(0)


def put(host, path, data):
    file = WWW / host / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(data)


def wheel(name, source, requires=(), script=None):
    """A wheel (PEP 427) of one module, in the simple index (PEP 503)."""
    module = name.replace("-", "_")
    information = f"{module}-{VERSION}.dist-info"
    files = {
        f"{module}.py": source,
        f"{information}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {VERSION}\n"
        + "".join(f"Requires-Dist: {other}\n" for other in requires),
        f"{information}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\n"
        "Tag: py3-none-any\n",
    }
    if script:
        files[f"{information}/entry_points.txt"] = f"[console_scripts]\n{script} = {module}:main\n"
    record = f"{information}/RECORD"
    files[record] = "".join(f"{path},,\n" for path in [*files, record])
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for path, text in files.items():
            archive.writestr(path, text)
    file = f"{module}-{VERSION}-py3-none-any.whl"
    put("files.pythonhosted.org", f"packages/{file}", data.getvalue())
    digest = hashlib.sha256(data.getvalue()).hexdigest()
    link = f"https://files.pythonhosted.org/packages/{file}#sha256={digest}"
    put("pypi.org", f"simple/{name}/index.html",
        f'<!DOCTYPE html><html><body><a href="{link}">{file}</a></body></html>'.encode())


def package(name, file, source, **fields):
    """A package of one file, as npm's registry describes it."""
    manifest = {"name": name, "version": VERSION, "main": file, **fields}
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode="w:gz") as archive:
        for path, text in {"package.json": json.dumps(manifest), file: source}.items():
            entry = tarfile.TarInfo(f"package/{path}")
            entry.size, entry.mode = len(text), 0o755
            archive.addfile(entry, io.BytesIO(text.encode()))
    archive = f"{name}/-/{name}-{VERSION}.tgz"
    put("registry.npmjs.org", archive, data.getvalue())
    digest = base64.b64encode(hashlib.sha512(data.getvalue()).digest()).decode()
    described = {**manifest, "dist": {
        "tarball": f"https://registry.npmjs.org/{archive}", "integrity": f"sha512-{digest}"}}
    put("registry.npmjs.org", f"{name}/index.json", json.dumps({
        "name": name, "dist-tags": {"latest": VERSION}, "versions": {VERSION: described}}).encode())


library = f"{NAME}-library"
wheel(library, "def words(place):\n    return f'fetched into {place}'\n")
wheel(NAME, PYTHON_SERVER.format(library=library.replace("-", "_")), [f"{library}>=1"], script=NAME)
package(library, "index.js", "module.exports = (place) => `fetched into ${place}`;\n")
package(NAME, "server.js", NODE_SERVER.replace("LIBRARY", library),
        bin={NAME: "server.js"}, dependencies={library: "^1.0.0"})
