/** The random provider in a process of its own, which can die: `provider-process.ts <socket> [<length of the id that is the last>]`. */
import { serveProvider } from '#sandbox/cloud/terraform/engine/provider-server';
import type { ResourceType } from '#sandbox/cloud/terraform/engine/resource';
import { randomProvider } from '#sandbox/cloud/terraform/random/provider';

const [socket, last] = process.argv.slice(2);
const definition = randomProvider();
const id = definition.resources['random_id']!;
const mortal: ResourceType<null> = {
  ...id,
  create: async (operation) => {
    if (operation.planned['byte_length'] === Number(last)) process.kill(process.pid, 'SIGKILL');
    return id.create(operation);
  },
};
const served = { ...definition, resources: { ...definition.resources, random_id: mortal } };
void serveProvider(served, socket!).then(() => process.send!('ready'));
