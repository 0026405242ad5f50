/** Argo CD's real repo-server, which renders what an Application asks for. It has the real Kustomize and Helm. */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { connect, type ClientHttp2Session } from 'node:http2';
import { delimiter, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { SourceSpec } from '#cli/layers/application';
import { freePort } from '#sandbox/net/free-port';
import { REPO_SERVER_PATH } from '#sandbox/toolchain/repo-server-path';
import { ensureTools } from '#sandbox/toolchain/ensure-tools';

const GO_MODULE = join(__dirname, '../../../sandbox/toolchain/go');

/** Fields of Protocol Buffers messages, by their names: argo-cd v3.5.1, repository.proto and v1alpha1/generated.proto. */
interface Message {
  readonly [field: string]: readonly [number: number, message?: Message | 'map'];
}
const INT_OR_STRING: Message = { type: [1], intVal: [2], strVal: [3] };
const GVK: Message = { group: [1], version: [2], kind: [3] };
const SELECTOR: Message = { resId: [1, { gvk: [1, GVK], name: [2], namespace: [3] }] };
const REPOSITORY: Message = { repo: [1], type: [11] };
const HELM: Message = {
  valueFiles: [1],
  parameters: [2, { name: [1], value: [2], forceString: [3] }],
  releaseName: [3],
  values: [4],
  fileParameters: [5, { name: [1], path: [2] }],
  ignoreMissingValueFiles: [8],
  skipCrds: [9],
  valuesObject: [10, { raw: [1] }],
  namespace: [11],
  kubeVersion: [12],
  apiVersions: [13],
  skipTests: [14],
};
const KUSTOMIZE: Message = {
  namePrefix: [1],
  nameSuffix: [2],
  images: [3],
  commonLabels: [4, 'map'],
  commonAnnotations: [6, 'map'],
  forceCommonLabels: [7],
  forceCommonAnnotations: [8],
  namespace: [9],
  commonAnnotationsEnvsubst: [10],
  replicas: [11, { name: [1], count: [2, INT_OR_STRING] }],
  patches: [12, { path: [1], patch: [2], target: [3, SELECTOR] }],
  components: [13],
  labelWithoutSelector: [14],
  ignoreMissingComponents: [17],
  labelIncludeTemplates: [18],
};
const SOURCE: Message = {
  repoURL: [1],
  path: [2],
  targetRevision: [4],
  helm: [7, HELM],
  kustomize: [8, KUSTOMIZE],
  directory: [10, { recurse: [1], exclude: [3], include: [4] }],
  chart: [12],
};
const REQUEST: Message = {
  repo: [1, REPOSITORY],
  revision: [2],
  noCache: [3],
  appName: [5],
  namespace: [8],
  applicationSource: [10, SOURCE],
  kubeVersion: [14],
  hasMultipleSources: [22],
  refSources: [23, { key: [1], value: [2, { repo: [1, REPOSITORY], targetRevision: [2] }] }],
  projectName: [25],
};

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  return Buffer.from([...bytes, rest]);
}

function encoded(object: object, message: Message): Buffer {
  const fields = Object.entries(object).flatMap(([name, value]: [string, unknown]) => {
    if (value === undefined || value === null) return [];
    const [number, type] = message[name]!;
    const items: unknown[] =
      type === 'map' ? Object.entries(value).map(([key, text]) => ({ key, value: text as string })) : [value].flat();
    const item: Message | undefined = type === 'map' ? { key: [1], value: [2] } : type;
    return items.map((one) => field(number, one, item));
  });
  return Buffer.concat(fields);
}

function field(number: number, value: unknown, message: Message | undefined): Buffer {
  if (typeof value === 'boolean' || typeof value === 'number')
    return Buffer.concat([varint(number << 3), varint(Number(value))]);
  const body = typeof value === 'object' ? encoded(value!, message!) : Buffer.from(value as string);
  return Buffer.concat([varint((number << 3) | 2), varint(body.length), body]);
}

/** Of a ManifestResponse: its first field, once for each object. */
function manifestsIn(message: Buffer): unknown[] {
  const found: unknown[] = [];
  for (let at = 0; at < message.length;) {
    const tag = message[at++]!;
    let [length, shift] = [0, 0];
    for (let byte = 128; byte >= 128; shift += 7) length += ((byte = message[at++]!) & 127) * 2 ** shift;
    if ((tag & 7) !== 2) continue;
    if (tag >> 3 === 1) found.push(JSON.parse(message.subarray(at, at + length).toString()));
    at += length;
  }
  return found;
}

/** @returns the path of the Kustomize that this Argo CD needs, built from the same sources; undefined without Go */
function buildKustomize(folder: string): string | undefined {
  for (const name of ['go.mod', 'go.sum']) cpSync(join(GO_MODULE, name), join(folder, name));
  const program = join(folder, 'kustomize');
  const what = ['-mod=mod', `-modfile=${join(folder, 'go.mod')}`, '-o', program, 'sigs.k8s.io/kustomize/kustomize/v5'];
  try {
    execFileSync('go', ['build', ...what], { cwd: GO_MODULE, stdio: 'pipe' });
    return program;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

export interface Asked {
  /** Of the Git repository. */
  readonly url: string;
  readonly commit: string;
  readonly source: SourceSpec;
  readonly name: string;
  readonly namespace: string;
  readonly kubeVersion: string;
  /** Names of sources without the dollar: all are this repository. */
  readonly refs?: readonly string[];
}

export class RepoServer {
  private constructor(
    private readonly processes: readonly ChildProcess[],
    private readonly session: ClientHttp2Session,
  ) {}

  /** @param folder private @param certificates PEM file of whom its Helm believes */
  static async start(folder: string, certificates: string): Promise<RepoServer> {
    const tools = await ensureTools(['argocd', 'miniredis', 'helm'], { progress: () => undefined });
    const bin = join(folder, 'bin');
    mkdirSync(bin);
    if (buildKustomize(bin) === undefined)
      throw new Error('Go is needed to build Kustomize: https://go.dev/doc/install');
    symlinkSync(tools.helm, join(bin, 'helm'));
    const [redis, port, metrics] = [await freePort(), await freePort(), await freePort()];
    const places = ['tls', 'ssh', 'gnupg', 'tmp', 'plugins'].map((name) => join(folder, name));
    for (const place of places) mkdirSync(place, { mode: 0o700 });
    const [tls, ssh, gnupg, tmp, plugins] = places;
    const env = {
      PATH: [bin, REPO_SERVER_PATH, process.env['PATH']].join(delimiter),
      HOME: folder,
      TMPDIR: tmp,
      ARGOCD_BINARY_NAME: 'argocd-repo-server',
      ARGOCD_GPG_ENABLED: 'false',
      ARGOCD_GNUPGHOME: gnupg,
      ARGOCD_TLS_DATA_PATH: tls,
      ARGOCD_SSH_DATA_PATH: ssh,
      ARGOCD_PLUGINSOCKFILEPATH: plugins,
      SSL_CERT_FILE: certificates,
    };
    const local = ['--address', '127.0.0.1', '--port', `${port}`, '--redis', `127.0.0.1:${redis}`];
    const rest = [
      '--metrics-address',
      '127.0.0.1',
      '--metrics-port',
      `${metrics}`,
      '--disable-tls',
      '--client-ca-path',
      '',
    ];
    const processes = [
      spawn(tools.miniredis, ['--address', `127.0.0.1:${redis}`], { stdio: 'ignore' }),
      spawn(tools.argocd, [...local, ...rest], { env, stdio: 'ignore' }),
    ];
    const exited = once(processes[1]!, 'exit').then(() => {
      throw new Error('The repo-server ended.');
    });
    return new RepoServer(processes, await Promise.race([sessionTo(port), exited]));
  }

  async stop(): Promise<void> {
    this.session.destroy();
    for (const one of this.processes) {
      const ended = once(one, 'exit');
      one.kill('SIGKILL');
      await ended;
    }
  }

  /** @throws Error with its message when it refuses */
  async manifests({ url, commit, source, name, namespace, kubeVersion, refs = [] }: Asked): Promise<unknown[]> {
    const { helm, kustomize } = source;
    const request = {
      repo: { repo: source.chart ? source.repoURL : url, type: source.chart ? 'helm' : 'git' },
      revision: source.chart ? source.targetRevision : commit,
      noCache: true,
      appName: name,
      namespace,
      applicationSource: {
        ...source,
        repoURL: source.chart ? source.repoURL : url,
        helm: helm && { ...helm, valuesObject: helm.valuesObject && { raw: JSON.stringify(helm.valuesObject) } },
        kustomize: kustomize && {
          ...kustomize,
          replicas: kustomize.replicas?.map((one) => ({
            name: one.name,
            count: { type: 0, intVal: Number(one.count) },
          })),
          patches: kustomize.patches?.map((one) => ({
            ...one,
            target: one['target'] && { resId: targetOf(one['target']) },
          })),
        },
      },
      kubeVersion,
      hasMultipleSources: refs.length > 0,
      refSources: refs.map((ref) => ({
        key: `$${ref}`,
        value: { repo: { repo: url, type: 'git' }, targetRevision: commit },
      })),
      projectName: 'default',
    };
    return manifestsIn(await this.call(encoded(request, REQUEST)));
  }

  private call(message: Buffer): Promise<Buffer> {
    const path = '/repository.RepoServerService/GenerateManifest';
    const stream = this.session.request({
      ':method': 'POST',
      ':path': path,
      'content-type': 'application/grpc',
      te: 'trailers',
    });
    const prefix = Buffer.alloc(5);
    prefix.writeUInt32BE(message.length, 1);
    const chunks: Buffer[] = [];
    let end: Record<string, unknown> = {};
    return new Promise((resolve, reject) => {
      stream.on('error', reject);
      for (const event of ['response', 'trailers'])
        stream.on(event, (headers: object) => (end = { ...end, ...headers }));
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        if (end['grpc-status'] === '0') resolve(Buffer.concat(chunks).subarray(5));
        else reject(new Error(decodeURIComponent(String(end['grpc-message']))));
      });
      stream.end(Buffer.concat([prefix, message]));
    });
  }
}

function targetOf(target: unknown): object {
  const { kind, name } = target as { kind?: string; name?: string };
  return { gvk: { kind }, name };
}

async function sessionTo(port: number): Promise<ClientHttp2Session> {
  for (let attempt = 0; ; attempt++) {
    const session = connect(`http://127.0.0.1:${port}`);
    try {
      await once(session, 'connect');
      return session;
    } catch (error) {
      if (attempt > 300) throw error;
      await setTimeout(100);
    }
  }
}

/** A repository for the repo-server. */
export function commitOf(folder: string): string {
  return readFileSync(join(folder, '.git/refs/heads/main'), 'utf8').trim();
}
