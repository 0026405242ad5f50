#!/bin/sh
# First process of a machine in a container: makes of the container what a droplet finds at power-on, then becomes systemd.
# Environment: GATEWAY, METADATA_PORT, HTTPS_ADDRESS, HTTPS_SERVER, GIT_HOST (empty: none), NAMES_PORT (empty: names are Docker's concern).
set -e

mount --make-rshared /

# Docker mounts cgroup v2 for reading only. Of cgroup v1 each hierarchy is mounted afresh, inside this machine's own namespace.
if [ -e /sys/fs/cgroup/cgroup.controllers ]; then
  mount -o remount,rw /sys/fs/cgroup
else
  umount --recursive /sys/fs/cgroup
  mount -t tmpfs -o mode=755 cgroup /sys/fs/cgroup
  while IFS=: read -r _ names _; do
    case $names in
      '') continue ;;
      name=*) folder=${names#name=} options="none,$names" ;;
      *) folder=$names options=$names ;;
    esac
    mkdir -p "/sys/fs/cgroup/$folder"
    mount -t cgroup -o "$options" cgroup "/sys/fs/cgroup/$folder"
  done </proc/self/cgroup
fi

# What the cloud's firewalls let through, before any rule of the machine's own. The file is there before the machine is.
for direction in IN:PREROUTING:-i OUT:POSTROUTING:-o; do
  IFS=: read -r chain hook side <<DIRECTION
$direction
DIRECTION
  # A change of the firewall may have come first.
  iptables --wait --table mangle --new-chain "FORGE-$chain" 2>/dev/null || true
  for interface in eth0 eth1; do
    iptables --wait --table mangle --append "$hook" "$side" "$interface" --jump "FORGE-$chain"
  done
done
[ ! -e /machine/packet-rules ] || iptables-restore --wait --noflush </machine/packet-rules
# An address of a network load balancer is a server's own while it takes part, but only the balancer says where it is.
echo 1 >/proc/sys/net/ipv4/conf/all/arp_ignore

# A cloud's own addresses lead to the sandbox, for the host and, unless something stops them, for its pods.
lead() {
  for chain in OUTPUT PREROUTING; do
    iptables --wait --table nat --append "$chain" --protocol tcp --destination "$1" --dport "$2" \
      --jump DNAT --to-destination "$3"
  done
}
lead 169.254.169.254 80 "$GATEWAY:$METADATA_PORT"
lead "$HTTPS_ADDRESS" 443 "$HTTPS_SERVER"
[ -z "$GIT_HOST" ] || lead "$HTTPS_ADDRESS" 22 "$GIT_HOST:22"

# Docker's own name service is on the loopback, where no pod finds it.
if [ -n "$NAMES_PORT" ]; then
  for chain in OUTPUT PREROUTING; do
    iptables --wait --table nat --append "$chain" --protocol udp --destination "$GATEWAY" --dport 53 \
      --jump DNAT --to-destination "$GATEWAY:$NAMES_PORT"
  done
  echo "nameserver $GATEWAY" >/etc/resolv.conf
fi

# What a droplet's kernel has, and k3s' own settings ask for, and this host may lack.
k3s=/var/lib/rancher/k3s/agent/etc
is_server=$(grep /etc/systemd/system/k3s.service /machine/seed/user-data || true)
if ip link add forge-probe type wireguard 2>/dev/null; then
  ip link delete forge-probe
# A worker takes it from its servers, and refuses the setting.
elif [ -n "$is_server" ]; then
  mkdir -p /etc/rancher/k3s/config.yaml.d
  echo 'flannel-backend: vxlan' >/etc/rancher/k3s/config.yaml.d/90-host.yaml
fi
mkdir -p "$k3s/kubelet.conf.d"
# The disk is this host's: a twentieth of a large one that is nearly full would be much for pods to have, and images that came out of
# archives would be gone for good.
cat >"$k3s/kubelet.conf.d/91-disk.conf" <<'SETTINGS'
apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
evictionHard:
  memory.available: 100Mi
  nodefs.available: 1Gi
  imagefs.available: 1Gi
imageGCHighThresholdPercent: 100
SETTINGS
if [ ! -e /sys/fs/cgroup/cgroup.controllers ]; then
  cat >"$k3s/kubelet.conf.d/91-host.conf" <<'SETTINGS'
apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
failCgroupV1: false
SETTINGS
fi
# Containers trust whom this machine trusts.
mkdir -p "$k3s/containerd/config-v3.toml.d"
cat >"$k3s/containerd/config-v3.toml.d/91-authority.toml" <<'SETTINGS'
version = 3
[plugins.'io.containerd.cri.v1.runtime'.containerd.runtimes.runc]
  base_runtime_spec = '/machine/container-spec.json'
SETTINGS
# Without CAP_SYS_RESOURCE (bit 24) no container may be less likely to be killed than this machine's own processes.
bounding=$(sed -n 's/^CapBnd:[[:space:]]*//p' /proc/self/status)
if [ "$((0x$bounding >> 24 & 1))" = 0 ]; then
  cat >"$k3s/containerd/config-v3.toml.d/90-host.toml" <<'SETTINGS'
version = 3
[plugins.'io.containerd.cri.v1.runtime']
  restrict_oom_score_adj = true
SETTINGS
fi

# Objects of the sandbox's own, which k3s applies when it starts.
if [ -n "$is_server" ] && [ -e /machine/objects.yaml ]; then
  install -D --mode=0600 /machine/objects.yaml /var/lib/rancher/k3s/server/manifests/sandbox.yaml
fi

cp /machine/authorities.crt /usr/local/share/ca-certificates/
# That a file may hold several is all that it says.
update-ca-certificates >/dev/null 2>&1
cat >/etc/cloud/cloud.cfg.d/90-machine.cfg <<'CONFIG'
datasource_list: [NoCloud]
locale: false
CONFIG
mkdir -p /var/lib/cloud/seed
ln -sfn /machine/seed /var/lib/cloud/seed/nocloud

# Where a droplet has a screen.
[ -e /dev/tty1 ] || ln -s /dev/console /dev/tty1

exec /lib/systemd/systemd
