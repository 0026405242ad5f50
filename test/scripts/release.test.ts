/** A forge of the release before, as the plan of this one would treat it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadConfig } from '#config/load';
import { synthesise } from '#test/stacks/sample';
import { STACKS } from '#stacks/stack-names';
import { identitiesOf, lost, type Identities } from '../../scripts/release/identities';
import released from '../release/identities.json';

const ROOT = join(__dirname, '../..');
const before: Readonly<Record<string, Identities>> = released;
const [, unreleased] = /^## Unreleased\n(.*?)(?=^## |$(?![^]))/ms.exec(
  readFileSync(join(ROOT, 'CHANGELOG.md'), 'utf8'),
)!;

describe('a forge of the release before', () => {
  it('loses nothing to this one that CHANGELOG.md does not name', () => {
    const { stacks } = synthesise(loadConfig(join(ROOT, 'test/release/forge.yaml')));
    const gone = STACKS.flatMap((stack) => Object.entries(lost(before[stack]!, identitiesOf(stacks[stack]))));
    expect(gone.filter(([address]) => !unreleased!.includes(`\`${address}\``))).toEqual([]);
  });
});

describe('what a release takes away', () => {
  const vpc = (region: string) => ({ digitalocean_vpc: { vpc: { region, ip_range: '10.0.0.0/20', name: 'one' } } });
  const droplet = (more: object = {}) => ({
    digitalocean_droplet: {
      server: { region: 'fra1', vpc_uuid: '${digitalocean_vpc.vpc.id}', user_data: 'one', ...more },
    },
  });
  const compare = (one: object, other: object) =>
    lost(identitiesOf({ resource: one as never }), identitiesOf({ resource: other as never }));

  it('is what it no longer has, and what is another one now', () => {
    expect(compare({ ...vpc('fra1'), ...droplet() }, vpc('ams3'))).toEqual({
      'digitalocean_droplet.server': 'destroyed',
      'digitalocean_vpc.vpc': 'replaced: another region',
    });
  });

  it('is what is known by an attribute of another one, too', () => {
    expect(compare({ ...vpc('fra1'), ...droplet() }, { ...vpc('ams3'), ...droplet() })).toMatchObject({
      'digitalocean_droplet.server': 'replaced: with digitalocean_vpc.vpc',
    });
  });

  it('is nothing that can be changed in place, and nothing that the lifecycle ignores', () => {
    const renamed = { digitalocean_vpc: { vpc: { region: 'fra1', ip_range: '10.0.0.0/20', name: 'two' } } };
    expect(compare(vpc('fra1'), renamed)).toEqual({});
    const spared = { lifecycle: { ignore_changes: ['user_data'] } };
    expect(compare(droplet(spared), droplet({ ...spared, user_data: 'two' }))).toEqual({});
    expect(compare(droplet(), droplet({ user_data: 'two' }))).toEqual({
      'digitalocean_droplet.server': 'replaced: another user_data',
    });
  });
});
