import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeCredentialFiles } from '#stacks/credential-files';
import { newFolder } from '#test/new-folder';
import { PLANTED, sampleEnvironment } from './sample';

const spacesCredentials = { accessKeyId: 'KEY', secretAccessKey: 'planted-spaces-secret' };

describe('the files beside a synthesised stack', () => {
  let outdir: string;
  const file = (stack: string, name: string) => join(outdir, 'stacks', stack, name);
  const write = (environment: ReturnType<typeof sampleEnvironment>) => {
    writeCredentialFiles(outdir, environment);
  };

  beforeEach(() => {
    outdir = newFolder('credentials');
    for (const [stack, variable] of Object.entries({ cluster: { FORGE_CLUSTER_TOKEN: {} }, network: undefined })) {
      mkdirSync(join(outdir, 'stacks', stack), { recursive: true });
      writeFileSync(file(stack, 'cdk.tf.json'), JSON.stringify({ variable }));
    }
  });

  it('hold the secrets of that stack only, for the owner only', () => {
    write({ ...sampleEnvironment({ FORGE_CLUSTER_TOKEN: PLANTED.token }), spacesCredentials });
    const variables = file('cluster', 'secrets.auto.tfvars.json');
    const credentials = file('network', 'spaces.credentials');
    expect(JSON.parse(readFileSync(variables, 'utf8'))).toEqual({ FORGE_CLUSTER_TOKEN: PLANTED.token });
    expect(readFileSync(credentials, 'utf8')).toContain('aws_secret_access_key = planted-spaces-secret');
    for (const path of [variables, credentials]) expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(existsSync(file('network', 'secrets.auto.tfvars.json'))).toBe(false);
  });

  it('of an earlier deploy are gone when the environment has no secrets', () => {
    write({ ...sampleEnvironment({ FORGE_CLUSTER_TOKEN: PLANTED.token }), spacesCredentials });
    write(sampleEnvironment());
    expect(existsSync(file('cluster', 'secrets.auto.tfvars.json'))).toBe(false);
    expect(existsSync(file('cluster', 'spaces.credentials'))).toBe(false);
  });
});
