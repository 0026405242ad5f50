/** An emulated account in a temporary folder, its API on a port of its own, and machines that only take notes. */
import { join } from 'node:path';
import { openAccount, type Account, type AccountOptions } from '#sandbox/cloud/digitalocean/account';
import { startDigitalOceanApi } from '#sandbox/cloud/digitalocean/api';
import { addDefaultProject } from '#sandbox/cloud/digitalocean/project';
import { accountTokens, makeToken } from '#sandbox/cloud/digitalocean/tokens';
import { injectFault, type Effect } from '#sandbox/cloud/http/faults';
import { atEnd } from '#test/at-end';
import { newFolder } from '#test/new-folder';
import { client, type Client } from './client';
import { recordingMachines, type RecordingMachines } from './recording-machines';

/** Of the account's owner; alerts go to no other address. */
export const VERIFIED_EMAIL = 'ops@example.org';
export const TOKENS = { deploy: 'dop_v1_deploy', cluster: 'dop_v1_cluster' };

export interface SampleAccount {
  readonly account: Account;
  readonly machines: RecordingMachines;
  /** Names of those that there are over S3. */
  readonly buckets: Set<string>;
  /** Value for DIGITALOCEAN_API_URL. */
  readonly url: string;
  /** With a token that may do everything. */
  readonly api: Client;
  /** Where the account is kept. */
  readonly file: string;
  /** A client with a token that may do only this. */
  readonly allowed: (...scopes: readonly string[]) => Client;
  /** Lets the next requests with this scope fail, one unless said otherwise. */
  readonly fault: (operation: string, effect: Effect, times?: number) => void;
  /** Opens the account again from its file, as after a restart of the sandbox. */
  readonly reopen: (machines?: RecordingMachines) => Account;
}

/** Ends with the tests of the file. */
export async function sampleAccount({ quotas = {} }: Pick<AccountOptions, 'quotas'> = {}): Promise<SampleAccount> {
  const file = join(newFolder('account'), 'account.json');
  const machines = recordingMachines();
  const buckets = new Set<string>();
  const open = (behind: RecordingMachines) =>
    openAccount(
      {
        file,
        tokens: accountTokens(TOKENS),
        verifiedEmails: [VERIFIED_EMAIL],
        machines: behind,
        publicRange: '127.77.0.0/16',
        buckets: () => [...buckets],
        quotas,
      },
      addDefaultProject,
    );
  const account = open(machines);
  const { url, stop } = await startDigitalOceanApi(account, { address: '127.0.0.1', port: 0 });
  atEnd(stop);
  return {
    account,
    machines,
    buckets,
    url,
    file,
    api: client(url, TOKENS.deploy),
    allowed: (...scopes) => client(url, makeToken(account.tokens, 'narrow', scopes)),
    fault: (operation, effect, times = 1) => injectFault(account.conditions, { operation, effect, times }),
    reopen: (again = machines) => open(again),
  };
}
