import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cpus, loadavg, totalmem } from 'node:os';
import { join } from 'node:path';
import { TOOLS } from '#sandbox/toolchain/pins';
import { ROOT } from './processes';

export interface Machine {
  readonly processor: string;
  readonly cores: number;
  readonly memoryGb: number;
  /** Processes that wanted to run in the last minute, those of the benchmark included. */
  readonly load: number;
  readonly versions: Readonly<Record<string, string>>;
}

export function describeMachine(): Machine {
  const { dependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
    dependencies: Record<string, string>;
  };
  const terraform = JSON.parse(execFileSync('terraform', ['version', '-json'], { encoding: 'utf8' })) as {
    terraform_version: string;
  };
  return {
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    cores: cpus().length,
    memoryGb: Math.round(totalmem() / 1e9),
    load: Math.round((loadavg()[0] ?? 0) * 10) / 10,
    versions: {
      'Node.js': process.versions.node,
      CDKTF: dependencies['cdktf'] ?? '',
      Terraform: terraform.terraform_version,
      Kubernetes: TOOLS['kube-apiserver'].version,
      'Argo CD': TOOLS.argocd.version,
    },
  };
}
