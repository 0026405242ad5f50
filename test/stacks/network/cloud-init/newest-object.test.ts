import { serverUserData } from '#stacks/network/cloud-init/render';
import { machine, type Machine, type Run } from './machine';
import { listOf, page, signsOf } from './object-lists';
import { secrets, seedProps } from './user-data-samples';

let server: Machine;

const NOW = 'Sat, 21 Nov 2026 18:01:01 GMT';

beforeEach(() => {
  server = machine(serverUserData(seedProps()));
  server.world({ 'spaces-time': NOW });
});

function newest(folder = ''): Promise<Run> {
  return server.run(`/usr/local/lib/forge/newest-object.sh ${folder}`.trim());
}

describe('newest-object.sh', () => {
  it('names the snapshot that was written last, whatever its name, and says how old it is by the clock of Spaces', async () => {
    server.world({
      spaces: listOf(
        ['etcd-snapshot-forge-test-server-1-41-1795000000', '2026-11-20T06:00:01.000Z'],
        ['on-demand-forge-test-server-3-43-1700000000', '2026-11-21T18:00:01.123Z'],
        ['etcd-snapshot-forge-test-server-2-42-1795100000', '2026-11-21T12:00:01.000Z'],
      ),
    });
    expect(await newest()).toEqual({ code: 0, log: 'on-demand-forge-test-server-3-43-1700000000 60\n' });
  });

  it('names none when the folder is empty', async () => {
    server.world({ spaces: listOf() });
    expect(await newest()).toEqual({ code: 0, log: '' });
  });

  it('sees the snapshots of this cluster only, and no empty or nested object', async () => {
    server.world({
      spaces: page([
        { key: 'forge-test/', modified: '2026-11-24T00:00:00.000Z' },
        { key: 'forge-test/empty', modified: '2026-11-24T00:00:00.000Z', size: 0 },
        { key: 'forge-test/.metadata/nested', modified: '2026-11-24T00:00:00.000Z' },
        { key: 'forge-other/other', modified: '2026-11-24T00:00:00.000Z' },
        { key: 'forge-test/ours', modified: '2026-11-01T00:00:00.000Z' },
      ]),
    });
    expect((await newest()).log).toMatch(/^ours \d+\n$/);
    expect(server.calls().join()).toContain(
      'https://fra1.digitaloceanspaces.com/forge-test-etcd-snapshots-0a1b2c3d?delimiter=%2F&list-type=2&prefix=forge-test%2F',
    );
  });

  it('reads the list to its last page', async () => {
    server.world({
      spaces: page([{ key: 'forge-test/a', modified: '2026-11-01T00:00:00.000Z' }], { truncated: true }),
      'spaces-after-a': page([{ key: 'forge-test/b', modified: '2026-11-02T00:00:00.000Z' }], { truncated: true }),
      'spaces-after-b': page([{ key: 'forge-test/c', modified: '2026-10-01T00:00:00.000Z' }]),
    });
    expect((await newest()).log).toMatch(/^b \d+\n$/);
  });

  it.each([
    ['the request fails', undefined, 'the request failed'],
    ['the answer is something else', '<html>Sign in to the hotel</html>', 'the answer is not a list of objects'],
    ['the answer is cut off', listOf(['a', '2026-11-01T00:00:00.000Z']).slice(0, -20), 'not a list of objects'],
    ['an object has no date', page([{ key: 'forge-test/a' }]), 'a has no date'],
    ['a page leads nowhere', page([], { truncated: true }), 'a page of the list has nothing of it'],
  ])('fails rather than name none when %s', async (_, spaces, message) => {
    server.world({ spaces });
    const run = await newest();
    expect(run.code).toBe(1);
    expect(run.log).toContain(message);
  });

  it('looks into a folder of its own for signs of life', async () => {
    server.world({ 'spaces-signs': signsOf(['server-2', '2026-11-21T18:00:01.000Z']) });
    expect(await newest('.alive/')).toEqual({ code: 0, log: 'server-2 60\n' });
    expect(server.calls().join()).toContain('?delimiter=%2F&list-type=2&prefix=forge-test%2F.alive%2F');
  });

  it('fails rather than guess an age when the answer has no time', async () => {
    server.world({ spaces: listOf(['a', '2026-11-01T00:00:00.000Z']), 'spaces-time': undefined });
    const run = await newest();
    expect(run.code).toBe(1);
    expect(run.log).toContain('the answer does not say what time it is');
  });

  it('shows the Spaces key to no other process', async () => {
    server.world({ spaces: listOf() });
    await newest();
    const calls = server.calls().join('\n');
    expect(calls).toContain(`--config ${server.root}/etc/forge/spaces.curlrc`);
    expect(server.read('/etc/forge/spaces.curlrc')).toBe(
      `user = "${secrets.accessKey}:${secrets.secretKey}"\naws-sigv4 = "aws:amz:fra1:s3"\n`,
    );
    expect(server.mode('/etc/forge/spaces.curlrc')).toBe(0o600);
    for (const secret of Object.values(secrets)) expect(calls).not.toContain(secret);
  });
});
