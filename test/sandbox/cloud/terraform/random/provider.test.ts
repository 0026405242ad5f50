import { compare } from 'bcryptjs';
import { provider } from '#sandbox/cloud/terraform/engine/providers';
import { randomProvider } from '#sandbox/cloud/terraform/random/provider';
import { terraformProject, type TerraformProject } from '../terraform-project';

jest.setTimeout(60_000);

describe('random values, with the real Terraform', () => {
  let project: TerraformProject;
  const configure = (token: object = { length: 24, special: false }) => {
    project.configure({
      random_password: { token, open: { length: 200 } },
      random_id: { bucket: { byte_length: 4 } },
    });
  };

  beforeEach(async () => {
    project = await terraformProject([provider(randomProvider())]);
    configure();
    await project.apply();
  });

  it('stay as they are, until they must be others', async () => {
    expect(await project.plan()).toEqual([]);
    configure({ length: 25, special: false });
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

  it('have the wanted length, and special characters unless these are off', async () => {
    const { result: token } = await project.attributes('random_password.token');
    expect(token).toMatch(/^[A-Za-z0-9]{24}$/);
    const { result: open } = await project.attributes('random_password.open');
    expect(open).toMatch(/^[\w!@#$%&*()\-=+[\]{}<>:?]{200}$/);
    expect(open).toMatch(/[^A-Za-z0-9]/);
  });

  it('are one number in several notations', async () => {
    const { hex, dec, b64_std: standard, b64_url: url, id: plain } = await project.attributes('random_id.bucket');
    const bytes = Buffer.from(plain as string, 'base64url');
    const [wantedHex, wantedStandard] = [bytes.toString('hex'), bytes.toString('base64')];
    expect([hex, standard, url, dec]).toEqual([wantedHex, wantedStandard, plain, `${bytes.readUInt32BE()}`]);
  });

  it.each([
    [{ length: 0 }, 'at least 1'],
    [{ length: 8, min_lower: 2 }, 'The emulated cloud has no min_lower'],
  ])('are refused with %o', async (token, message) => {
    configure(token);
    expect((await project.terraform('plan', '-no-color')).output).toContain(message);
  });
});
