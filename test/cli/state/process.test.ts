import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { stateCommand } from '#cli/state/command';
import { newFolder } from '#test/new-folder';
import { sampleOperator, type Operator } from '../sample-operator';
import { networkState, STATE_KEYS } from './sample-state';

const FORGE = join(__dirname, '../../../cli/forge.cjs');

function forge({ env }: Operator, ...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const options = { env: { ...env, PATH: process.env.PATH }, cwd: newFolder('state') };
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [FORGE, ...args], options, (_error, stdout, stderr) =>
      resolve({ code: child.exitCode ?? -1, stdout, stderr }),
    );
  });
}

describe('forge state as a program', () => {
  it('prints its result and nothing else', async () => {
    const operator = await sampleOperator(stateCommand);
    await operator.put(STATE_KEYS.network, networkState);
    const { code, stdout, stderr } = await forge(operator, 'state', 'outputs', 'network', '--json');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(JSON.parse(stdout)).toHaveProperty('api_address.value', '127.16.0.2');
  });

  it('exits with 1 when it failed and with 2 when it was used wrongly', async () => {
    const operator = await sampleOperator(stateCommand);
    const failed = await forge(operator, 'state', 'outputs', 'network');
    expect(failed).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(/^The stack network has no state/),
    });
    const wrong = await forge(operator, 'state', 'show', 'network');
    expect(wrong).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining("missing required argument 'address'"),
    });
  });
});
