import { compare } from 'bcryptjs';
import * as fc from 'fast-check';
import { provider } from '#sandbox/cloud/terraform/engine/providers';
import type { ValueObject } from '#sandbox/cloud/terraform/engine/resource';
import { generate } from '#sandbox/cloud/terraform/random/password';
import { randomProvider } from '#sandbox/cloud/terraform/random/provider';
import { UNKNOWN } from '#sandbox/cloud/terraform/protocol/values';
import { terraformProject, type TerraformProject } from '../terraform-project';

jest.setTimeout(60_000);

const { random_password: password } = randomProvider().resources;
const CLASSES = { lower: /[a-z]/g, upper: /[A-Z]/g, numeric: /[0-9]/g, special: /[!@#$%&*()\-_=+[\]{}<>:?]/g };

function generated(given: ValueObject): string {
  return generate({ ...password!.defaults, override_special: null, ...given });
}

describe('random_password', () => {
  it('has the length, and of each class at least what is asked for and nothing of one that is off', () => {
    const few = fc.integer({ min: 0, max: 4 });
    const wanted = fc.record({
      length: fc.integer({ min: 16, max: 40 }),
      min_lower: few,
      min_upper: few,
      min_numeric: few,
      min_special: few,
      off: fc.constantFrom('lower', 'upper', 'numeric', 'special'),
    });
    fc.assert(
      fc.property(wanted, ({ off, ...given }) => {
        const result = generated({ ...given, [off]: false, [`min_${off}`]: 0 });
        expect(result).toHaveLength(given.length);
        for (const [name, characters] of Object.entries(CLASSES)) {
          const count = result.match(characters)?.length ?? 0;
          if (name === off) expect(count).toBe(0);
          else expect(count).toBeGreaterThanOrEqual(given[`min_${name}` as keyof typeof given]);
        }
      }),
    );
  });

  it('takes its special characters from the given ones', () => {
    const only = { lower: false, upper: false, numeric: false };
    expect(generated({ ...only, length: 30, override_special: '~' })).toBe('~'.repeat(30));
    expect(generated({ ...only, length: 30, override_special: '' })).toMatch(/^[!@#$%&*()\-_=+[\]{}<>:?]{30}$/);
  });

  it.each([
    [{ length: 0 }, 'at least 1'],
    [{ length: 3, min_lower: 2, min_special: 2 }, 'the sum of the minimums'],
    [{ length: 8, number: true, numeric: false }, 'both configured'],
    [{ length: 8, lower: false, upper: false, numeric: false, special: false }, 'At least one of'],
  ])('refuses %o', (config, message) => {
    expect(() => password!.validate!(config)).toThrow(message);
  });

  it('waits for what is not known yet', () => {
    expect(() => password!.validate!({ length: UNKNOWN, min_lower: 2 })).not.toThrow();
  });
});

describe('random values, with the real Terraform', () => {
  let project: TerraformProject;
  const configure = (keeper = 'a') => {
    project.configure({
      random_password: {
        token: { length: 24, special: false, keepers: { of: keeper } },
        letters: { length: 24, number: false },
      },
      random_id: { bucket: { byte_length: 4, prefix: 'forge-' } },
    });
  };

  beforeEach(async () => {
    project = await terraformProject([provider(randomProvider())]);
    configure();
    await project.apply();
  });
  afterEach(() => project.close());

  it('stay as they are, until a keeper changes', async () => {
    expect(await project.plan()).toEqual([]);
    configure('b');
    expect(await project.plan()).toEqual([{ address: 'random_password.token', actions: ['delete', 'create'] }]);
  });

  it('are sensitive where they are secrets', async () => {
    const { result, bcrypt_hash: hash } = await project.attributes('random_password.token');
    expect(hash).toMatch(/^\$2a\$10\$/);
    expect(await compare(result as string, hash as string)).toBe(true);
    const { output } = await project.terraform('show', '-no-color');
    expect(output).not.toContain(result as string);
    expect(output).toMatch(/bcrypt_hash += \(sensitive value\)/);
  });

  it('know the older name of numeric', async () => {
    const { number, numeric, result } = await project.attributes('random_password.letters');
    expect({ number, numeric }).toEqual({ number: false, numeric: false });
    expect(result).not.toMatch(/[0-9]/);
  });

  it('are one number in several notations', async () => {
    const { hex, dec, b64_std: standard, b64_url: url, id: plain } = await project.attributes('random_id.bucket');
    const bytes = Buffer.from(plain as string, 'base64url');
    expect({ hex, dec, standard, url }).toEqual({
      hex: `forge-${bytes.toString('hex')}`,
      dec: `forge-${bytes.readUInt32BE()}`,
      standard: `forge-${bytes.toString('base64')}`,
      url: `forge-${plain as string}`,
    });
  });

  it('can be imported', async () => {
    project.configure({
      random_password: { token: { length: 8 } },
      random_id: { bucket: { byte_length: 4, prefix: 'a,b-' }, bare: { byte_length: 2 } },
    });
    await project.terraform('state', 'rm', 'random_password.token', 'random_password.letters', 'random_id.bucket');
    for (const [address, given] of [
      ['random_password.token', 'imported'],
      ['random_id.bucket', 'a,b-,AAECAw'],
      ['random_id.bare', '_w8'],
    ] as const) {
      expect((await project.terraform('import', '-no-color', address, given)).output).toContain('Import successful');
    }
    expect(await project.plan()).toEqual([]);
    expect(await project.attributes('random_id.bucket')).toMatchObject({ hex: 'a,b-00010203', dec: 'a,b-66051' });
    expect(await project.attributes('random_password.token')).toMatchObject({ result: 'imported' });
  });
});
