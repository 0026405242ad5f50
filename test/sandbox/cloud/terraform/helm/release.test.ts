/** What is asked of helm for a release that cannot simply be installed. */
import { ProviderError } from '#sandbox/cloud/terraform/engine/resource';
import type { HelmProgram } from '#sandbox/cloud/terraform/helm/helm-program';
import { release } from '#sandbox/cloud/terraform/helm/release';

const PLANNED = { name: 'one', namespace: 'here', chart: './chart', timeout: 300, wait: true, create_namespace: false };
const SAID = { name: 'one', namespace: 'here', version: 1, info: { status: 'deployed' } };

/** A helm where the release is there already. */
function helmWith(status: string): { client: HelmProgram; asked: string[] } {
  const asked: string[] = [];
  let isThere = true;
  const run = ([command = '']: readonly string[]) => {
    asked.push(command);
    if (command === 'status') return Promise.resolve(JSON.stringify({ ...SAID, info: { status } }));
    if (command === 'uninstall') isThere = false;
    if (command === 'install' && isThere) {
      throw new ProviderError('INSTALLATION FAILED: cannot re-use a name that is still in use');
    }
    return Promise.resolve(JSON.stringify({ ...SAID, chart: { metadata: { name: 'chart', version: '1.0.0' } } }));
  };
  return { asked, client: { run: async (args: readonly string[]) => run(args) } as unknown as HelmProgram };
}

const create = (client: HelmProgram) =>
  release.create({ client, planned: PLANNED, config: PLANNED, signal: new AbortController().signal } as never);

it('what a failed or interrupted try has left goes first', async () => {
  const { client, asked } = helmWith('failed');
  expect(await create(client)).toMatchObject({ id: 'one', version: '1.0.0', metadata: { chart: 'chart' } });
  expect(asked).toEqual(['install', 'status', 'uninstall', 'install']);
});

it('a release that is not ours stays', async () => {
  const { client, asked } = helmWith('deployed');
  await expect(create(client)).rejects.toThrow('cannot re-use a name that is still in use');
  expect(asked).toEqual(['install', 'status']);
});
