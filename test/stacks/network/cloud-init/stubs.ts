/**
 * Stand-ins for the commands by which the scripts reach the world. Files in the folder $WORLD say what they find:
 *
 * - `metadata-id`, `metadata-hostname`, `metadata-interfaces-private-0-ipv4-address`: the metadata service;
 * - `unresolved`: a name that DNS does not know; `interface`: the network interface with the VPC address;
 * - `default-route`: what `ip` says of it;
 * - `api`: what /cacerts answers, only after `api-after` pauses; `api-code`: curl's exit code instead;
 * - `kube-proxy`: the certificate that an agent gets; `nodes`: the servers' Nodes, `nodes-before` until `upgraded-after`
 *   pauses; `login` is what the agent showed;
 * - `spaces`, `spaces-after-<key>`, `spaces-signs`: lists of objects, the last of those in .alive/; `spaces-time`: when
 *   Spaces answers; `spaces-refuses`: it does so by an error;
 * - `k3s-active`, `stopping`: what `systemctl` says of k3s and of the machine;
 * - `k3s`: the binary that GitHub serves; `k3s-fails`, `k3s-restores-nothing`: how a restore ends;
 * - `kubectl-fails`: the API answers nobody on the machine; `iptables-fails`: iptables exits with an error;
 * - `network-after`: pauses before the metadata service answers;
 * - `crash-at`: the machine loses power before the stub call of this number.
 *
 * Every call is written to `calls`. After 30 pauses the world ends, so that no loop lasts for ever.
 */

/** Pauses before the world ends. */
const PATIENCE = 30;

/** Without a process of its own: a boot makes hundreds of calls. */
const record = `#!/bin/bash
echo "\${0##*/} $*" >>"$WORLD/calls"
if [[ -e $WORLD/crash-at ]]; then
  mapfile -t calls <"$WORLD/calls"
  if ((\${#calls[@]} == $(<"$WORLD/crash-at"))); then
    kill -KILL -- "-$GROUP"
    kill -KILL 0
  fi
fi
# One character for each pause.
pauses="$(<"$WORLD/pauses")"
`;

/** Only power losses are of interest: they do what the real ones do. */
const realCommands = ['cp', 'mkdir', 'mv', 'rm'];

const curl = `
for ((i = 1; i <= $#; i++)); do
  if [[ \${!i} == --output ]]; then
    next=$((i + 1))
    exec >"\${!next}"
  fi
done
url="\${*: -1}"
answer() { cat "$WORLD/$1" 2>/dev/null || exit "$2"; }
case $url in
  http://169.254.169.254/metadata/v1/*)
    if [[ -e $WORLD/network-after && \${#pauses} -lt $(<"$WORLD/network-after") ]]; then exit 7; fi
    path="\${url#*/v1/}"
    answer "metadata-\${path//\\//-}" 7
    ;;
  https://github.com/*) answer k3s 22 ;;
  */cacerts)
    if [[ -e $WORLD/api-code ]]; then exit "$(<"$WORLD/api-code")"; fi
    if [[ -e $WORLD/api-after && \${#pauses} -lt $(<"$WORLD/api-after") ]]; then exit 7; fi
    answer api 7
    ;;
  */client-kube-proxy.crt)
    # Given on standard input or a descriptor, never on the command line.
    for ((i = 1; i <= $#; i++)); do
      if [[ \${!i} == --config ]]; then
        next=$((i + 1))
        cat "\${!next}" >"$WORLD/login"
      fi
    done
    answer kube-proxy 22
    ;;
  */api/v1/nodes?labelSelector=node-role.kubernetes.io/control-plane)
    if ((\${#pauses} < $(cat "$WORLD/upgraded-after" 2>/dev/null || echo 0))); then answer nodes-before 22; else answer nodes 22; fi
    ;;
  *list-type=*)
    list=spaces
    case $url in
      *start-after=*) list="spaces-after-\${url##*%2F}" ;;
      *.alive%2F*) list=spaces-signs ;;
    esac
    answer "$list" 22
    printf '\\t'
    answer spaces-time 0
    ;;
  *) [[ ! -e $WORLD/spaces-refuses ]] || exit 22 ;;
esac
`;

const systemctl = `
case $* in
  'is-active --quiet k3s.service') [[ -e $WORLD/k3s-active ]] ;;
  is-system-running) if [[ -e $WORLD/stopping ]]; then echo stopping; exit 1; else echo running; fi ;;
esac
`;

/** Content of the world's \`k3s\`. A restore that is cut off leaves etcd data behind, as the real one does. */
export const k3sBinary = `${record}
if [[ $1 == kubectl && -e $WORLD/kubectl-fails ]]; then exit 1; fi
if [[ $* == *--cluster-reset* && ! -e $WORLD/k3s-restores-nothing ]]; then
  mkdir -p "$FORGE_ROOT/var/lib/rancher/k3s/server/db/etcd/member/wal"
  if [[ -e $WORLD/k3s-fails ]]; then exit 1; fi
  mkdir -p "$FORGE_ROOT/var/lib/rancher/k3s/server/db/etcd/member/snap"
fi
`;

export const stubs: Readonly<Record<string, string>> = {
  curl: record + curl,
  systemctl: record + systemctl,
  getent: `${record}[[ ! -e $WORLD/unresolved || $2 != "$(<"$WORLD/unresolved")" ]]\n`,
  ip: `${record}
case "$*" in
  *'address show'*) [[ ! -e $WORLD/interface ]] || echo "3: $(<"$WORLD/interface")    inet $6/20 brd 10.110.15.255 scope global" ;;
  *'route show default') [[ ! -e $WORLD/default-route ]] || cat "$WORLD/default-route" ;;
esac
`,
  sleep: `${record}echo -n . >>"$WORLD/pauses"\n((\${#pauses} < ${PATIENCE})) || kill -KILL -- "-$GROUP"\n`,
  iptables: `${record}
if [[ -e $WORLD/iptables-fails ]]; then exit 4; fi
touch "$WORLD/rules"
call="$*"
case $* in
  *--check*) grep -qxF -- "\${call#*--check }" "$WORLD/rules" ;;
  *--insert*) echo "\${call#*--insert }" >>"$WORLD/rules" ;;
  *--delete*)
    grep -vxF -- "\${call#*--delete }" "$WORLD/rules" >"$WORLD/rules.new"
    mv "$WORLD/rules.new" "$WORLD/rules"
    ;;
esac
`,
  ...Object.fromEntries(realCommands.map((name) => [name, `${record}exec /bin/${name} "$@"\n`])),
};
