#!/usr/bin/env python3
"""Makes a bundle for runc as Podman would: `runc spec`, Podman's seccomp profile, a read-only root.

    runc_bundle.py FOLDER READ-ONLY-PATH… -- COMMAND…

Everything else is as `runc spec` has it, with a network of the container's own in any case. The seccomp profile is containers-common's; its entries for
other processors and for capabilities that a container lacks are left out, as Podman does.
"""

import json
import os
import pathlib
import platform
import subprocess
import sys

PROFILE = "/usr/share/containers/seccomp.json"
PROCESSORS = {"x86_64": ("amd64", "SCMP_ARCH_X86_64"), "aarch64": ("arm64", "SCMP_ARCH_AARCH64")}


def seccomp(capabilities):
    short, native = PROCESSORS[platform.machine()]
    profile = json.loads(pathlib.Path(PROFILE).read_text(encoding="utf-8"))
    also = [each["subArchitectures"] for each in profile["archMap"]
            if each["architecture"] == native]

    def applies(entry):
        needed, without = entry.get("includes") or {}, entry.get("excludes") or {}
        return (set(needed.get("caps", ())) <= capabilities
                and short in needed.get("arches", [short])
                and not set(without.get("caps", ())) & capabilities
                and short not in without.get("arches", ()))

    def rule(entry):
        kept = {"names": entry["names"], "action": entry["action"], "args": entry.get("args") or []}
        return kept | ({"errnoRet": entry["errnoRet"]} if entry.get("errnoRet") else {})

    return {
        "defaultAction": profile["defaultAction"], "defaultErrnoRet": profile["defaultErrnoRet"],
        "architectures": [native, *(also[0] if also else ())],
        "syscalls": [rule(entry) for entry in profile["syscalls"] if applies(entry)]}


def main():
    folder, words = pathlib.Path(sys.argv[1]), sys.argv[2:]
    paths, command = words[:words.index("--")], words[words.index("--") + 1:]
    root = folder / "rootfs"
    root.mkdir(parents=True)
    for name in ("bin", "lib", "lib64", "sbin"):
        (root / name).symlink_to("usr/" + name)
    rootless = ["--rootless"] if os.geteuid() else []
    subprocess.run(["runc", "spec", *rootless], cwd=folder, check=True)
    file = folder / "config.json"
    config = json.loads(file.read_text(encoding="utf-8"))
    config["process"] |= {"terminal": False, "args": command}
    config["process"]["env"].append("HOME=/tmp")
    capabilities = set(config["process"]["capabilities"]["effective"])
    config["linux"]["seccomp"] = seccomp(capabilities)
    # `runc spec --rootless` leaves the host's network in.
    spaces = config["linux"]["namespaces"]
    if {"type": "network"} not in spaces:
        spaces.append({"type": "network"})
    config["mounts"] += [
        {"destination": path, "source": path, "type": "bind", "options": ["rbind", "ro"]}
        for path in ("/usr", *paths)]
    config["mounts"].append(
        {"destination": "/tmp", "source": "tmpfs", "type": "tmpfs", "options": ["nosuid", "nodev"]})
    file.write_text(json.dumps(config), encoding="utf-8")


if __name__ == "__main__":
    main()
