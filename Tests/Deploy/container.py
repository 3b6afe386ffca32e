# Copyright (c) 2026 the BrowserFleet authors
# SPDX-License-Identifier: Apache-2.0

"""Runs a command in a container with Docker's defaults and what `docker run` was told, by runc.

No engine is needed: runc is what Docker itself starts containers with. The defaults below are
those of Docker's documentation, as far as they matter to a jail.
"""

import json
import platform
import subprocess
from pathlib import Path

CAPABILITIES = [f"CAP_{name}" for name in (
    "AUDIT_WRITE CHOWN DAC_OVERRIDE FOWNER FSETID KILL MKNOD NET_BIND_SERVICE NET_RAW SETFCAP "
    "SETGID SETPCAP SETUID SYS_CHROOT").split()]
MASKED = ["/proc/acpi", "/proc/kcore", "/proc/keys", "/proc/latency_stats", "/proc/timer_list",
          "/proc/sched_debug", "/proc/scsi", "/sys/firmware"]
READ_ONLY = ["/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"]
# What Docker's own profile allows only with CAP_SYS_ADMIN; `clone` depends on its flags.
WITHHELD = ["mount", "pivot_root", "setns", "sethostname", "umount2", "unshare"]
NAMESPACE_FLAGS = 0x7E020000
ENOSYS = 38
ARCHITECTURES = {"x86_64": "SCMP_ARCH_X86_64", "aarch64": "SCMP_ARCH_AARCH64"}


def profile_of(path: Path) -> dict:
    """A profile as `--security-opt seccomp=` takes it, in the form the runtime takes."""
    profile = json.loads(path.read_text())
    known = {entry["architecture"]: entry["subArchitectures"] for entry in profile["archMap"]}
    native = ARCHITECTURES[platform.machine()]
    rules = [{key: rule[key] for key in ("names", "action", "errnoRet") if key in rule}
             for rule in profile["syscalls"]]
    return {"defaultAction": profile["defaultAction"],
            "architectures": [native, *known[native]], "syscalls": rules}


def default_profile() -> dict:
    """What Docker's profile withholds from a container, as far as it concerns namespaces."""
    return {
        "defaultAction": "SCMP_ACT_ALLOW",
        "architectures": [ARCHITECTURES[platform.machine()]],
        "syscalls": [
            {"names": WITHHELD, "action": "SCMP_ACT_ERRNO", "errnoRet": 1},
            {"names": ["clone3"], "action": "SCMP_ACT_ERRNO", "errnoRet": ENOSYS},
            *({"names": ["clone"], "action": "SCMP_ACT_ERRNO", "errnoRet": 1, "args": [
                {"index": 0, "value": 1 << bit, "valueTwo": 1 << bit,
                 "op": "SCMP_CMP_MASKED_EQ"}]}
              for bit in range(32) if NAMESPACE_FLAGS >> bit & 1),
        ],
    }


def run(root: Path, shared: Path, command: list, *, user: int, seccomp: dict, unmasked: bool,
        capabilities: bool, mapped: bool = False,
        environment: dict | None = None) -> subprocess.CompletedProcess:
    """Runs a command in a container whose files are `root`; `shared` can be read in it.

    `mapped`: its users are others outside, as in a pod with `hostUsers: false`.
    """
    (root / "tmp").chmod(0o1777)
    bundle = root.parent / "bundle"
    bundle.mkdir(exist_ok=True)
    held = CAPABILITIES if capabilities and user == 0 else []
    kinds = ["pid", "network", "ipc", "uts", "mount"] + (["user"] if mapped else [])
    users = [{"containerID": 0, "hostID": 100_000, "size": 65_536}] if mapped else []
    words = {"PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": "/nonexistent",
             "DATA_DIR": "/tmp/data"} | (environment or {})
    (bundle / "config.json").write_text(json.dumps({
        "ociVersion": "1.0.2",
        "hostname": "container",
        "root": {"path": str(root), "readonly": True},
        "process": {
            "user": {"uid": user, "gid": user},
            "cwd": "/tmp",
            "args": [str(word) for word in command],
            "env": [f"{name}={value}" for name, value in words.items()],
            "noNewPrivileges": not capabilities,
            "capabilities": {
                "bounding": CAPABILITIES if capabilities else [],
                "effective": held, "permitted": held, "inheritable": [], "ambient": [],
            },
        },
        "mounts": [
            _mount("/proc", "proc", "nosuid", "noexec", "nodev"),
            _mount("/dev", "tmpfs", "nosuid", "mode=755"),
            _mount("/dev/pts", "devpts", "nosuid", "noexec", "newinstance", "ptmxmode=0666"),
            _mount("/dev/shm", "tmpfs", "nosuid", "noexec", "nodev", "mode=1777", "size=65536k"),
            _mount("/sys", "sysfs", "nosuid", "noexec", "nodev", "ro"),
            _mount("/tmp", "tmpfs", "nosuid", "mode=1777"),
            {"destination": str(shared), "source": str(shared), "type": "bind",
             "options": ["rbind", "ro"]},
        ],
        "linux": {
            "namespaces": [{"type": kind} for kind in kinds],
            "uidMappings": users,
            "gidMappings": users,
            "seccomp": seccomp,
            "maskedPaths": [] if unmasked else MASKED,
            "readonlyPaths": [] if unmasked else READ_ONLY,
        },
    }))
    name = f"fleet-{root.parent.name}"
    try:
        return subprocess.run(
            ["runc", "run", "--bundle", bundle, name], timeout=240, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    except subprocess.TimeoutExpired:
        # Only runc itself was killed.
        subprocess.run(["runc", "delete", "--force", name], timeout=30, check=True)
        raise


def _mount(place: str, kind: str, *options: str) -> dict:
    return {"destination": place, "type": kind, "source": kind, "options": list(options)}
