import { agentUserData, serverUserData } from '#stacks/network/cloud-init/render';
import { boot } from './boot';
import { consoleLevel, consoleOf, onConsole } from './console';
import { machine, type Machine } from './machine';
import { agentProps, joinerProps, seedProps } from './user-data-samples';

const SERVER = ['k3s.service', serverUserData(seedProps())] as const;
const WORKER = ['k3s-agent.service', agentUserData(agentProps())] as const;
const REFUSED = 'level=fatal msg="Error: token CA hash does not match the Cluster CA certificate hash"\n';

/** With real scripts and stub commands. Which terminal DigitalOcean's console shows, only a real machine tells. */
describe('the console of a machine', () => {
  let node: Machine;

  it.each([
    ['server', ...SERVER],
    ['further server', 'k3s.service', serverUserData(joinerProps())],
    ['worker', ...WORKER],
  ] as const)('shows what a %s waits for before it has k3s', async (_, service, userData) => {
    node = machine(userData);
    node.world({ unresolved: 'github.com' });
    const { log } = await boot(node, service);
    const shown = onConsole(userData, 'forge-bootstrap.service', log);
    expect(shown).toContain('Waiting for the network: the metadata service does not answer.');
  });

  it.each([SERVER, WORKER])('shows why %s does not come up', (service, userData) => {
    expect(onConsole(userData, service, REFUSED)).toBe(REFUSED);
  });

  it.each([SERVER, WORKER])('is the first terminal, and quiet about the rest: %s', (_, userData) => {
    expect(consoleOf(userData)).toBe('/dev/tty1');
    // systemd tells of each start and end of a unit as "info".
    expect(consoleLevel(userData)).toBe('notice');
  });
});
