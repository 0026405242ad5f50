#!/usr/bin/env python3
"""A load balancer: the only program of a container on the public network. Its settings are a file that is read again when it changes.

One that keeps its address passes packets on as they are, to machines that answer health checks sent to that very address;
another makes connections of its own, and tells who the client is in a line of PROXY protocol version 1.
"""
import asyncio
import contextlib
import json
import socket
import subprocess
import sys
from pathlib import Path

SETTINGS = Path(sys.argv[1])
INTERFACE = "eth0"
CHECK_SECONDS = 1
CHECK_TIMEOUT = 2
# As in the API's health_check, in fewer seconds.
HEALTHY_AFTER, UNHEALTHY_AFTER = 2, 3
PASSED_ON, TABLE = 1, 100
FIRST_MARK = 16
SO_MARK = 36


def run(command):
    subprocess.run(command.split(), check=True)


class Targets:
    """Who takes part, by health checks."""

    def __init__(self):
        self.counts = {}
        self.healthy = []

    async def check(self, settings, connect):
        targets = settings["targets"]
        results = await asyncio.gather(*(connect(settings, target) for target in targets))
        self.counts = {target: self.count(target, good) for target, good in zip(targets, results)}
        kept = [target for target in targets if self.takes_part(target)]
        changed, self.healthy = kept != self.healthy, kept
        return changed

    def count(self, target, good):
        before = self.counts.get(target, 0)
        return max(before, 0) + 1 if good else min(before, 0) - 1

    def takes_part(self, target):
        limit = -UNHEALTHY_AFTER if target in self.healthy else HEALTHY_AFTER - 1
        return self.counts[target] > limit


async def connects(sock, address, port):
    sock.setblocking(False)
    try:
        await asyncio.wait_for(asyncio.get_running_loop().sock_connect(sock, (address, port)), CHECK_TIMEOUT)
        return True
    except (OSError, asyncio.TimeoutError):
        return False
    finally:
        sock.close()


class Proxy:
    """Makes connections of its own, from its own address."""

    def __init__(self):
        self.servers = {}
        self.turn = 0

    async def connect(self, settings, target):
        sock = socket.socket()
        sock.bind((settings["address"], 0))
        return await connects(sock, target, settings["healthCheckPort"])

    async def apply(self, settings, targets):
        rules = {rule["entryPort"]: rule["targetPort"] for rule in settings["rules"]}
        for port in [port for port in self.servers if port not in rules]:
            self.servers.pop(port).close()
        for port in rules:
            if port not in self.servers:
                handler = self.handler(port, targets)
                self.servers[port] = await asyncio.start_server(handler, settings["address"], port)
        self.settings, self.rules = settings, rules

    def handler(self, entry, targets):
        async def handle(reader, writer):
            with contextlib.suppress(OSError, asyncio.TimeoutError):
                await self.pass_on(reader, writer, targets, self.rules[entry])
            writer.close()

        return handle

    async def pass_on(self, reader, writer, targets, port):
        self.turn += 1
        healthy = targets.healthy
        for index in range(len(healthy)):
            target = healthy[(self.turn + index) % len(healthy)]
            with contextlib.suppress(OSError, asyncio.TimeoutError):
                own = (self.settings["address"], 0)
                there = asyncio.open_connection(target, port, local_addr=own)
                target_reader, target_writer = await asyncio.wait_for(there, CHECK_TIMEOUT)
                if self.settings.get("proxyProtocol"):
                    target_writer.write(self.introduction(writer))
                await asyncio.gather(copy(reader, target_writer), copy(target_reader, writer))
                target_writer.close()
                return

    @staticmethod
    def introduction(writer):
        (source, source_port), (address, port) = writer.get_extra_info("peername"), writer.get_extra_info("sockname")
        return f"PROXY TCP4 {source} {address} {source_port} {port}\r\n".encode()


async def copy(reader, writer):
    with contextlib.suppress(OSError):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
        writer.write_eof()


class Direct:
    """Passes packets on with this balancer's address as their destination."""

    def __init__(self, settings):
        # The table of own addresses would otherwise take them before any other.
        run("ip rule add pref 100 lookup local")
        run("ip rule del pref 0")
        run(f"ip rule add pref 10 fwmark {PASSED_ON} lookup {TABLE}")
        for name, value in {"ip_forward": 1, "fib_multipath_hash_policy": 1}.items():
            Path(f"/proc/sys/net/ipv4/{name}").write_text(f"{value}")
        # Answers to health checks come from an address that is this container's own, too.
        for name, value in {"accept_local": 1, "rp_filter": 0, "send_redirects": 0}.items():
            for place in ("all", INTERFACE):
                Path(f"/proc/sys/net/ipv4/conf/{place}/{name}").write_text(f"{value}")
        self.ports, self.marks = set(), {}

    async def connect(self, settings, target):
        sock = socket.socket()
        sock.setsockopt(socket.SOL_SOCKET, SO_MARK, self.mark(target))
        sock.bind((own_address(settings["address"]), 0))
        return await connects(sock, settings["address"], settings["healthCheckPort"])

    def mark(self, target):
        if target not in self.marks:
            mark = self.marks[target] = FIRST_MARK + len(self.marks)
            run(f"ip route replace default via {target} dev {INTERFACE} table {TABLE + mark}")
            run(f"ip rule add pref 10 fwmark {mark} lookup {TABLE + mark}")
        return self.marks[target]

    async def apply(self, settings, targets):
        for port in {rule["entryPort"] for rule in settings["rules"]} - self.ports:
            match = f"-i {INTERFACE} -d {settings['address']} -p tcp --dport {port}"
            run(f"iptables --wait -t mangle -A PREROUTING {match} -j MARK --set-mark {PASSED_ON}")
            self.ports.add(port)
        ways = " ".join(f"nexthop via {target} dev {INTERFACE}" for target in targets.healthy)
        run(f"ip route replace table {TABLE} {'default ' + ways if ways else 'unreachable default'}")


def own_address(balancer):
    shown = json.loads(subprocess.check_output(["ip", "-json", "-4", "address", "show", INTERFACE]))
    return next(one["local"] for one in shown[0]["addr_info"] if one["local"] != balancer)


async def main():
    settings = json.loads(SETTINGS.read_text())
    run(f"ip address replace {settings['address']}/32 dev {INTERFACE}")
    kind = Direct(settings) if settings.get("keepsAddress") else Proxy()
    targets, known = Targets(), None
    while True:
        settings = json.loads(SETTINGS.read_text())
        changed = await targets.check(settings, kind.connect)
        if changed or settings != known:
            await kind.apply(settings, targets)
            print(f"{settings['address']} leads to {', '.join(targets.healthy) or 'nobody'}", flush=True)
            known = settings
        await asyncio.sleep(CHECK_SECONDS)


asyncio.run(main())
