/**
 * Stand-ins for the official Terraform providers, for where those cannot be had. They are clients of the APIs that the
 * official ones talk to; without this folder a sandbox needs the official ones.
 */
import { digitalOceanProvider } from './digitalocean/provider';
import { provider, startProviders, type RunningStandIns } from './engine/providers';
import { githubProvider } from './github/provider';
import { helmProvider } from './helm/provider';
import { httpProvider } from './http/provider';
import { kubernetesProvider } from './kubernetes/provider';
import { randomProvider } from './random/provider';
import { tlsProvider } from './tls/provider';

export type { RunningStandIns };

export interface StandInParts {
  /** URL of DigitalOcean's API, without a path at its end. */
  readonly digitalOcean: string;
  /** URL of GitHub's, as in GITHUB_BASE_URL. */
  readonly github: string;
  /** Path of the program. */
  readonly helm: string;
  /** For their sockets. */
  readonly folder: string;
}

/** All that the stacks need. */
export function startStandIns({ digitalOcean, github, helm, folder }: StandInParts): Promise<RunningStandIns> {
  const all = [
    provider(digitalOceanProvider(digitalOcean)),
    provider(githubProvider(github)),
    provider(kubernetesProvider()),
    provider(helmProvider(helm)),
    provider(tlsProvider()),
    provider(randomProvider()),
    provider(httpProvider()),
  ];
  return startProviders(all, folder);
}
