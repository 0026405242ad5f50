import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { armor, Decrypter, generateX25519Identity } from 'age-encryption';
import { kubeconfigCommand } from '#cli/kubeconfig/command';
import { newFolder } from '#test/new-folder';
import type { SampleApi } from '#test/clients/kubernetes/sample-api';
import { sampleSigner, type SampleSigner } from '#test/clients/kubernetes/sample-signer';
import { sampleCluster } from '../access/sample-cluster';
import type { Operator } from '../sample-operator';
import { listOperators } from './operators';

describe('forge kubeconfig seal', () => {
  let operator: Operator;
  let api: SampleApi;
  let signer: SampleSigner;
  let folder: string;
  let out: string;

  beforeEach(async () => {
    const cluster = await sampleCluster((terminal) => kubeconfigCommand(terminal, false));
    signer = sampleSigner();
    api = await cluster.startApi((asked) => signer.answer(asked));
    ({ operator } = cluster);
    folder = newFolder('seal');
    out = join(folder, 'kubeconfigs');
  });
  afterEach(() => api.close());

  function decrypt(name: string, identity: string): Promise<string> {
    const decrypter = new Decrypter();
    decrypter.addIdentity(identity);
    return decrypter.decrypt(armor.decode(readFileSync(join(out, `kubeconfig-${name}.yaml`), 'utf8')), 'text');
  }

  const startedBy = (payload: string) => {
    operator.env['GITHUB_EVENT_PATH'] = join(folder, 'event.json');
    writeFileSync(join(folder, 'event.json'), payload);
  };

  it('makes one for each operator, with a certificate of their own, that nobody else can read', async () => {
    const [alice, bob] = (await listOperators(operator, ['alice', 'bob'])) as [string, string];
    const { code, output } = await operator.run('seal', out);
    expect([code, output]).toEqual([0, expect.stringContaining('sealed for its person')]);
    expect(readdirSync(out)).toEqual(['kubeconfig-alice.yaml', 'kubeconfig-bob.yaml']);
    expect(statSync(join(out, 'kubeconfig-bob.yaml')).mode & 0o777).toBe(0o600);
    expect(await decrypt('alice', alice)).toContain(btoa('certificate of O=forge:operators, CN=alice'));
    expect(await decrypt('bob', bob)).toContain(btoa('certificate of O=forge:operators, CN=bob'));
    for (const other of [bob, await generateX25519Identity()]) await expect(decrypt('alice', other)).rejects.toThrow();
    expect(signer.signed.map(({ days }) => days)).toEqual([30, 30]);
  });

  it('leaves one of seven days in clear only in a job of a private repository without operators', async () => {
    startedBy('{"repository":{"private":true}}');
    expect(await operator.run('seal', out)).toMatchObject({ code: 0, output: expect.stringContaining('in clear') });
    expect(readdirSync(out)).toEqual(['kubeconfig.yaml']);
    expect(readFileSync(join(out, 'kubeconfig.yaml'), 'utf8')).toContain('client-key-data');
    expect(signer.signed).toEqual([{ subject: 'O=forge:operators, CN=forge:operator', days: 7 }]);
  });

  it.each([
    undefined,
    '{"repository":{"private":false}}',
    '{"repository":{"private":"true"}}',
    '{}',
    'null',
    'no JSON',
  ])('makes none with nobody listed after the event %s', async (payload) => {
    if (payload !== undefined) startedBy(payload);
    const { code, output } = await operator.run('seal', out);
    expect({ code, output }).toEqual({
      code: 1,
      output: expect.stringContaining('nobody is listed under operators'),
    });
    expect([existsSync(out), signer.signed]).toEqual([false, []]);
  });
});
