/** What every call of the emulated Spaces is made of. */
import type { Readable } from 'node:stream';
import type { Permission } from '../access-keys';
import type { S3Request } from '../request';
import type { Store } from '../store';

export interface Call {
  readonly store: Store;
  readonly request: S3Request;
  /** Empty for calls that concern no bucket. */
  readonly bucket: string;
  /** Empty for calls that concern no object. */
  readonly key: string;
}

export interface Answer {
  /** The default is 200. */
  readonly status?: number;
  /** Undefined values are left out. */
  readonly headers?: Readonly<Record<string, string | number | undefined>>;
  /** An XML document, or an object's bytes. */
  readonly body?: string | Readable;
}

export interface Operation {
  /** Name in the S3 API; faults are set by it. */
  readonly name: string;
  readonly permission: Permission;
  readonly perform: (call: Call) => Answer | Promise<Answer>;
}

/** Declares an operation. */
export function operation(name: string, permission: Permission, perform: Operation['perform']): Operation {
  return { name, permission, perform };
}
