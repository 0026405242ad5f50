import { execFileSync } from 'node:child_process';
import { sampleConfig, synthesise } from '../stacks/sample';
import { read } from './pages';

describe('docs/rotation.md', () => {
  it('reads the new passwords of a state as they are on a machine: those of servers first', () => {
    const [, program] = /\| node -p '(.+)' >/.exec(read('docs/rotation.md'))!;
    const made = Object.keys(synthesise(sampleConfig).stacks.network['resource'].random_password);
    const resources = [...made].map((name) => ({ name, instances: [{ attributes: { result: `of-${name}` } }] }));
    const input = JSON.stringify({ resources: [{ name: 'vpc', instances: [] }, ...resources] });
    const output = execFileSync('node', ['-p', program!], { input, encoding: 'utf8' });
    expect(output).toBe('fof-join_server\nfof-join_agent\n');
  });
});
