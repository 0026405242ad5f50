import { CLUSTER_SCOPES, DELIVERY_ACCESS, type GithubEnvironment } from '#config/delivery-access';
import { read } from './pages';

interface Row {
  readonly secret: string;
  readonly where: string;
  readonly text: string;
}

describe('the table of tokens in docs/delivery.md', () => {
  const rows = tableOf(read('docs/delivery.md'), '| secret');
  const textOf = (secret: string, where: string) =>
    rows.find((row) => row.secret.includes(`\`${secret}\``) && row.where.includes(`\`${where}\``))!.text;
  const environments = Object.entries(DELIVERY_ACCESS) as [GithubEnvironment, (typeof DELIVERY_ACCESS)['plan']][];
  const deploys = scopesIn(textOf('DIGITALOCEAN_TOKEN', 'production'));

  it.each(environments)('says the scopes of the token of %s', (environment, { digitalOcean }) => {
    const text = textOf('DIGITALOCEAN_TOKEN', environment);
    const read = text.startsWith('the same to read') ? deploys.filter((scope) => scope.endsWith(':read')) : [];
    const rest = text.replace(/^the same to read(, and )?/, '');
    expect([...new Set([...read, ...scopesIn(rest)])].filter(exists).sort()).toEqual([...digitalOcean].sort());
  });

  it('says the scopes of the token inside the cluster', () => {
    const text = textOf('FORGE_CLUSTER_TOKEN', 'production').replace(/^.*?: /, '');
    expect(scopesIn(text).sort()).toEqual([...CLUSTER_SCOPES].sort());
  });

  it.each(environments)('says what the Spaces key of %s may do', (environment, { spaces }) => {
    const text = textOf('SPACES_ACCESS_KEY_ID', environment);
    const said = {
      full: 'with full access',
      'read-copies': 'may read the bucket of the plans (`forge bootstrap` prints its name), and no other',
      'read-state-and-snapshots': 'may read the bucket `state.bucket` and that of the etcd snapshots',
    };
    expect(text).toContain(said[spaces]);
  });

  it.each(environments)("says the permissions of GitHub's token of %s", (environment, { github }) => {
    const named = /to write: (.*?)\. /.exec(textOf('FORGE_GITHUB_TOKEN', 'production'))![1]!;
    const permissions = named
      .replaceAll(/ \(.*?\)/g, '')
      .toLowerCase()
      .split(', ');
    const verb = textOf('FORGE_GITHUB_TOKEN', environment).startsWith('the same to read') ? 'read' : 'write';
    expect(permissions.map((permission) => `${permission}:${verb}`)).toEqual(github);
  });
});

describe('the table of environments in docs/delivery.md', () => {
  const [, page = ''] = read('docs/delivery.md').split('### 2. Environments');
  const rules = (environment: string) =>
    new RegExp(`^\\| \`${environment}\` +\\|[^|]*\\| (.*?) +\\|$`, 'm').exec(page)?.[1];

  // The code of a branch runs there with the key of the states, which hold the cluster's authorities.
  it('lets a person look before a branch gets the key of the states', () => {
    expect(rules('plan')).toMatch(/^required reviewers/);
  });

  it.each(['approval', 'production', 'drift'])('lets no branch but main use %s', (environment) => {
    expect(rules(environment)).toMatch(/^only branch `main`/);
  });
});

/** A scope that the page means by `every verb that there is`, but that there is not. */
function exists(scope: string): boolean {
  return !/^(tag|block_storage|block_storage_snapshot):update$/.test(scope);
}

/** `to create and read a and b; to read c`, with each kind in code. */
function scopesIn(text: string): string[] {
  return text.split(';').flatMap((part) => {
    const [words = ''] = part.split('`');
    const every = /every verb|all four verbs/.test(words);
    const verbs = ['create', 'read', 'update', 'delete'].filter((verb) => every || words.includes(verb));
    const kinds = [...part.matchAll(/`(\w+)`/g)].map(([, kind]) => kind!);
    return kinds.flatMap((kind) => verbs.map((verb) => `${kind}:${verb}`));
  });
}

/** An empty first cell means the one above. */
function tableOf(page: string, start: string): Row[] {
  const lines = page.slice(page.indexOf(start)).split('\n\n')[0]!.split('\n').slice(2);
  let above = '';
  return lines.map((line) => {
    const [, secret = '', where = '', text = ''] = line.split('|').map((cell) => cell.trim());
    above = secret || above;
    return { secret: above, where, text };
  });
}
