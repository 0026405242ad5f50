/** The emulated DigitalOcean Spaces: an S3 server on loopback that keeps its buckets in a folder. */
import type { AddressInfo } from 'node:net';
import { noConditions, type Conditions } from '../http/faults';
import type { KeyLookup } from './access-keys';
import { createSpacesServer } from './server';
import { openStore, type Store } from './store';

export interface SpacesOptions {
  /** Holds everything. Made if it is not there; only the owner can read it. */
  readonly folder: string;
  /** Address of loopback to listen on. */
  readonly address: string;
  /** 0 takes any free one. */
  readonly port: number;
  /** Region of buckets that are made through S3. */
  readonly region: string;
  readonly keys: KeyLookup;
  /** Faults and latency, by `<operation>:<bucket>/<key>`, such as `PutObject:state/forge/production/network.tfstate`. */
  readonly conditions?: Conditions;
  /** Makes a store that takes conditional writes for unconditional ones, as some S3 stores do. For tests. */
  readonly ignoreConditions?: boolean;
}

export interface Spaces {
  /** URL without a bucket: the value for SPACES_ENDPOINT_URL. */
  readonly endpoint: string;
  /** Its buckets and objects, without S3 in between: see buckets.ts and object-versions.ts. */
  readonly store: Store;
  /** Ends open connections and frees the port. */
  stop(): Promise<void>;
}

const LOOPBACK = /^127\.\d+\.\d+\.\d+$/;

/** Starts to listen. What an earlier one left in the folder is there again. */
export async function startSpaces(options: SpacesOptions): Promise<Spaces> {
  const { address, port, keys, conditions = noConditions() } = options;
  if (!LOOPBACK.test(address)) throw new Error(`The emulated Spaces listens on loopback only, not on ${address}.`);
  const store = openStore(options.folder, options.region, !options.ignoreConditions);
  const server = createSpacesServer({ store, keys, conditions });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, address, () => {
      server.off('error', reject);
      resolve();
    });
  });
  return {
    endpoint: `http://${address}:${(server.address() as AddressInfo).port}`,
    store,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
