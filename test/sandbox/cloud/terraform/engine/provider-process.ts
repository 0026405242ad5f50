/**
 * The sample provider in a process of its own, which can die: `provider-process.ts <socket> <file of the cloud>
 * [<name of the machine whose write is the last>]`.
 */
import { serveProvider } from '#sandbox/cloud/terraform/engine/provider-server';
import { sampleCloud, sampleProvider } from './sample-provider';

const [socket, file, last] = process.argv.slice(2);
const cloud = sampleCloud(file);
const mortal = {
  ...cloud,
  put: (machine: Parameters<typeof cloud.put>[0]) => {
    cloud.put(machine);
    if (machine.attributes['name'] === last) process.kill(process.pid, 'SIGKILL');
  },
};
void serveProvider(sampleProvider(mortal), socket!).then(() => process.send!('ready'));
