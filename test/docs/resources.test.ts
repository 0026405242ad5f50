import { clusterOutputs } from '#stacks/cluster/outputs';
import { type Contract, outputId } from '#stacks/contract';
import { githubSecretsOutputs } from '#stacks/github-secrets/outputs';
import { networkOutputs } from '#stacks/network/outputs';
import { sampleConfig, synthesise } from '#test/stacks/sample';
import { read } from './pages';

const CONTRACTS = [
  ['network', networkOutputs],
  ['cluster', clusterOutputs],
  ['github-secrets', githubSecretsOutputs],
] as const satisfies readonly (readonly [string, Contract])[];
const page = read('docs/resources.md');

function sectionOf(stack: string): string {
  return page.split('\n## ').find((section) => section.startsWith(`${stack}\n`)) ?? '';
}

describe.each(CONTRACTS)('the page about resources, on %s', (stack, contract: Contract) => {
  it('lists exactly the resource types', () => {
    const created = ([1, 3] as const).flatMap((count) => {
      const servers = { ...sampleConfig.servers, count };
      const { stacks } = synthesise({ ...sampleConfig, servers, alerts: { email: ['ops@example.org'] } });
      return Object.keys(stacks[stack]['resource'] as object);
    });
    const lists = sectionOf(stack)
      .match(/^- .*$/gm)!
      .join('\n');
    const listed = [...lists.matchAll(/`(\w+_\w+)`/g)].map(([, type]) => type);
    expect([...new Set(listed)].sort()).toEqual([...new Set(created)].sort());
  });

  it('lists exactly the outputs, as the contract describes them', () => {
    const rows = [...sectionOf(stack).matchAll(/^\| `(\w+)` *\| (.*?) *\|$/gm)].map(([, name, text]) => [name, text]);
    expect(rows).toEqual(
      Object.entries(contract).map(([name, { description, sensitive }]) => [
        outputId(name),
        sensitive ? `${description} (secret)` : description,
      ]),
    );
  });
});
