import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { operatorNames } from '#config/people';
import { git } from '#sandbox/git/git';
import { kubeconfigFile } from '#sandbox/place/kubeconfigs';
import { nodesReady } from '#sandbox/up';
import { cloudNames } from '#stacks/network/names';
import { askGitea, entranceOf, type Entrance } from '../entrance';
import { cloneAgain, gitSettings, GITEA_USER, pushRepository, type GiteaRepository } from '../gitea';
import { promise, since, type Operation } from '../operation';
import type { Actor, Tour } from '../tour';

const JOB = '/var/jenkins_home/jobs/kept/config.xml';
const JOB_TEXT = '<project><description>kept</description></project>';
const ISSUE = 'From before';

export const lostForge: Operation = {
  title: 'Destroy the whole forge, deploy it again, and go on where the backups end',
  page: 'restore.md',
  on: 'containers',
  run: async (tour) => {
    const repository = await makeData(tour);
    await done(tour, 'by hand', ['backup', 'now']);
    const { name, environment } = tour.sandbox.config;
    await done(tour, 'terraform', ['destroy', '--confirm', cloudNames(name, environment).cluster]);
    await done(tour, 'by hand', ['bootstrap']);
    await deployAgain(tour);
    await findData(tour, repository);
  },
};

/** A command of forge. */
async function done(tour: Tour, actor: Actor, args: readonly string[]): Promise<void> {
  const start = Date.now();
  const { code, text } = await tour.forge(args);
  promise(code === 0, `forge ${args.join(' ')} failed:\n${text}`);
  tour.tell(actor, `forge ${args.join(' ')}: ${text.trim().split('\n').at(-1)} (${since(start)})`);
}

async function makeData(tour: Tour): Promise<GiteaRepository> {
  const entrance = await entranceOf(tour.sandbox);
  const repository = await pushRepository(tour, entrance, join(tour.folder, 'lost-forge'));
  const { name, token } = repository;
  const issue = { path: `/repos/${GITEA_USER}/${name}/issues`, token, body: { title: ISSUE } };
  const { status } = await askGitea(entrance, issue);
  promise(status === 201, `Gitea makes no issue: it answers ${status}`);
  const make = `mkdir -p ${JOB.replace(/\/[^/]+$/, '')} && echo '${JOB_TEXT}' > ${JOB}`;
  const { code, text } = await inJenkins(tour, make);
  promise(code === 0, text);
  tour.tell('by hand', 'there is a repository with an issue, and a job in the first Jenkins');
  return repository;
}

async function deployAgain(tour: Tour): Promise<void> {
  const { sandbox, tell } = tour;
  const start = Date.now();
  await done(tour, 'terraform', ['deploy', 'network', '--auto-approve']);
  await nodesReady(sandbox.folder, () => undefined);
  tell('kubernetes', `all machines are nodes ${since(start)} after the deploy began`);
  await done(tour, 'terraform', ['deploy', '--auto-approve']);
  await done(tour, 'kubectl', ['kubeconfig', '--admin', '--out', kubeconfigFile(sandbox, 'admin')]);
  const as = sandbox.config.operators.length === 0 ? [] : ['--as', operatorNames(sandbox.config)[0]];
  await done(tour, 'kubectl', ['kubeconfig', ...as, '--out', kubeconfigFile(sandbox, 'operators')]);
  await done(tour, 'argo cd', ['wait']);
  tell('argo cd', `all layers are Healthy ${since(start)} after the deploy began`);
}

async function findData(tour: Tour, repository: GiteaRepository): Promise<void> {
  const entrance = await entranceOf(tour.sandbox);
  const again = await cloneAgain(tour, entrance, repository);
  await pushMore(tour, entrance, repository, again);
  const { name, token } = repository;
  const { body } = await askGitea(entrance, { path: `/repos/${GITEA_USER}/${name}/issues`, token });
  const titles = (JSON.parse(body.toString()) as { title: string }[]).map(({ title }) => title);
  promise(titles.includes(ISSUE), `Gitea has the issues ${titles.join(', ')}`);
  const { text } = await inJenkins(tour, `cat ${JOB}`);
  promise(text.trim() === JOB_TEXT, `The job of Jenkins is not as it was: ${text}`);
  tour.tell('by hand', 'the issue and the job are as they were');
}

async function pushMore(tour: Tour, entrance: Entrance, { url, token }: GiteaRepository, clone: string): Promise<void> {
  writeFileSync(join(clone, 'more'), 'more\n');
  await git(['-C', clone, 'add', '.']);
  await git(['-C', clone, 'commit', '--quiet', '-m', 'Go on']);
  await git(['-C', clone, 'push', '--quiet', url, 'main'], gitSettings(entrance, token));
  tour.tell('git', 'one more commit is pushed, with the token of before');
}

function inJenkins({ kubectl }: Tour, command: string) {
  return kubectl(['-n', 'rt', 'exec', 'jenkins-0', '-c', 'jenkins', '--', 'sh', '-c', command]);
}
