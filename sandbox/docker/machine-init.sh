#!/bin/sh
# First process of a machine in a container: makes of the container what a droplet finds at power-on, then becomes systemd.
# Environment: GATEWAY, METADATA_PORT, HTTPS_ADDRESS, HTTPS_PORT.
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
  iptables --wait --table mangle --new-chain "FORGE-$chain"
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
      --jump DNAT --to-destination "$GATEWAY:$3"
  done
}
lead 169.254.169.254 80 "$METADATA_PORT"
lead "$HTTPS_ADDRESS" 443 "$HTTPS_PORT"

cp /machine/authority.crt /usr/local/share/ca-certificates/
update-ca-certificates >/dev/null
cat >/etc/cloud/cloud.cfg.d/90-machine.cfg <<'CONFIG'
datasource_list: [NoCloud]
locale: false
CONFIG
mkdir -p /var/lib/cloud/seed
ln -sfn /machine/seed /var/lib/cloud/seed/nocloud

# Where a droplet has a screen.
[ -e /dev/tty1 ] || ln -s /dev/console /dev/tty1

exec /lib/systemd/systemd
