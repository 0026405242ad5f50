#!/usr/bin/env python3
"""Stands in for k3s on a booted machine: records how it is called, and does what units and scripts can see of it."""
import json
import os
import re
import signal
import socket
import ssl
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

STATE = Path("/var/lib/k3s-double")
SETTINGS = Path("/etc/rancher/k3s")
SERVER = Path("/var/lib/rancher/k3s/server")


def settings():
    files = [SETTINGS / "config.yaml", *sorted((SETTINGS / "config.yaml.d").glob("*.yaml"))]
    return "".join(file.read_text() for file in files if file.exists())


def record():
    STATE.mkdir(mode=0o700, exist_ok=True)
    with open(STATE / "calls", "a") as calls:
        calls.write(json.dumps({"arguments": sys.argv[1:], "settings": settings()}) + "\n")


def tell_systemd(text):
    address = os.environ.get("NOTIFY_SOCKET", "")
    if address:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notify:
            notify.sendto(text.encode(), "\0" + address[1:] if address[0] == "@" else address)


def reach(step):
    """The lab may hold this step, or have k3s die in it."""
    trusted = ssl.create_default_context(cafile="/etc/ssl/certs/ca-certificates.crt")
    try:
        urllib.request.urlopen(f"https://github.com/steps/{step}", context=trusted)
    except urllib.error.HTTPError:
        sys.exit("containerd exited: exit status 1")


def joined():
    """Address of the cluster that it is told to join."""
    server = re.search('^server: "(.*)"$', settings(), re.MULTILINE)
    return server and server[1]


class Supervisor(BaseHTTPRequestHandler):
    def do_GET(self):
        answers = {
            "/cacerts": STATE / "cacerts",
            "/v1-k3s/client-kube-proxy.crt": STATE / "serving.pem",
            "/api/v1/nodes?labelSelector=node-role.kubernetes.io/control-plane": STATE / "nodes.json",
        }
        answer = answers.get(self.path)
        self.send_response(401 if answer is None else 200)
        self.end_headers()
        if answer is not None:
            self.wfile.write(answer.read_bytes())

    def log_message(self, *_):
        pass


def listen():
    """With a certificate for the first name in tls-san, from the cluster's own authority where its key is."""
    address = settings().split("tls-san:")[1].split('"')[1]
    serving = STATE / "serving.pem"
    ca = SERVER / "tls/server-ca"
    make = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-noenc", "-days", "1", "-subj", "/CN=k3s"]
    make += ["-addext", f"subjectAltName=IP:{address}"]
    if joined():
        unverified = ssl._create_unverified_context()
        authority = urllib.request.urlopen(joined() + "/cacerts", context=unverified).read()
    else:
        make += ["-CA", f"{ca}.crt", "-CAkey", f"{ca}.key"]
        authority = Path(f"{ca}.crt").read_bytes()
    (STATE / "cacerts").write_bytes(authority)
    made = subprocess.run([*make, "-keyout", "/dev/stdout"], check=True, capture_output=True)
    serving.write_bytes(made.stdout)
    (STATE / "nodes.json").write_text('{"items": [{"status": {"nodeInfo": {"kubeletVersion": "v1.36.4+k3s1"}}}]}')
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(serving)
    server = ThreadingHTTPServer(("0.0.0.0", 6443), Supervisor)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()


def start_container():
    """A pod's process in its cgroup, and its shim, both as they outlive k3s and take no notice of SIGTERM."""
    stubborn = "trap '' TERM; exec -a %s /bin/sleep infinity"
    shim = "/var/lib/rancher/k3s/data/0123/bin/containerd-shim-runc-v2"
    subprocess.Popen(["bash", "-c", stubborn % shim], start_new_session=True)
    container = subprocess.Popen(["bash", "-c", stubborn % "postgres"], start_new_session=True)
    root = Path("/sys/fs/cgroup")
    for hierarchy in [root, *(root / name for name in ("systemd", "pids", "memory"))]:
        if (hierarchy / "cgroup.procs").exists():
            pod = hierarchy / "kubepods.slice/kubepods-burstable.slice/cri-containerd-0123.scope"
            pod.mkdir(parents=True, exist_ok=True)
            (pod / "cgroup.procs").write_text(str(container.pid))


def open_datastore(step):
    """etcd comes first, what k3s keeps in it some seconds later, and never again: seen with k3s 1.36."""
    bootstrap_data = SERVER / "db/bootstrap-data"
    if (SERVER / "db/etcd").exists() and not bootstrap_data.exists() and not joined():
        sys.exit("no bootstrap data found in datastore - check server token value and verify datastore integrity")
    (SERVER / "db/etcd/member/wal").mkdir(parents=True, exist_ok=True)
    reach(step)
    bootstrap_data.touch()


def serve(role):
    if role == "server":
        open_datastore("start")
        listen()
    start_container()
    reach("ready")
    tell_systemd("READY=1")
    signal.pause()


record()
if "--cluster-reset" in sys.argv:
    open_datastore("restore")
elif sys.argv[1] in ("server", "agent"):
    serve(sys.argv[1])
elif sys.argv[1] == "kubectl" and str(SETTINGS / "k3s.yaml") not in sys.argv:
    sys.exit("The connection to the server 127.0.0.1:6444 was refused")
