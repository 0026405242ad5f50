import { agentUserData } from '#stacks/network/cloud-init/render';
import { machine, type Machine } from './machine';
import { agentProps } from './user-data-samples';

const DRAIN = '/usr/local/lib/forge/drain-node.sh drain';
const OWN = 'forge-test-general-g1-1-1';
const READY_SUCCESSOR = `${OWN} true True\nforge-test-general-g2-1-2  True\n`;

/** kubectl's answers, by files of the world: `readyz`, `unschedulable`, `pods`, `nodes`; `refused` while it is there. */
const kubectl = `#!/bin/bash
echo "$*" >>"$WORLD/calls"
case $* in
  *readyz*) [[ -e $WORLD/readyz ]] ;;
  *spec.unschedulable}) cat "$WORLD/unschedulable" 2>/dev/null || true ;;
  *'get pods'*) cat "$WORLD/pods" ;;
  *'get nodes --selector forge/pool=general '*) cat "$WORLD/nodes" ;;
  *eviction*) if [[ -e $WORLD/refused ]]; then cat "$WORLD/refused" >&2; exit 1; fi; : >"$WORLD/pods" ;;
esac
`;

/** The real script with a stub for k3s. Against a real API: test/sandbox/cluster/boot/drain.test.ts. */
describe('drain-node.sh', () => {
  let node: Machine;

  beforeEach(() => {
    node = machine(agentUserData(agentProps()));
    node.write('/usr/local/bin/k3s', kubectl, 0o755);
    node.write('/etc/rancher/k3s/config.yaml.d/10-node.yaml', `node-name: ${OWN}\n`);
    node.write('/var/lib/rancher/k3s/agent/kubelet.kubeconfig', '    server: https://127.0.0.1:6444\n');
    node.world({ readyz: '', pods: 'rt/gitea-0 StatefulSet\n', nodes: READY_SUCCESSOR });
  });

  const pauses = () => node.calls().filter((call) => call.startsWith('sleep'));
  const untilEnd = async (run: Promise<unknown>, condition: () => boolean) => {
    let ended = false;
    void run.finally(() => (ended = true));
    while (!ended && !condition()) await new Promise((resolve) => setTimeout(resolve, 20));
  };
  const evictions = () => node.calls().filter((call) => call.includes('/eviction'));

  it('gives up at once where no API answers: a destroy takes the servers, too', async () => {
    node.world({ readyz: undefined });
    const run = await node.run(DRAIN);
    expect(run).toEqual({ code: 0, log: 'The API does not answer: nothing can be moved.\n' });
    expect(pauses()).toEqual(['sleep 1', 'sleep 1']);
  });

  it('waits for nothing where there is nothing to move', async () => {
    node.world({ pods: 'kube-system/csi-do-node-x DaemonSet\nkube-system/static-x Node\n' });
    expect(await node.run(DRAIN)).toEqual({ code: 0, log: '' });
    expect(pauses()).toEqual([]);
    expect(evictions()).toEqual([]);
  });

  it('moves its pods when another node of its pool is Ready', async () => {
    expect(await node.run(DRAIN)).toEqual({ code: 0, log: 'Moving rt/gitea-0.\n' });
    expect(evictions()).toHaveLength(1);
  });

  it.each([
    ['cordoned', `forge-test-general-g1-2-3 true True\n`],
    ['not Ready', `forge-test-general-g2-1-2  Unknown\n`],
    ['itself', `${OWN}  True\n`],
  ])('does not count on a node that is %s', async (_, nodes) => {
    node.world({ nodes });
    // The world ends after some pauses.
    expect((await node.run(DRAIN)).code).not.toBe(0);
    expect(evictions()).toEqual([]);
  });

  it('goes on without another node after eight minutes', async () => {
    node.world({ nodes: '' });
    const { code, log } = await node.run(DRAIN, { SECONDS: '481' });
    expect(code).toBe(0);
    expect(log).toContain(
      'No other node of the pool general is Ready after 480 s: going on without.\nMoving rt/gitea-0.\n',
    );
  });

  it('stops waiting for another node when the API is gone', async () => {
    node.world({ nodes: '' });
    const run = node.run(DRAIN);
    await untilEnd(run, () => pauses().length >= 2);
    node.world({ readyz: undefined });
    expect(await run).toEqual({ code: 0, log: 'The API does not answer: nothing can be moved.\n' });
  });

  it('asks again for a pod that its budget holds back, until its time is over', async () => {
    node.world({ refused: "Cannot evict pod as it would violate the pod's disruption budget.\n" });
    const run = node.run(DRAIN, { SECONDS: '600' });
    await untilEnd(run, () => evictions().length >= 3);
    node.world({ refused: undefined });
    expect((await run).code).toBe(0);

    node.world({ pods: 'rt/gitea-0 StatefulSet\n', refused: 'no\n' });
    expect((await node.run(DRAIN, { SECONDS: '691' })).log).toBe(
      'After 690 s the machine goes off although there are still rt/gitea-0.\n',
    );
  });
});
