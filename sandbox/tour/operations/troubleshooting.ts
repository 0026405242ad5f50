import { isReady, waitingReasons } from '../cluster-view';
import { promise, type Operation } from '../operation';
import type { Tour } from '../tour';

const FILE = 'k8s/03-apps/nginx-front.yaml';

/** What the sandbox's nodes do with a pod whose image does not exist, or whose program fails: nothing is really pulled or run. */
const FAULTS = [
  { fault: 'image-pull', reason: /^(ErrImagePull|ImagePullBackOff)$/, title: 'an image that cannot be pulled' },
  { fault: 'crash-loop', reason: /^CrashLoopBackOff$/, title: 'a program that ends at once' },
] as const;

export const troubleshooting: Operation = {
  title: 'Find out why a pod does not start',
  page: 'troubleshooting.md',
  on: 'processes',
  run: async (tour) => {
    for (const { fault, reason, title } of FAULTS) await find(tour, fault, reason, title);
  },
};

async function find(tour: Tour, fault: string, reason: RegExp, title: string): Promise<void> {
  const { clone, cluster, tell, until, untilHealthy, kubectl } = tour;
  const manifest = clone.read(FILE);
  clone.edit(FILE, (text) =>
    text.replace(
      /( +)checksum\/nginx-front-server: /,
      (found, indent: string) => `${indent}forge.sandbox/fault: ${fault}\n${found}`,
    ),
  );
  tell('git', `${FILE}: ${title}, pushed as ${await clone.push(`Rehearse ${title}`)}`);
  const pod = await until(`a pod that waits: ${fault}`, async () => {
    const pods = await cluster.pods('nginx-front');
    return pods.find((candidate) => waitingReasons(candidate).some((found) => reason.test(found)));
  });
  const name = pod.metadata.name;
  const pods = await kubectl(['get', 'pods', '-n', 'rt'], 'operators');
  const line = pods.text.split('\n').find((text) => text.startsWith(name));
  promise(
    line !== undefined && /ImagePull|CrashLoop|Error/.test(line),
    `kubectl get pods does not show it:\n${pods.text}`,
  );
  tell('kubectl', `get pods -n rt: ${line.replaceAll(/ +/g, ' ')}`);
  const described = await kubectl(['describe', 'pod', name, '-n', 'rt'], 'operators');
  const event = described.text.split('\n').find((text) => /Warning .*(Failed|BackOff)/.test(text));
  promise(event !== undefined, `kubectl describe does not say why:\n${described.text}`);
  tell('kubectl', `describe pod: ${event.trim().replaceAll(/ +/g, ' ')}`);
  promise((await cluster.pods('nginx-front')).some(isReady), 'The old pod does not serve any more');
  tell('kubernetes', 'the old pod serves on');
  clone.write(FILE, manifest);
  await untilHealthy(await clone.push('Repair it'));
  tell('argo cd', 'a good push heals it');
}
