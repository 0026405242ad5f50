import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CreateBucketCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { App } from 'cdktf';
import { planCommand } from '#cli/plan/command';
import { readFrom, stateSource } from '#cli/plan/run/state-source';
import { publishedOutputs } from '#cli/plan/run/upstream';
import { readEnvironment } from '#config/environment';
import { loadConfig } from '#config/load';
import { buildApp } from '#stacks/build-app';
import { plansBucketName } from '#stacks/network/names';
import { STACKS } from '#stacks/stack-names';
import { newFolder } from '#test/new-folder';
import { sampleOperator, type Operator } from '../../sample-operator';
import { networkState, STATE_KEYS } from '../../state/sample-state';

describe('a plan from the copies of the states', () => {
  let operator: Operator;
  const config = () => loadConfig(operator.env['FORGE_CONFIG']!);
  const source = () => stateSource(config(), operator.env, true);
  const read = () => {
    const terminal = { env: operator.env, write: () => undefined, notify: () => undefined, ask: undefined };
    return publishedOutputs(terminal, config(), source());
  };
  const putCopy = async (Key: string, state: object) => {
    const client = operator.spaces.client();
    await client.send(new PutObjectCommand({ Bucket: plansBucketName(config()), Key, Body: JSON.stringify(state) }));
  };

  beforeEach(async () => {
    operator = await sampleOperator(planCommand);
  });

  it('reads no other bucket', () => {
    const outdir = newFolder('state');
    const app = new App({ outdir });
    buildApp(app, config(), readEnvironment({}, config()));
    app.synth();
    for (const stack of STACKS) {
      const folder = join(outdir, 'stacks', stack);
      readFrom(source(), folder);
      const text = readFileSync(join(folder, 'cdk.tf.json'), 'utf8');
      const buckets = [...text.matchAll(/"bucket": "([^"]+)",?\s+"endpoints"/g)].map(([, bucket]) => bucket);
      expect(new Set(buckets)).toEqual(new Set([plansBucketName(config())]));
      expect(buckets).toHaveLength(1 + STACKS.indexOf(stack));
    }
  });

  it('knows from them what each stack publishes', async () => {
    await operator.spaces.client().send(new CreateBucketCommand({ Bucket: plansBucketName(config()) }));
    const empty = { version: 4, serial: 0 };
    for (const stack of STACKS) await putCopy(`forge/production/${stack}.tfstate`, empty);
    await putCopy(STATE_KEYS.network, networkState);
    const { network, cluster } = await read();
    expect([network.has('api_address'), cluster.size]).toEqual([true, 0]);
  });

  it('is refused while there are none: nothing deployed is not the same as nothing known', async () => {
    const says = (text: string) => expect(read()).rejects.toThrow(text);
    await says(`There is no bucket ${plansBucketName(config())}`);
    await operator.spaces.client().send(new CreateBucketCommand({ Bucket: plansBucketName(config()) }));
    await putCopy(STATE_KEYS.network, networkState);
    await says(
      'has no copies of the states yet, so what is deployed is not known. With the full key: npx forge bootstrap',
    );
  });
});
