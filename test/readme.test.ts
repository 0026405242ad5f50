import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { clusterOutputs } from '#stacks/cluster/outputs';
import { type Contract, outputId } from '#stacks/contract';
import { githubSecretsOutputs } from '#stacks/github-secrets/outputs';
import { networkOutputs } from '#stacks/network/outputs';
import { sampleConfig, synthesise } from './stacks/sample';

const readme = readFileSync(join(__dirname, '../README.md'), 'utf8');
const rows = readme
  .split('\n')
  .filter((line) => line.startsWith('| `'))
  .map((line) =>
    line
      .split('|')
      .map((cell) => cell.trim())
      .slice(1, -1),
  );

describe('the README', () => {
  it('lists exactly the resource types of each stack', () => {
    const apps = ([1, 3] as const).map((count) =>
      synthesise({ ...sampleConfig, servers: { ...sampleConfig.servers, count } }),
    );
    for (const stack of ['network', 'cluster', 'github-secrets'] as const) {
      const created = new Set(apps.flatMap(({ stacks }) => Object.keys(stacks[stack]['resource'] as object)));
      const row = rows.find(([name, cell]) => name === `\`${stack}\`` && /_/.test(cell!) && cell!.includes(', '));
      const listed = [...row![1]!.matchAll(/`(\w+)`/g)].map(([, type]) => type);
      expect([...listed].sort()).toEqual([...created].sort());
    }
  });

  it('lists exactly the outputs, as the contracts describe them', () => {
    const contracts: [string, Contract][] = [
      ['network', networkOutputs],
      ['cluster', clusterOutputs],
      ['github-secrets', githubSecretsOutputs],
    ];
    const expected = contracts.flatMap(([stack, contract]) =>
      Object.entries(contract).map(([name, { description, sensitive }]) => [
        `\`${stack}\``,
        `\`${outputId(name)}\``,
        sensitive ? `${description} (secret)` : description,
      ]),
    );
    expect(rows.filter((cells) => cells.length === 3)).toEqual(expected);
  });
});
