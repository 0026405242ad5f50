/**
 * A Helm repository with the charts of Argo CD in the versions of the stack: those of the mirror, else charts of the sandbox's own.
 * `helm` takes them from there as from https://argoproj.github.io/argo-helm.
 */
import { copyFileSync, cpSync, existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { basename, join } from 'node:path';
import { outputOf } from '#clients/program';
import { ARGO_CD_APPS_CHART, ARGO_CD_CHART } from '#stacks/cluster/argocd-charts';
import { TOOLS } from '../toolchain/pins';
import { listen, stopListening } from '../net/listen';

export interface ChartRepositoryOptions {
  /** Where the packaged charts are kept; made anew. */
  readonly folder: string;
  readonly address: string;
  readonly port: number;
  /** Path of the program. */
  readonly helm: string;
  /** Folder of charts as `<name>-<version>.tgz`, if there is one. */
  readonly mirror: string | undefined;
  /** Files of Argo CD's custom resource definitions. */
  readonly crds: readonly string[];
}

const OWN_CHARTS = join(__dirname, 'charts');
const INDEX = 'index.yaml';

/** @returns ends it */
export async function startChartRepository(options: ChartRepositoryOptions): Promise<() => Promise<void>> {
  empty(options.folder);
  await chart(options, 'argo-cd', ARGO_CD_CHART);
  await chart(options, 'argocd-apps', ARGO_CD_APPS_CHART);
  return serveCharts(options);
}

/** A repository of nothing but what the mirror has: charts for real pods. @returns ends it */
export async function startMirroredCharts(
  options: Omit<ChartRepositoryOptions, 'crds' | 'mirror'> & { readonly mirror: string },
): Promise<() => Promise<void>> {
  const { folder, mirror } = options;
  empty(folder);
  for (const name of readdirSync(mirror).filter(isChart)) copyFileSync(join(mirror, name), join(folder, name));
  return serveCharts(options);
}

function empty(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true, mode: 0o700 });
}

function isChart(name: string): boolean {
  return name.endsWith('.tgz');
}

/** Whatever the path in front of a file's name is: vendors have different ones. */
async function serveCharts({
  folder,
  address,
  port,
  helm,
}: Pick<ChartRepositoryOptions, 'folder' | 'address' | 'port' | 'helm'>): Promise<() => Promise<void>> {
  await outputOf(helm, ['repo', 'index', folder]);
  const server = createServer((request, answer) => {
    const name = basename(request.url ?? '');
    if (name !== INDEX && !isChart(name)) return void answer.writeHead(404).end();
    readFile(join(folder, name)).then(
      (content) => answer.writeHead(200).end(content),
      () => answer.writeHead(404).end(),
    );
  });
  await listen(server, { host: address, port });
  return () => stopListening(server);
}

async function chart(
  { folder, helm, mirror, crds }: ChartRepositoryOptions,
  name: string,
  version: string,
): Promise<void> {
  const archive = `${name}-${version}.tgz`;
  if (mirror !== undefined && existsSync(join(mirror, archive))) {
    copyFileSync(join(mirror, archive), join(folder, archive));
    return;
  }
  const source = join(folder, name);
  cpSync(join(OWN_CHARTS, name), source, { recursive: true });
  if (name === 'argo-cd') {
    for (const file of crds) copyFileSync(file, join(source, 'definitions', basename(file)));
  }
  const versions = ['--version', version, '--app-version', TOOLS.argocd.version];
  await outputOf(helm, ['package', source, ...versions, '--destination', folder]);
  rmSync(source, { recursive: true });
}
