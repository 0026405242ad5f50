import { rmSync } from 'node:fs';
import { sampleDoctor, type SampleDoctor } from './sample-doctor';

const NODE = process.versions.node;

describe('forge doctor', () => {
  let sample: SampleDoctor;

  beforeEach(async () => {
    Object.defineProperty(process.versions, 'node', { value: '22.21.1' });
    sample = await sampleDoctor();
  });
  afterEach(async () => {
    Object.defineProperty(process.versions, 'node', { value: NODE });
    await sample.end();
  });

  it('says of everything that it is right, and exits with 0', async () => {
    const { code, output } = await sample.run();
    expect(output.split('\n')).toEqual([
      'Checking',
      'ok       node                 22.21.1',
      'ok       terraform            1.11.4',
      'ok       git                  git version 2.39.5',
      'ok       kubectl              Client Version: v1.36.4',
      `ok       forge.yaml           ${sample.env['FORGE_CONFIG']} is valid: forge, production`,
      'ok       k8s/                 says what forge.yaml says',
      'ok       state bucket         forge-state is there, and a lock locks',
      'ok       alerts               DigitalOcean writes to ops@example.org',
      'ok       DNS                  forge.example.org is at DigitalOcean',
      expect.stringMatching(
        /^ok {7}DIGITALOCEAN_TOKEN {3}valid, may read droplets, vpcs, .*, spaces\/keys, uptime\/checks, monitoring\/alerts, domains and make tags$/,
      ),
      'ok       FORGE_CLUSTER_TOKEN  valid, may read droplets, load_balancers, volumes and make tags',
      'ok       GITHUB_TOKEN         valid, may read example/forge with its variables',
      'ok       values of secrets    1 present',
      '',
    ]);
    expect(code).toBe(0);
  });

  it('says what to do below each that is not, and exits with 1 for failures, which it names at the end', async () => {
    delete sample.env['GITHUB_TOKEN'];
    sample.program('terraform', `echo '{"terraform_version":"1.5.7"}'`);
    const { code, output } = await sample.run();
    expect(code).toBe(1);
    expect(output).toContain(
      'fails    terraform            1.5.7\n' +
        '                              Install Terraform 1.11 or later: older ones cannot lock the state in Spaces.\n',
    );
    expect(output).toContain('fails    GITHUB_TOKEN         missing\n');
    expect(output).toMatch(/Not ready to deploy: terraform, GITHUB_TOKEN\n$/);
  });

  it('exits with 0 when there are only warnings', async () => {
    sample.names.zones.clear();
    sample.configuration((yaml) => yaml.replace(/^alerts: .*$/m, ''));
    const { code, output } = await sample.run();
    expect([code, output]).toEqual([0, expect.stringContaining('warning  DNS ')]);
    expect(output).toMatch(/warning {2}alerts +nobody is told when the forge is down\n +Name verified addresses/);
  });

  it('gives a program the findings as JSON, in the same order', async () => {
    delete sample.env['GITHUB_TOKEN'];
    const { code, stdout } = await sample.run('--json');
    expect(code).toBe(1);
    const findings = JSON.parse(stdout) as { check: string; level: string }[];
    expect(findings.map(({ check }) => check).slice(0, 5)).toEqual([
      'node',
      'terraform',
      'git',
      'kubectl',
      'forge.yaml',
    ]);
    expect(findings.filter(({ level }) => level !== 'ok')).toEqual([
      expect.objectContaining({ check: 'GITHUB_TOKEN', level: 'failure', found: 'missing' }),
    ]);
  });

  it('shows no secret, whatever is wrong', async () => {
    Object.assign(sample.env, {
      DIGITALOCEAN_TOKEN: 'dop_v1_planted',
      FORGE_CLUSTER_TOKEN: 'dop_v1_other-planted',
      GITHUB_TOKEN: 'ghp_planted',
      SPACES_SECRET_ACCESS_KEY: 'spaces-planted',
    });
    const { code, output } = await sample.run();
    expect(code).toBe(1);
    expect(output).not.toContain('planted');
  });

  it('checks the tools and tokens also without a valid forge.yaml', async () => {
    rmSync(sample.env['FORGE_CONFIG']!);
    const { code, output } = await sample.run();
    expect(code).toBe(1);
    expect(output).toContain('ok       terraform ');
    expect(output).toContain('ok       DIGITALOCEAN_TOKEN ');
    expect(output).toMatch(
      /warning {2}GITHUB_TOKEN +not tried\n +forge\.yaml, which names the repository, must be valid/,
    );
    expect(output).toMatch(/Not ready to deploy: forge\.yaml\n$/);
  });
});
