import { containerAt, scriptOf, workplace, type Workplace } from './container-script';

const dump = scriptOf(containerAt('CronJob rt postgres-dump dump'));

/** kube-router lets a new pod in only some seconds after its start: until then whatever it sends is rejected. */
const letInAfter = (attempts: number) =>
  `note "\${0##*/}"; [ "$(wc -l < notes)" -gt ${attempts} ] || { echo 'Connection refused' >&2; exit 2; }`;

describe('the nightly dump', () => {
  let place: Workplace;

  beforeEach(() => {
    place = workplace(['/dump']);
    place.program('pg_restore', 'note "${0##*/} $*"');
  });
  afterEach(() => place.dispose());

  const postgres = (attempts: number) => {
    place.program('pg_isready', letInAfter(attempts));
    place.program('pg_dump', `${letInAfter(attempts)}\nnote "\${0##*/} $*"; touch '${place.folder}/dump/gitea.dump'`);
  };

  it('waits until the database lets it in', async () => {
    postgres(8);
    const { code, log } = await place.run(dump);
    expect([code, log]).toEqual([0, expect.stringContaining('gitea.dump')]);
    expect(place.notes().filter((line) => line.startsWith('pg_dump -'))).toHaveLength(1);
  });

  it('says why it could not, when it has waited for minutes', async () => {
    postgres(10_000);
    const { code, log } = await place.run(dump);
    expect([code, log]).toEqual([2, expect.stringContaining('Connection refused')]);
    expect(place.notes().filter((line) => line === 'sleep').length).toBeGreaterThan(30);
  });

  it('is read back before it is sent', async () => {
    postgres(0);
    place.program('pg_restore', 'echo "unexpected end of file" >&2; exit 1');
    expect(await place.run(dump)).toEqual({ code: 1, log: 'unexpected end of file\n' });
  });
});
