/** `npm run remember-release`, when a release is tagged: what the next one is compared with. After `npx cdktf synth`. */
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { STACKS } from '#stacks/stack-names';
import { identitiesOf } from './identities';

const ROOT = join(__dirname, '../..');
const RELEASE = join(ROOT, 'test/release');
const stacks = STACKS.map((stack) => {
  const text = readFileSync(join(ROOT, 'cdktf.out/stacks', stack, 'cdk.tf.json'), 'utf8');
  return [stack, identitiesOf(JSON.parse(text) as object)];
});
writeFileSync(join(RELEASE, 'identities.json'), `${JSON.stringify(Object.fromEntries(stacks), null, 2)}\n`);
copyFileSync(join(ROOT, 'forge.yaml'), join(RELEASE, 'forge.yaml'));
