import { withStandIns } from '#cli/state/stand-ins';
import { parseState } from '#cli/state/state-file';
import type { StateFile } from '#cli/state/state-format';
import { clusterState, networkState, PLANTED } from './sample-state';

const parse = (state: object): StateFile => parseState(JSON.stringify(state), 'sample');
const attribute = (value: string) => ({ type: 'get_attr', value });
const managed = (type: string, attributes: object, marked: readonly string[] = []) => {
  const instances = [{ attributes, sensitive_attributes: marked.map((name) => [attribute(name)]) }];
  return { mode: 'managed', type, name: 'one', instances };
};
const stateOf = (...resources: object[]): StateFile => parse({ version: 4, serial: 1, lineage: 'one', resources });
const attributesOf = ({ resources }: StateFile) => resources.map(({ instances }) => instances[0]!.attributes!);

const SECRET = 'a secret, "quoted" + long';
const encoded = (text: string) => Buffer.from(text).toString('base64');
const PUBLIC_KEY = '-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE\n-----END PUBLIC KEY-----\n';
const PRIVATE_KEY = PUBLIC_KEY.replaceAll('PUBLIC', 'EC PRIVATE');

describe('a state for plans', () => {
  it('has no secret in it, in no form', () => {
    const copies = withStandIns([parse(networkState), parse(clusterState)]);
    // The id of a Spaces key is none, nor is what nothing tells of.
    const text = JSON.stringify(copies)
      .replace(`${PLANTED}-access-key`, '')
      .replace(`${PLANTED}-body`, '')
      .replace(`plain: ${PLANTED}-values`, '')
      .replace(`plain\\":\\"${PLANTED}-metadata`, '');
    expect(text).not.toContain(PLANTED);
    for (const shift of ['', '.', '..']) {
      const core = encoded(`${shift}${PLANTED}`).slice(4, -4);
      expect(text).not.toContain(core);
    }
  });

  it('has the same stand-in for a secret wherever it stands, in another state too', () => {
    const [one, other] = withStandIns([
      stateOf(managed('random_password', { result: SECRET }, ['result'])),
      stateOf(
        managed('helm_release', { values: `token: ${SECRET}`, notes: JSON.stringify({ of: SECRET }) }),
        managed('kubernetes_secret_v1', { annotation: encoded(SECRET) }),
      ),
    ]);
    const { result } = attributesOf(one!)[0] as { result: string };
    expect(result).toMatch(/^removed-[0-9a-f]{24}$/);
    expect(attributesOf(other!)).toEqual([
      { values: `token: ${result}`, notes: JSON.stringify({ of: result }) },
      { annotation: encoded(result) },
    ]);
  });

  it('has another stand-in at the next time', () => {
    const state = stateOf(managed('random_password', { result: SECRET }, ['result']));
    expect(withStandIns([state])).not.toEqual(withStandIns([state]));
  });

  it('has one for the whole of a text that holds a private key, or a secret in a form that cannot be taken out', () => {
    const [copy] = withStandIns([
      stateOf(
        managed('random_password', { result: SECRET }, ['result']),
        managed('example', { script: `cat <<E\n${PRIVATE_KEY}E`, document: encoded(`x: ${SECRET}\ny: z`) }),
      ),
    ]);
    const { script, document } = attributesOf(copy!)[1] as Record<string, string>;
    expect([script, document]).toEqual([expect.stringMatching(/^removed-/), expect.stringMatching(/^removed-/)]);
  });

  it('has one for what is marked, whatever its name', () => {
    const [copy] = withStandIns([stateOf(managed('helm_release', { values: SECRET }, ['values']))]);
    expect(attributesOf(copy!)).toEqual([{ values: expect.stringMatching(/^removed-/) }]);
  });

  it('keeps what Terraform compares with the stacks or asks the cloud for', () => {
    const resources = [
      managed('tls_private_key', { private_key_pem: PRIVATE_KEY, public_key_pem: PUBLIC_KEY }, ['private_key_pem']),
      managed('digitalocean_spaces_key', { id: 'DO00ABCDEFGH12345678', access_key: 'DO00ABCDEFGH12345678' }),
      managed('github_repository_webhook', { url: 'https://argocd.forge.example.org/api/webhook' }, ['url']),
      managed('helm_release', { set_sensitive: [{ name: 'configs.secret.githubSecret', value: SECRET }] }),
    ];
    const [copy] = withStandIns([stateOf(...resources)]);
    const [key, spaces, webhook, release] = attributesOf(copy!) as Record<string, any>[];
    expect(key!['public_key_pem']).toBe(PUBLIC_KEY);
    expect(spaces).toEqual(resources[1]!.instances[0]!.attributes);
    expect(webhook).toEqual(resources[2]!.instances[0]!.attributes);
    expect(release!['set_sensitive'][0].name).toBe('configs.secret.githubSecret');
  });

  it('keeps everything else as it is', () => {
    const state = parse({ ...networkState, check_results: [{ status: 'pass' }] });
    const [copy] = withStandIns([state]);
    expect({ ...copy, outputs: {}, resources: [] }).toEqual({ ...state, outputs: {}, resources: [] });
    expect(copy!.resources.map(({ type }) => type)).toEqual(state.resources.map(({ type }) => type));
    expect(attributesOf(copy!)[1]).toEqual(networkState.resources[1]!.instances[0]!.attributes);
  });

  it('is not made when a secret would be left', () => {
    const state = stateOf(
      managed('random_password', { result: SECRET }, ['result']),
      managed('example', { map: { [SECRET]: 'a secret as a key' } }),
    );
    expect(() => withStandIns([state])).toThrow('A secret would be left in the copy of a state for plans');
  });
});
