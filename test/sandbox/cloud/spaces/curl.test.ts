import { execFile, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { BUCKET, KEYS, sampleSpaces } from './sample-spaces';

const hasCurl = spawnSync('curl', ['--version']).status === 0;
const execute = promisify(execFile);

async function curl(address: string, ...others: string[]): Promise<string> {
  const signing = ['--aws-sigv4', 'aws:amz:fra1:s3', '--user', `DO00READER:${KEYS.DO00READER?.secretKey}`];
  const { stdout } = await execute('curl', ['--silent', '--show-error', ...signing, ...others, address]);
  return stdout;
}

(hasCurl ? describe : describe.skip)('the emulated Spaces, asked by curl with its own signing', () => {
  it('lists the snapshots in a folder, with their dates and sizes', async () => {
    const spaces = await sampleSpaces();
    for (const Key of ['snapshots/etcd-1', 'snapshots/etcd-2', 'other']) {
      await spaces.client().send(new PutObjectCommand({ Bucket: BUCKET, Key, Body: 'content' }));
    }
    const list = await curl(`${spaces.endpoint}/${BUCKET}?delimiter=%2F&list-type=2&prefix=snapshots%2F`);
    expect(list.match(/<Key>[^<]*<\/Key>/g)).toEqual(['<Key>snapshots/etcd-1</Key>', '<Key>snapshots/etcd-2</Key>']);
    expect(list).toMatch(/<LastModified>\d{4}-\d\d-\d\dT[\d:.]+Z<\/LastModified>/);
    expect(list).toContain('<Size>7</Size>');
    expect(list).toContain('<IsTruncated>false</IsTruncated>');
  });
});
