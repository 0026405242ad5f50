/** The configuration, the manifests, the bucket of the state, and the names in the DNS. */
import { resolve4, resolveNs } from 'node:dns/promises';
import { join } from 'node:path';
import { configFile, readEnvironment } from '#config/environment';
import { hostsOf } from '#config/hosts';
import { refuseExampleAddress } from '#config/example-address';
import { loadConfig } from '#config/load';
import type { ForgeConfig } from '#config/schema';
import { proveLocking } from '../bootstrap/probe';
import { configure } from '../configure/configure';
import { readManifests } from '../manifests/folder';
import { withSpaces, spacesTarget } from '#clients/spaces/client';
import { failure, ok, warning, type Check, type Finding } from './check';

/** Undefined when nothing can be deployed with it; the check says why. */
export function readConfig(env: NodeJS.ProcessEnv): ForgeConfig | undefined {
  try {
    return usableConfig(env);
  } catch {
    return undefined;
  }
}

function usableConfig(env: NodeJS.ProcessEnv): ForgeConfig {
  const config = loadConfig(configFile(env));
  refuseExampleAddress(config, readEnvironment(env, config));
  return config;
}

export function projectChecks(env: NodeJS.ProcessEnv, checkout: string, config: ForgeConfig | undefined): Check[] {
  const name = 'forge.yaml';
  if (config === undefined) return [{ name, run: () => Promise.resolve(validConfig(env)) }];
  return [
    { name, run: () => Promise.resolve(validConfig(env)) },
    { name: 'k8s/', run: () => Promise.resolve(manifestsAgree(checkout, config)) },
    { name: 'state bucket', run: () => stateBucket(env, config) },
    { name: 'alerts', run: () => Promise.resolve(recipients(config)) },
    { name: 'DNS', run: () => (config.dns.managed ? delegated(config) : namesExist(config)) },
  ];
}

function validConfig(env: NodeJS.ProcessEnv): Finding {
  const { name, environment } = usableConfig(env);
  return ok(`${configFile(env)} is valid: ${name}, ${environment}`);
}

function manifestsAgree(checkout: string, config: ForgeConfig): Finding {
  const { changes } = configure(config, readManifests(join(checkout, 'k8s')));
  if (changes.length === 0) return ok('says what forge.yaml says');
  return failure(`${changes.length} values differ from forge.yaml`, 'Run npx forge configure, and commit the result.');
}

function recipients({ alerts }: ForgeConfig): Finding {
  const told = [...alerts.email, ...(alerts.slack ? [`${alerts.slack.channel} in Slack`] : [])];
  if (told.length > 0) return ok(`DigitalOcean writes to ${told.join(', ')}`);
  return warning('nobody is told when the forge is down', 'Name verified addresses in alerts.email of forge.yaml.');
}

async function stateBucket(env: NodeJS.ProcessEnv, config: ForgeConfig): Promise<Finding> {
  const target = spacesTarget(config, env);
  const { bucket } = target;
  const prefix = `${config.name}/${config.environment}/forge-doctor-probe`;
  try {
    const isLocking = await withSpaces(target, (spaces) => proveLocking(spaces, prefix));
    if (isLocking) return ok(`${bucket} is there, and a lock locks`);
    if (!config.state.lockfile) return ok(`${bucket} is there; forge.yaml does without the lock`);
    return failure(`${bucket} accepts a second lock`, 'Run npx forge bootstrap: it says what to do.');
  } catch (error) {
    if ((error as { code?: string }).code !== 'NoSuchBucket') throw error;
    return failure(`${bucket} does not exist`, 'Make it: npx forge bootstrap');
  }
}

async function delegated({ domain }: ForgeConfig): Promise<Finding> {
  const servers = await nameServers(domain);
  if (servers.some((server) => server.endsWith('.digitalocean.com'))) return ok(`${domain} is at DigitalOcean`);
  return warning(
    `${domain} is not delegated to DigitalOcean`,
    'Set ns1, ns2 and ns3.digitalocean.com as its name servers where it is registered, or dns.managed: false.',
  );
}

/** The name servers of a name, or of the nearest name above it that has any. */
async function nameServers(name: string): Promise<string[]> {
  const found = await resolveNs(name).catch(() => []);
  const parent = name.slice(name.indexOf('.') + 1);
  return found.length > 0 || !parent.includes('.') ? found : nameServers(parent);
}

async function namesExist(config: ForgeConfig): Promise<Finding> {
  const hosts = hostsOf(config).map((host) => `${host}.${config.domain}`);
  const found = await Promise.all(hosts.map((host) => resolve4(host).catch(() => [])));
  const missing = hosts.filter((_, index) => found[index]!.length === 0);
  if (missing.length === 0) return ok(`${hosts.join(', ')} exist`);
  return warning(
    `missing: ${missing.join(', ')}`,
    'After the first deploy, point them at entrance_address: npx forge state outputs network',
  );
}
