import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { allVersions } from '#sandbox/cloud/spaces/object-versions';
import { BUCKET } from '#test/sandbox/cloud/spaces/sample-spaces';
import { sampleDoctor, type SampleDoctor } from './sample-doctor';

describe('what forge doctor says about the project', () => {
  let sample: SampleDoctor;

  const start = async (options: Parameters<typeof sampleDoctor>[0] = {}) => {
    sample = await sampleDoctor(options);
  };
  afterEach(() => sample.end());

  describe('of forge.yaml', () => {
    beforeEach(() => start());

    it('says where there is none', async () => {
      const file = sample.env['FORGE_CONFIG']!;
      rmSync(file);
      expect(await sample.check('forge.yaml')).toMatchObject({
        code: 1,
        level: 'failure',
        found: expect.stringContaining(file),
      });
    });

    it('says which value is wrong, and what it may be', async () => {
      sample.configuration((yaml) => yaml.replace('fra1', 'mars1'));
      const { code, level, found, todo } = await sample.check('forge.yaml');
      expect([code, level]).toEqual([1, 'failure']);
      expect(`${found} ${todo}`).toMatch(/region.*mars1.*a region of/);
    });
  });

  it('refuses an example address where a deploy would cost money, before it asks anybody', async () => {
    await start();
    delete sample.env['SPACES_ENDPOINT_URL'];
    const { code, level, found, todo } = await sample.check('forge.yaml');
    expect([code, level]).toEqual([1, 'failure']);
    expect(found).toContain("acmeEmail is ops@example.org. Let's Encrypt gives no certificate");
    expect(todo).toContain('Put an address of yours there');
    await expect(sample.check('state bucket')).rejects.toThrow('was not checked');
  });

  describe('of k8s/', () => {
    beforeEach(() => start());

    it('counts what differs from forge.yaml', async () => {
      sample.configuration((yaml) => yaml.replace('forge.example.org', 'tools.example.org'));
      expect(await sample.check('k8s/')).toEqual({
        code: 1,
        level: 'failure',
        found: expect.stringMatching(/^\d+ values differ from forge\.yaml$/),
        todo: 'Run npx forge configure, and commit the result.',
      });
    });

    it('changes nothing', async () => {
      const file = join(sample.checkout, 'k8s/01-init/operators.yaml');
      const text = `# mine\n${readFileSync(file, 'utf8')}`;
      writeFileSync(file, text);
      await sample.run();
      expect(readFileSync(file, 'utf8')).toBe(text);
    });
  });

  describe('of the bucket of the state', () => {
    it('says how it is made', async () => {
      await start({ bucket: false });
      expect(await sample.check('state bucket')).toEqual({
        code: 1,
        level: 'failure',
        found: `${BUCKET} does not exist`,
        todo: 'Make it: npx forge bootstrap',
      });
    });

    it('fails where a lock does not lock', async () => {
      await start({ ignoreConditions: true });
      expect(await sample.check('state bucket')).toEqual({
        code: 1,
        level: 'failure',
        found: `${BUCKET} accepts a second lock`,
        todo: 'Run npx forge bootstrap: it says what to do.',
      });
    });

    it('is content there when forge.yaml does without the lock', async () => {
      await start({ ignoreConditions: true, lockfile: false });
      expect(await sample.check('state bucket')).toEqual({
        code: 0,
        level: 'ok',
        found: `${BUCKET} is there; forge.yaml does without the lock`,
      });
    });

    it('names the variables of a key that is not there', async () => {
      await start();
      delete sample.env['SPACES_ACCESS_KEY_ID'];
      delete sample.env['SPACES_SECRET_ACCESS_KEY'];
      expect(await sample.check('state bucket')).toMatchObject({
        code: 1,
        found: expect.stringContaining('SPACES_ACCESS_KEY_ID and SPACES_SECRET_ACCESS_KEY are not both'),
      });
    });

    it.each([
      ['DO00UNKNOWN', 'none', 'does not know the key in SPACES_ACCESS_KEY_ID'],
      ['DO00OWNER', 'wrong', 'SPACES_SECRET_ACCESS_KEY is not the secret of the key'],
      ['DO00READER', 'reader-secret', 'may not do this with the bucket'],
    ])('says what is wrong with the key %s', async (id, secret, found) => {
      await start();
      Object.assign(sample.env, { SPACES_ACCESS_KEY_ID: id, SPACES_SECRET_ACCESS_KEY: secret });
      expect(await sample.check('state bucket')).toMatchObject({
        code: 1,
        level: 'failure',
        found: expect.stringContaining(found),
      });
    });

    it('leaves nothing behind in it', async () => {
      await start({ versioning: 'Enabled' });
      await sample.run();
      expect(allVersions(sample.spaces.store, BUCKET)).toEqual([]);
    });
  });

  describe('of the DNS', () => {
    beforeEach(() => start());

    it('accepts a name inside a zone at DigitalOcean, and a zone of its own', async () => {
      const expected = { code: 0, level: 'ok', found: 'forge.example.org is at DigitalOcean' };
      expect(await sample.check('DNS')).toEqual(expected);
      sample.names.zones.clear();
      sample.names.zones.set('forge.example.org', ['ns3.digitalocean.com']);
      expect(await sample.check('DNS')).toEqual(expected);
    });

    it.each([
      ['elsewhere', ['ns.example.net']],
      ['at one that only looks like it', ['ns1.digitalocean.com.example.net']],
      ['nowhere', []],
    ])('warns of a domain that is %s', async (_, servers) => {
      sample.names.zones.set('example.org', servers);
      expect(await sample.check('DNS')).toEqual({
        code: 0,
        level: 'warning',
        found: 'forge.example.org is not delegated to DigitalOcean',
        todo: expect.stringContaining('ns1, ns2 and ns3.digitalocean.com'),
      });
    });

    it('looks for each name where somebody else manages the records', async () => {
      sample.configuration((yaml) => `${yaml}dns: { managed: false }\n`);
      const names = ['forge', 'gitea', 'jenkins', 'argocd'].map((host) => `${host}.forge.example.org`);
      for (const name of names.slice(0, 2)) sample.names.addresses.set(name, '192.0.2.1');
      expect(await sample.check('DNS')).toEqual({
        code: 0,
        level: 'warning',
        found: `missing: ${names[2]}, ${names[3]}`,
        todo: expect.stringContaining('npx forge state outputs network'),
      });
      for (const name of names) sample.names.addresses.set(name, '192.0.2.1');
      expect(await sample.check('DNS')).toEqual({ code: 0, level: 'ok', found: `${names.join(', ')} exist` });
    });
  });
});
