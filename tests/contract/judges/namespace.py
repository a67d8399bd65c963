"""A private corner of the machine: own network (loopback alone), own hosts file that names Microsoft's hosts."""

from __future__ import annotations

import fcntl
import os
import shutil
import socket
import struct
import subprocess
from pathlib import Path

HOSTS = "127.0.0.1 localhost login.microsoftonline.com graph.microsoft.com login.microsoft.com\n"
_GET_FLAGS, _SET_FLAGS, _UP = 0x8913, 0x8914, 0x1


def prefix() -> list[str] | None:
    """The words before a command that start it in a namespace of its own; None when this machine forbids that."""
    if shutil.which("unshare") is None:
        return None
    words = ["unshare", "--mount", "--net", "--fork", "--kill-child"]
    for more in ([], ["--map-root-user"]):
        if subprocess.run([*words, *more, "mount", "--version"], capture_output=True, check=False).returncode == 0:
            return [*words, *more]
    return None


def furnish(folder: Path) -> None:
    """Inside the namespace: switches loopback on and puts our hosts file over the machine's."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as handle:
        asked = fcntl.ioctl(handle, _GET_FLAGS, struct.pack("16sh22x", b"lo", 0))
        flags = struct.unpack("16sh22x", asked)[1]
        fcntl.ioctl(handle, _SET_FLAGS, struct.pack("16sh22x", b"lo", flags | _UP))
    hosts = folder / "hosts"
    hosts.write_text(HOSTS)
    subprocess.run(["mount", "--bind", str(hosts), "/etc/hosts"], check=True)
    names = [name for _, name in socket.if_nameindex()]
    assert names == ["lo"], f"the namespace has more than loopback: {names}"
    assert socket.gethostbyname("graph.microsoft.com") == "127.0.0.1"
    os.environ.pop("SSL_CERT_DIR", None)
