import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { runProgram } from '#clients/program';
import { spacesTarget } from '#clients/spaces/client';
import { spacesOverTls, type SpacesOverTls } from '#sandbox/docker/spaces-over-tls';
import { isReady } from '../cluster-view';
import { promise, since, type Operation } from '../operation';
import { runContainer } from '../pod-container';
import type { Tour } from '../tour';

const POD = 'jenkins-0';
const CLAIM = 'home-jenkins-0';
const HOME = 'var/jenkins_home';
const JOB = join(HOME, 'jobs/app/config.xml');
/** The address of Spaces in the mounted Secret. */
const SPACES = /(?<=^s3:)https?:\/\/[^/]+/;

export const lostVolume: Operation = {
  title: 'Lose the volume of a Jenkins, and get it back from its backup',
  page: 'restore.md',
  on: 'processes',
  run: async (tour) => {
    const root = mkdtempSync(join(tour.folder, 'jenkins-'));
    const { config, env } = tour.sandbox;
    const store = await spacesOverTls(spacesTarget(config, { ...env }).endpoint);
    try {
      const saved = await saveJob(tour, root, store);
      await loseVolume(tour, root);
      if (saved) await restoreJob(tour, root, store);
    } finally {
      await store.stop();
      rmSync(root, { recursive: true, force: true });
    }
  },
};

/** @returns whether this machine has what the step runs */
async function saveJob(tour: Tour, root: string, store: SpacesOverTls): Promise<boolean> {
  const found = await runProgram('sh', ['-c', 'restic version']);
  if (found.code !== 0) {
    tour.tell(
      'by hand',
      'restic is not on PATH: what is saved and filled is not shown, only what becomes of the claim',
    );
    return false;
  }
  mkdirSync(dirname(join(root, JOB)), { recursive: true });
  writeFileSync(join(root, JOB), '<project/>');
  const command = ['sh', '/opt/forge/backup.sh'];
  const { code, text } = await script(tour, root, store, { container: 'backup', command });
  promise(code === 0 && text.trimEnd().endsWith(`${POD}: saved`), `The backup failed: ${text}`);
  tour.tell('by hand', `a job is saved to Spaces by the script of ${POD}, with ${found.text.trim()}`);
  return true;
}

async function loseVolume({ cluster, kubectl, tell, until }: Tour, root: string): Promise<void> {
  const volume = async () =>
    (await cluster.inTools<{ spec: { volumeName?: string } }>(`v1/persistentvolumeclaims/${CLAIM}`))?.spec.volumeName;
  const [lost, [pod]] = [await volume(), await cluster.pods('jenkins')];
  const start = Date.now();
  for (const args of [
    ['pvc', CLAIM, '--wait=false'],
    ['pod', POD],
  ]) {
    const { code, text } = await kubectl(['-n', 'rt', 'delete', ...args]);
    promise(code === 0, text);
    tell('by hand', `kubectl -n rt delete ${args.join(' ')}`);
  }
  const bound = await until('a new volume, and the pod Ready with it', async () => {
    const [now, again] = [
      await volume(),
      (await cluster.pods('jenkins')).find(({ metadata }) => metadata.name === POD),
    ];
    const isAnother = again !== undefined && again.metadata.uid !== pod?.metadata.uid && isReady(again);
    return isAnother && now !== lost && now;
  });
  tell('kubernetes', `${bound}, an empty volume, is bound after ${since(start)}`);
  const kept = await cluster.api.get<{ status: { phase: string } }>(`/api/v1/persistentvolumes/${lost}`);
  promise(kept?.status.phase === 'Released', `${lost} did not outlive its claim`);
  tell('kubernetes', `${lost}, the volume of before, outlives its claim`);
  mkdirSync(join(root, HOME), { recursive: true });
  renameSync(join(root, HOME), join(root, 'volume of before'));
}

async function restoreJob(tour: Tour, root: string, store: SpacesOverTls): Promise<void> {
  const { code, text } = await script(tour, root, store, { container: 'restore' });
  promise(code === 0, `The step restore failed: ${text}`);
  promise(readFileSync(join(root, JOB), 'utf8') === '<project/>', `The job did not come back: ${text}`);
  tour.tell('kubernetes', `the pod's step restore filled it, and the job is back: ${text.trim().split('\n').at(-1)}`);
}

/** A script of the living pod, against the emulated Spaces. */
function script(
  { cluster }: Tour,
  root: string,
  { url, authority }: SpacesOverTls,
  container: { readonly container: string; readonly command?: readonly string[] },
) {
  const authorityFile = join(root, 'authority.pem');
  writeFileSync(authorityFile, authority);
  return runContainer(cluster, {
    ...container,
    pod: POD,
    root,
    env: { PATH: process.env['PATH'], HOME: root, RESTIC_CACERT: authorityFile },
    adapt: (value) => value.replace(SPACES, url),
  });
}
