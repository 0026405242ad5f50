import { existsSync } from 'node:fs';
import { join } from 'node:path';
import Shards from '../sequence.cjs';
import weights from '../weights.json';

const ROOT = join(__dirname, '../..');
const SHARDS = 4;
const context = { config: { rootDir: ROOT } };
const tests = [
  ...Object.keys(weights),
  ...Array.from({ length: 200 }, (_, number) => `test/light-${number}.test.ts`),
].map((name) => ({ name, path: join(ROOT, name), context }));
const weightOf = (name: string) => (weights as Record<string, number>)[name] ?? 1;
const shards = Array.from({ length: SHARDS }, (_, index) =>
  new Shards().shard(tests, { shardIndex: index + 1, shardCount: SHARDS }),
);

describe('the shards of the tests', () => {
  it('hold each file once, whatever the order in which they were found', () => {
    expect(
      shards
        .flat()
        .map(({ name }) => name)
        .sort(),
    ).toEqual(tests.map(({ name }) => name).sort());
    const again = new Shards().shard([...tests].reverse(), { shardIndex: 2, shardCount: SHARDS });
    expect(again).toEqual(shards[1]);
  });

  it('take equally long', () => {
    const loads = shards.map((files) => files.reduce((sum, { name }) => sum + weightOf(name), 0));
    expect(Math.max(...loads) - Math.min(...loads)).toBeLessThanOrEqual(1);
  });

  it('are of files that exist', () => {
    expect(Object.keys(weights).filter((name) => !existsSync(join(ROOT, name)))).toEqual([]);
  });

  it('begin with what takes longest', () => {
    const [first] = new Shards().sort(tests);
    expect(weightOf(first!.name)).toBe(Math.max(...Object.values(weights)));
  });
});
