/** A process of its own that obtains etcd: `node --require tsx/cjs obtain-etcd.ts <toolchain as JSON>`. */
import { obtainTools } from '#sandbox/toolchain/ensure-tools';
import type { Toolchain } from '#sandbox/toolchain/toolchain';

const toolchain = JSON.parse(process.argv[2]!) as Toolchain;

obtainTools(['etcd'], { progress: () => undefined }, toolchain).catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
