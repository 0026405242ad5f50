/** What people do on DigitalOcean's own pages, or what befalls a machine: nobody asked Terraform. */
import { digitalOcean } from '#clients/digitalocean/client';
import { withSpaces, spacesTarget } from '#clients/spaces/client';
import type { ForgeConfig } from '#config/schema';

const SIGNS = '/.alive/';

/** A droplet is gone. @throws when there is none of this name */
export async function loseDroplet(env: NodeJS.ProcessEnv, name: string): Promise<void> {
  const client = digitalOcean(env);
  const [droplet] = await client.list<{ id: number }>(`/v2/droplets?name=${name}`, 'droplets');
  if (droplet === undefined) throw new Error(`there is no droplet ${name}`);
  await client.delete(`/v2/droplets/${droplet.id}`);
}

/** Deletes the servers' signs of life with all versions (docs/lost-machine.md). @returns the nodes that they were of */
export async function removeSignsOfLife(config: ForgeConfig, env: NodeJS.ProcessEnv): Promise<string[]> {
  return withSpaces(spacesTarget(config, env), ({ perform }) =>
    perform(async (s3, sdk) => {
      const nodes: string[] = [];
      const { Buckets = [] } = await s3.send(new sdk.ListBucketsCommand());
      for (const { Name: Bucket } of Buckets) {
        const { Versions = [] } = await s3.send(new sdk.ListObjectVersionsCommand({ Bucket }));
        for (const { Key = '', VersionId } of Versions) {
          const node = Key.split(SIGNS)[1];
          if (node === undefined) continue;
          nodes.push(node);
          await s3.send(new sdk.DeleteObjectCommand({ Bucket, Key, VersionId }));
        }
      }
      return nodes;
    }),
  );
}
