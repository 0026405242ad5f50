/** Every program that the sandbox runs but is not made of: version, where the vendor offers it, how it is built. The only file to edit for an upgrade. */

export type Platform = 'linux/amd64' | 'linux/arm64';

export const TOOL_NAMES = [
  'kube-apiserver',
  'kube-controller-manager',
  'kube-scheduler',
  'kubectl',
  'etcd',
  'etcdutl',
  'kwok',
  'helm',
  'argocd',
  'miniredis',
  'pebble',
  'dex',
  'terraform',
] as const;

export type ToolName = (typeof TOOL_NAMES)[number];

export interface VendorFile {
  readonly url: string;
  /** Pinned here as `sha256`, or read at the time of the download from the `published` list of the vendor. */
  readonly checksum: { readonly sha256: string } | { readonly published: string };
  /** Path of the program inside of a .tar.gz. Without it the file is the program. */
  readonly member?: string;
}

export interface ToolPin {
  readonly version: string;
  /** How a copy on PATH tells its version: the pattern's first group. */
  readonly asked?: { readonly args: readonly string[]; readonly answer: RegExp };
  /** `exact` by default. */
  readonly accepts?: 'exact' | 'newer';
  readonly vendor?: Readonly<Record<Platform, VendorFile>>;
  /** Main package, built inside of a module that requires it. */
  readonly goPackage?: string;
  /** Folder in `go/` of the module that requires it. Default: `go/` itself, where all have the same versions of what they share. */
  readonly goModule?: string;
  /** Where people get it themselves. */
  readonly page: string;
}

const KUBERNETES = 'v1.36.4';
/** The version that Kubernetes 1.36.4 itself requires: another one in the same Go module would change Kubernetes. */
const ETCD = 'v3.6.8';
const KWOK = 'v0.8.0';
const HELM = 'v3.22.0';
/** What chart argo-cd 10.3.3 installs. */
const ARGO_CD = 'v3.5.1';
/** The version that Argo CD 3.5.1 itself requires. */
const MINIREDIS = 'v2.38.0';
const PEBBLE = 'v2.10.3';
/** The commit of the image that k8s/01-init/dex.yaml runs. */
const DEX = 'v0.0.0-20260303133905-11d2eeb52b42';

function forEachPlatform(file: (arch: 'amd64' | 'arm64') => VendorFile): Record<Platform, VendorFile> {
  return { 'linux/amd64': file('amd64'), 'linux/arm64': file('arm64') };
}

function kubernetes(program: string, sha256?: Record<'amd64' | 'arm64', string>): ToolPin {
  return {
    version: KUBERNETES,
    asked:
      program === 'kubectl'
        ? { args: ['version', '--client'], answer: /^Client Version: (\S+)/m }
        : { args: ['--version'], answer: /^Kubernetes (\S+)/m },
    vendor: forEachPlatform((arch) => {
      const url = `https://dl.k8s.io/release/${KUBERNETES}/bin/linux/${arch}/${program}`;
      return { url, checksum: sha256 === undefined ? { published: `${url}.sha256` } : { sha256: sha256[arch] } };
    }),
    goPackage: `k8s.io/kubernetes/cmd/${program}`,
    page: 'https://kubernetes.io/releases/download/',
  };
}

function etcd(program: 'etcd' | 'etcdutl', goPackage: string, asked: ToolPin['asked']): ToolPin {
  const release = `https://github.com/etcd-io/etcd/releases/download/${ETCD}`;
  return {
    version: ETCD,
    ...(asked === undefined ? {} : { asked }),
    vendor: forEachPlatform((arch) => ({
      url: `${release}/etcd-${ETCD}-linux-${arch}.tar.gz`,
      checksum: { published: `${release}/SHA256SUMS` },
      member: `etcd-${ETCD}-linux-${arch}/${program}`,
    })),
    goPackage,
    page: `https://github.com/etcd-io/etcd/releases/tag/${ETCD}`,
  };
}

export const TOOLS: Readonly<Record<ToolName, ToolPin>> = {
  'kube-apiserver': kubernetes('kube-apiserver'),
  'kube-controller-manager': kubernetes('kube-controller-manager'),
  'kube-scheduler': kubernetes('kube-scheduler'),
  kubectl: kubernetes('kubectl', {
    amd64: '8b8f088da2dab964f853b38464033b1be15ede2839eca751482357c45abdd05a',
    arm64: '0ecf44450ee6063bf19dd166a103ee6df4a9034455c2abce626e6eea657d73fb',
  }),
  etcd: etcd('etcd', 'go.etcd.io/etcd/server/v3', { args: ['--version'], answer: /^etcd Version: (\S+)/m }),
  etcdutl: etcd('etcdutl', 'go.etcd.io/etcd/etcdutl/v3', { args: ['version'], answer: /^etcdutl version: (\S+)/m }),
  kwok: {
    version: KWOK,
    asked: { args: ['--version'], answer: /^kwok version (\S+)/m },
    vendor: forEachPlatform((arch) => ({
      url: `https://github.com/kubernetes-sigs/kwok/releases/download/${KWOK}/kwok-linux-${arch}`,
      checksum: {
        sha256: {
          amd64: 'f5a4385a2ae1b9dd7f8acae18e002a75c0ebba124ae9d7259aa8dadb50711f46',
          arm64: '628f7d277860f524a2a775c217adcc58828e7b59ab0933680315784f1b8b0e37',
        }[arch],
      },
    })),
    goPackage: 'sigs.k8s.io/kwok/cmd/kwok',
    page: `https://github.com/kubernetes-sigs/kwok/releases/tag/${KWOK}`,
  },
  helm: {
    version: HELM,
    asked: { args: ['version'], answer: /Version:"([^"]+)"/ },
    vendor: forEachPlatform((arch) => ({
      url: `https://get.helm.sh/helm-${HELM}-linux-${arch}.tar.gz`,
      checksum: {
        sha256: {
          amd64: '1e4ab49e429626cf6c6958d914248b78c9730803c2751b87627e171dc800e7bb',
          arm64: 'f14e804dfee240f55525b667488fe9adca349e63e00c9af634c0beb1421ac310',
        }[arch],
      },
      member: `linux-${arch}/helm`,
    })),
    goPackage: 'helm.sh/helm/v3/cmd/helm',
    page: `https://github.com/helm/helm/releases/tag/${HELM}`,
  },
  argocd: {
    version: ARGO_CD,
    asked: { args: ['version', '--client'], answer: /^argocd: (\S+)/m },
    vendor: forEachPlatform((arch) => ({
      url: `https://github.com/argoproj/argo-cd/releases/download/${ARGO_CD}/argocd-linux-${arch}`,
      checksum: {
        published: `https://github.com/argoproj/argo-cd/releases/download/${ARGO_CD}/cli_checksums.txt`,
      },
    })),
    goPackage: 'github.com/argoproj/argo-cd/v3/cmd',
    page: `https://github.com/argoproj/argo-cd/releases/tag/${ARGO_CD}`,
  },
  // Our own few lines around the library: nobody offers it as a program.
  miniredis: { version: MINIREDIS, goPackage: './miniredis', page: 'https://go.dev/doc/install' },
  // The authority of the sandbox whose machines are real. Its vendor publishes no list of checksums.
  pebble: {
    version: PEBBLE,
    asked: { args: ['-version'], answer: /^Pebble version: (\S+)/m },
    goPackage: 'github.com/letsencrypt/pebble/v2/cmd/pebble',
    goModule: 'pebble',
    page: `https://github.com/letsencrypt/pebble/releases/tag/${PEBBLE}`,
  },
  // The login, for its tests. Its vendor offers images only.
  dex: {
    version: DEX,
    goPackage: 'github.com/dexidp/dex/cmd/dex',
    goModule: 'dex',
    page: 'https://github.com/dexidp/dex/releases',
  },
  terraform: {
    version: 'v1.11.0',
    asked: { args: ['version'], answer: /^Terraform (\S+)/m },
    accepts: 'newer',
    page: 'https://developer.hashicorp.com/terraform/install',
  },
};

/** Stamps that the vendors' own builds carry, too. Helm's Kubernetes version is what charts see as `.Capabilities`. */
export const LINKER_STAMPS: Readonly<Record<string, string>> = {
  'k8s.io/component-base/version.gitVersion': KUBERNETES,
  'k8s.io/component-base/version.gitMajor': '1',
  'k8s.io/component-base/version.gitMinor': '36',
  'k8s.io/component-base/version.gitTreeState': 'clean',
  'github.com/argoproj/argo-cd/v3/common.version': ARGO_CD.slice(1),
  'helm.sh/helm/v3/internal/version.version': HELM,
  'helm.sh/helm/v3/pkg/chartutil.k8sVersionMinor': '36',
  'helm.sh/helm/v3/pkg/lint/rules.k8sVersionMinor': '36',
};

const GO = '1.26.8';

/** The compiler, for machines that have none or one that is too old for go/go.mod. */
export const GO_DISTRIBUTION = {
  version: GO,
  page: 'https://go.dev/doc/install',
  vendor: forEachPlatform((arch) => ({
    url: `https://dl.google.com/go/go${GO}.linux-${arch}.tar.gz`,
    checksum: {
      sha256: {
        amd64: 'd0f743b33e8d8945e6b1f432edd15785c70507121d6e2a723b21285eddf8b57b',
        arm64: '211ffced9dcb9633a55eac6364816ec0ddd951389a740e88fa8b3337971bdda0',
      }[arch],
    },
    member: 'go/bin/go',
  })),
} as const;

/** Argo CD's custom resource definitions: the same files in its Git tag and in its Go module. */
export const ARGO_CD_CRDS = {
  version: ARGO_CD,
  module: 'github.com/argoproj/argo-cd/v3',
  folder: 'manifests/crds',
  site: `https://raw.githubusercontent.com/argoproj/argo-cd/${ARGO_CD}/manifests/crds`,
  sha256: {
    'application-crd.yaml': '5dde0e229249b6b707beb98674c1deae3949d5c319a6c45b9f5a80c99618e40c',
    'appproject-crd.yaml': 'ab225266944322750136f1198d93786e4a79a0e43c8d149abfba44da30a3eac8',
  },
} as const;
