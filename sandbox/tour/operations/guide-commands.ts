import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { promise, type Operation } from '../operation';
import type { Tour } from '../tour';

export const guideCommands: Operation = {
  title: "Look around with the guide's commands and the operators' certificate",
  page: 'access.md',
  run: async (tour) => {
    const { cluster } = tour;
    const [gitea] = await cluster.pods('gitea');
    await shows(tour, 'get nodes -A', /\bReady\b/);
    await shows(tour, 'get pods -n rt', /gitea-\S+ +(\d)\/\1 +Running/);
    await shows(tour, 'logs -l app=gitea -n rt', /\S/);
    await shows(tour, `describe pod ${gitea!.metadata.name} -n rt`, /Status: +Running/);
    await forwards(tour);
    await refuses(tour, 'get secrets -n rt');
    await refuses(tour, 'delete deployment gitea -n rt');
  },
};

async function shows({ kubectl, tell }: Tour, command: string, expected: RegExp): Promise<void> {
  const { code, text } = await kubectl(command.split(' '), 'operators');
  promise(code === 0 && expected.test(text), `kubectl ${command} printed:\n${text}`);
  tell(
    'kubectl',
    `${command}: ${text
      .split('\n')
      .find((line) => expected.test(line))!
      .trim()
      .replaceAll(/ +/g, ' ')}`,
  );
}

async function refuses({ kubectl, tell }: Tour, command: string): Promise<void> {
  const { code, text } = await kubectl(command.split(' '), 'operators');
  promise(code !== 0 && text.includes('forbidden'), `kubectl ${command} was not refused:\n${text}`);
  tell('kubectl', `${command}: forbidden, as it should be`);
}

/** The guide's port-forward, but for the local port: 8080 may be in use. */
async function forwards({ tell, kubectlProcess }: Tour): Promise<void> {
  const child = kubectlProcess(['port-forward', 'svc/jenkins-svc', ':80', '-n', 'rt'], 'operators');
  try {
    const port = await forwardedPort(child);
    const answer = await fetch(`http://127.0.0.1:${port}/`).then(({ status }) => `answers ${status}`);
    tell('kubectl', `port-forward svc/jenkins-svc: 127.0.0.1:${port} ${answer}`);
  } finally {
    child.kill();
    await once(child, 'close');
  }
}

function forwardedPort(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    let text = '';
    const read = (chunk: Buffer) => {
      text += chunk.toString();
      const port = /Forwarding from 127\.0\.0\.1:(\d+)/.exec(text)?.[1];
      if (port !== undefined) resolve(Number(port));
    };
    child.stdout?.on('data', read);
    child.stderr?.on('data', read);
    child.once('exit', () => reject(new Error(`kubectl port-forward ended:\n${text}`)));
  });
}
