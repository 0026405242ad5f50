/** An emulated Spaces as a process of its own, for tests that kill it or run two on one folder. */
import { startSpaces } from '#sandbox/cloud/spaces/spaces';
import { KEYS } from './sample-spaces';

const [folder = '', port = '0'] = process.argv.slice(2);

void startSpaces({ folder, address: '127.0.0.1', port: Number(port), region: 'fra1', keys: (id) => KEYS[id] }).then(
  ({ endpoint }) => console.log(endpoint),
);
