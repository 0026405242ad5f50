import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { ConfigError } from '#config/config-error';
import { loadConfig } from '#config/load';

const folder = (name: string) => join(__dirname, name);
const samples = (name: string) => readdirSync(folder(name)).map((file) => join(folder(name), file));

describe('a valid forge.yaml', () => {
  it.each(samples('valid'))('%s loads', (file) => {
    expect(loadConfig(file)).toMatchObject({ acmeEmail: 'ops@example.org' });
  });

  it('is the one in the repository', () => {
    const config = loadConfig(resolve(__dirname, '../../forge.yaml'));
    expect(config).toMatchObject({ name: 'forge', environment: 'production', servers: { count: 1 } });
  });
});

/**
 * Each file says in comments what is wrong with it: `fault: key path | found | allowed`, or `error: text` where it
 * does not get as far as its keys.
 */
describe('an invalid forge.yaml', () => {
  it.each(samples('invalid'))('%s is refused with its faults, and no others', (file) => {
    const comments = readFileSync(file, 'utf8').split('\n');
    const message = refusalOf(file);
    for (const error of expectations(comments, 'error')) expect(message).toContain(error);
    const faults = expectations(comments, 'fault').map((fault) => fault.split(' | '));
    const blocks = message.split('\n\n').slice(1);
    expect(blocks.map((block) => block.trim().split('  (')[0]).sort()).toEqual(faults.map(([path]) => path).sort());
    for (const [path, found, allowed] of faults) {
      const block = blocks.find((one) => one.startsWith(`  ${path}  (`));
      expect(block).toMatch(/\n {4}found: {3}.*\n {4}allowed: /);
      expect(block!.split('\n')[1]).toContain(found);
      expect(block!.split('\n')[2]).toContain(allowed);
    }
  });

  it('is refused with an exit code for wrong use', () => {
    expect.assertions(2);
    try {
      loadConfig(join(folder('invalid'), 'even-servers.yaml'));
    } catch (error) {
      expect(error).toBeInstanceOf(ConfigError);
      expect((error as ConfigError).exitCode).toBe(2);
    }
  });
});

function refusalOf(file: string): string {
  try {
    loadConfig(file);
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  throw new Error(`${file} was accepted`);
}

function expectations(lines: readonly string[], kind: string): string[] {
  const start = `# ${kind}: `;
  return lines.filter((line) => line.startsWith(start)).map((line) => line.slice(start.length));
}
