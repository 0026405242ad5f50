import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseDocument, YAMLSeq } from 'yaml';
import { cdktf } from '#sandbox/cdktf';
import { isReady } from '../cluster-view';
import { promise, since, type Operation } from '../operation';
import type { Tour } from '../tour';
import { documentedApplication, NEW_APPLICATION } from './new-application';

const NAME = 'mon-app-secret';
const VARIABLE = 'MON_APP_TOKEN';
const ENTRY = { name: NAME, namespace: 'rt', layer: 'layer-03-apps', data: { token: VARIABLE } };
const TRACKING = 'argocd.argoproj.io/tracking-id';
const LAYER = 'k8s/layers/layer-03-apps.yaml';

interface Secret {
  readonly metadata: { readonly uid: string; readonly annotations: Readonly<Record<string, string>> };
  readonly data: Readonly<Record<string, string>>;
}

export const secret: Operation = {
  title: 'Add a secret for an application',
  page: 'secrets.md',
  run: async (tour) => {
    const deploy = deployer(tour);
    try {
      await refuseWithoutValue(tour, deploy);
      await create(tour, deploy);
      await use(tour);
      await survive(tour);
    } finally {
      await cdktf(['deploy', 'github-secrets', '--auto-approve'], { env: tour.sandbox.env, log: logOf(tour) });
    }
  },
};

type Deploy = (values: Readonly<Record<string, string>>) => Promise<{ failed: boolean; text: string }>;

/** Deploys github-secrets with a copy of forge.yaml that has the entry: the owner's file stays as it is. */
function deployer(tour: Tour): Deploy {
  const { sandbox, folder } = tour;
  const file = join(folder, 'forge.yaml');
  copyFileSync(sandbox.settings.configFile, file);
  const document = parseDocument(readFileSync(file, 'utf8'));
  const secrets = document.get('secrets', true);
  if (secrets instanceof YAMLSeq) secrets.add(document.createNode(ENTRY));
  else document.set('secrets', [ENTRY]);
  writeFileSync(file, document.toString());
  return (values) =>
    cdktf(['deploy', 'github-secrets', '--auto-approve'], {
      env: { ...sandbox.env, FORGE_CONFIG: file, ...values },
      log: logOf(tour),
    }).then(
      (text) => ({ failed: false, text }),
      (error: Error) => ({ failed: true, text: error.message }),
    );
}

function logOf({ folder }: Tour): string {
  return join(folder, 'deploy-github-secrets.log');
}

async function refuseWithoutValue({ tell }: Tour, deploy: Deploy): Promise<void> {
  tell('terraform', `forge.yaml has ${NAME}; cdktf deploy github-secrets without ${VARIABLE}`);
  const { failed, text } = await deploy({ [VARIABLE]: '' });
  promise(failed, 'A deploy without the value went through');
  const message = text.replaceAll(/[│╷╵\s]+/g, ' ');
  promise(message.includes(VARIABLE) && message.includes(NAME), `The message names not both: ${message}`);
  tell('terraform', /The environment variable \w+ is missing\./.exec(message)?.[0].trim() ?? 'it is refused');
}

async function create({ cluster, tell }: Tour, deploy: Deploy): Promise<void> {
  const start = Date.now();
  const { failed, text } = await deploy({ [VARIABLE]: 'value-of-the-tour' });
  promise(!failed, text);
  const found = await find(cluster);
  const tracking = found?.metadata.annotations[TRACKING];
  promise(tracking === `layer-03-apps:/Secret:rt/${NAME}`, `${NAME} has the tracking ${tracking}`);
  tell('terraform', `with it: rt/${NAME} exists after ${since(start)}, tracked as ${tracking}`);
}

async function use({ clone, cluster, tell, until, untilHealthy }: Tour): Promise<void> {
  const env = `env:\n            - name: TOKEN\n              valueFrom:\n                secretKeyRef:\n                  name: ${NAME}\n                  key: token\n          `;
  clone.write(NEW_APPLICATION, documentedApplication().replace('readinessProbe:', `${env}readinessProbe:`));
  const commit = await clone.push('Add mon-app, which uses the secret');
  await until('a Ready pod of mon-app', async () => (await cluster.pods('mon-app')).some(isReady));
  await untilHealthy(commit);
  tell('argo cd', `mon-app takes its token from it and is Healthy at ${commit}`);
}

/** What usually costs a Secret that is not in Git its life. */
async function survive({ clone, cluster, tell, until, untilHealthy }: Tour): Promise<void> {
  const before = await find(cluster);
  const stays = async (after: string) => {
    promise((await find(cluster))?.metadata.uid === before?.metadata.uid, `${NAME} was lost after ${after}`);
    tell('kubernetes', `${NAME} is still there after ${after}`);
  };
  await stays('the sync');
  clone.edit('k8s/03-apps/nginx-front.yaml', (text) => text.replace('memory: 32Mi', 'memory: 40Mi'));
  await untilHealthy(await clone.push('Change something else'));
  await stays('an unrelated push');
  const manifest = clone.read(LAYER);
  clone.remove(LAYER);
  await clone.push('Remove the layer of the tools');
  await until('the tools are gone', async () => {
    const applications = await cluster.applications();
    const pods = await Promise.all(['gitea', 'jenkins', 'nginx-front'].map((app) => cluster.pods(app)));
    return pods.flat().length === 0 && applications.every(({ metadata }) => metadata.name !== 'layer-03-apps');
  });
  await stays("the removal of its layer's Application, with all its tools");
  clone.write(LAYER, manifest);
  await untilHealthy(await clone.push('Bring the layer back'));
  await stays('the return of the layer');
}

function find(cluster: Tour['cluster']): Promise<Secret | undefined> {
  return cluster.inTools<Secret>(`v1/secrets/${NAME}`);
}
