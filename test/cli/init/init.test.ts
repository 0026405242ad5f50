import { execFileSync } from 'node:child_process';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { configureCommand } from '#cli/configure/command';
import { initCommand } from '#cli/init/command';
import { QUESTIONS } from '#cli/init/questions';
import { loadConfig } from '#config/load';
import { newFolder } from '#test/new-folder';

const ROOT = join(__dirname, '../../..');

describe('forge init', () => {
  let checkout: string;
  let output: string;
  let questions: string[];
  beforeEach(() => {
    checkout = newFolder('init');
    output = '';
    questions = [];
    for (const name of ['k8s', 'forge.yaml']) cpSync(join(ROOT, name), join(checkout, name), { recursive: true });
  });

  const file = () => join(checkout, 'forge.yaml');
  const text = () => readFileSync(file(), 'utf8');
  /** @param answers by the question's option; all others are answered with Enter. Undefined: nobody is there. */
  const init = async (args: string[], answers?: Record<string, string[]>): Promise<void> => {
    const ask = (question: string): Promise<string> => {
      questions.push(question);
      return Promise.resolve(answers?.[question.split(' ')[0]!]?.shift() ?? '');
    };
    const write = (part: string) => void (output += part);
    const terminal = { env: { FORGE_CONFIG: file() }, write, notify: write, ask: answers && ask };
    const command = initCommand(terminal, checkout).exitOverride().configureOutput({ writeErr: write });
    await command.parseAsync(args, { from: 'user' });
  };

  it('writes what is answered, shows what it costs, and says how to go on', async () => {
    await init([], { name: ['acme'], domain: ['forge.acme.dev'], servers: ['3'], 'dns-managed': ['false'] });
    expect(loadConfig(file())).toMatchObject({
      name: 'acme',
      domain: 'forge.acme.dev',
      servers: { count: 3, size: 's-2vcpu-4gb' },
      dns: { managed: false },
    });
    expect(output).toContain('a month                        $205.00');
    expect(output).toMatch(/Written: forge\.yaml and \d+ files of k8s\/\.\nNext:\n {2}make sandbox/);
  });

  it('leaves every comment and every other line as it is', async () => {
    const before = text().split('\n');
    await init(['--yes', '--name', 'acme', '--workers', '5']);
    const after = text().split('\n');
    expect(after).toHaveLength(before.length);
    expect(after.filter((line, index) => line !== before[index])).toEqual(['name: acme', '    count: 5']);
  });

  it('carries the answers into the manifests', async () => {
    await init(['--yes', '--domain', 'forge.acme.dev']);
    const log = jest.spyOn(console, 'log').mockImplementation();
    await configureCommand(checkout, { FORGE_CONFIG: file() }).parseAsync(['--check'], { from: 'user' });
    log.mockRestore();
    expect(readFileSync(join(checkout, 'k8s/03-apps/gitea.yaml'), 'utf8')).toContain('gitea.forge.acme.dev');
  });

  it('explains each answer in a line, asks again for one that cannot be, and checks it with the others', async () => {
    await init([], { region: ['mars1', 'nyc3'], 'server-size': ['s-1vcpu-1gb', 's-4vcpu-8gb'] });
    expect(questions).toHaveLength(QUESTIONS.length + 2 + 1);
    for (const { explanation } of QUESTIONS) expect(output).toContain(`${explanation}\n`);
    expect(output).toContain('found "mars1", allowed: a region');
    expect(output).toContain('found s-1vcpu-1gb, allowed: a size with at least 4 GiB of memory');
    expect(loadConfig(file())).toMatchObject({ region: 'nyc3', servers: { size: 's-4vcpu-8gb' } });
  });

  it('changes nothing unasked: not the second time, not without a yes', async () => {
    await init([], { name: ['acme'] });
    const once = text();
    await init([], {});
    expect(text()).toBe(once);
    expect(output).toContain('Nothing to change.');
    await expect(init([], { name: ['other'], '\nWrite': ['n'] })).rejects.toThrow('Nothing was written.');
    expect(text()).toBe(once);
  });

  it('offers where the checkout comes from, and a bucket of that name', async () => {
    execFileSync('git', ['init', '--quiet'], { cwd: checkout });
    execFileSync('git', ['remote', 'add', 'origin', 'git@github.com:Acme/the_forge.git'], { cwd: checkout });
    await init([], {});
    expect(loadConfig(file())).toMatchObject({
      repository: 'Acme/the_forge',
      state: { bucket: 'acme-the-forge-terraform-state' },
    });
  });

  it('adds a key that somebody has removed', async () => {
    writeFileSync(file(), text().replace(/^environment: .*\n/m, ''));
    await init(['--yes', '--environment', 'staging']);
    expect(loadConfig(file()).environment).toBe('staging');
  });

  it.each([
    [['--yes', '--servers', '2'], '--servers: found 2, allowed: 1 or 3'],
    [['--yes', '--domain', 'https://acme.dev'], '--domain: found "https://acme.dev", allowed: a domain name'],
    [['--yes', '--state-region', 'nyc1'], '--state-region: found "nyc1", allowed: a region with Spaces'],
    [[], 'Nobody can be asked.'],
  ])('refuses %j, and writes nothing', async (args, message) => {
    const before = text();
    await expect(init(args)).rejects.toMatchObject({ message: expect.stringContaining(message), exitCode: 2 });
    expect(text()).toBe(before);
  });

  it('refuses a forge.yaml that was wrong before, and names the line', async () => {
    writeFileSync(file(), text().replace('retention: 28', 'retention: 0'));
    await expect(init(['--yes'])).rejects.toMatchObject({
      message: expect.stringContaining('snapshots.retention'),
      exitCode: 2,
    });
    writeFileSync(file(), 'name: [');
    await expect(init(['--yes'])).rejects.toMatchObject({
      message: expect.stringContaining('forge.yaml:1 is not valid YAML'),
      exitCode: 2,
    });
  });
});
