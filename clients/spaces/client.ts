/** DigitalOcean Spaces as the commands use it: one bucket, and errors that say what to do. */
import type * as Sdk from '@aws-sdk/client-s3';
import type { S3Client } from '@aws-sdk/client-s3';
import { readEnvironment, type SpacesCredentials } from '#config/environment';
import type { ForgeConfig } from '#config/schema';
import { explain, SpacesFailure } from './failure';

/** Where the state is, and with which key. */
export interface SpacesTarget {
  /** URL without the bucket. */
  readonly endpoint: string;
  readonly bucket: string;
  readonly credentials: SpacesCredentials;
}

/** A call of the AWS SDK. */
export type SpacesCall<T> = (s3: S3Client, sdk: typeof Sdk) => Promise<T>;

export interface SpacesClient extends SpacesTarget {
  /**
   * Performs a call of the AWS SDK.
   *
   * @throws SpacesFailure with the status and the code of what Spaces answered
   */
  readonly perform: <T>(call: SpacesCall<T>) => Promise<T>;
  readonly close: () => void;
}

/** From here on the person is told what is waited for. */
const SLOW_MS = 2000;

/** @throws SpacesFailure when the environment has no key for Spaces */
export function spacesTarget(config: ForgeConfig, env: NodeJS.ProcessEnv): SpacesTarget {
  const { spacesCredentials: credentials, spacesEndpoint } = readEnvironment(env, config);
  if (credentials === undefined) {
    throw new SpacesFailure(
      'SPACES_ACCESS_KEY_ID and SPACES_SECRET_ACCESS_KEY are not both set: they are the Spaces key that reads the state.\n' +
        'Keys are made in the control panel under Spaces Object Storage, Access Keys. For the sandbox: eval "$(npx forge sandbox env)"',
      { exitCode: 2 },
    );
  }
  return { endpoint: spacesEndpoint(config.state.region), bucket: config.state.bucket, credentials };
}

/**
 * Works with a bucket by a connection of its own, which is closed afterwards.
 *
 * @param notify is told what is waited for; default: nobody is
 */
export async function withSpaces<T>(
  target: SpacesTarget,
  work: (spaces: SpacesClient) => Promise<T>,
  notify: (text: string) => void = () => undefined,
): Promise<T> {
  const spaces = connectSpaces(target, notify);
  try {
    return await work(spaces);
  } finally {
    spaces.close();
  }
}

/** Loads the SDK only now: it takes longer than everything else. */
function connectSpaces(target: SpacesTarget, notify: (text: string) => void): SpacesClient {
  // It advises everybody below Node 22 to upgrade; the versions here are pinned and work with Node 20.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
  // By `import()` Node.js would read it twice.
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const sdk = require('@aws-sdk/client-s3') as typeof Sdk;
  const s3 = new sdk.S3Client({
    endpoint: target.endpoint,
    // Only part of the signature: the endpoint decides. Another one would be sent as the place for a new bucket.
    region: 'us-east-1',
    credentials: target.credentials,
    forcePathStyle: true,
    // Spaces need not know the checksums that the SDK adds by itself.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    maxAttempts: 3,
    requestHandler: { connectionTimeout: 5000, requestTimeout: 30_000 },
  });
  return {
    ...target,
    perform: async (call) => {
      const slow = setTimeout(() => notify(`Waiting for ${target.endpoint} …\n`), SLOW_MS);
      try {
        return await call(s3, sdk);
      } catch (error) {
        throw explain(error, target);
      } finally {
        clearTimeout(slow);
      }
    },
    close: () => s3.destroy(),
  };
}
