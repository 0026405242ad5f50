import { buildOrigin } from './go-build';
import type { Platform, ToolName, ToolPin, VendorFile } from './pins';
import type { CacheEntry } from './tool-cache';
import { moduleOf, type Toolchain } from './toolchain';

/** `etcd-v3.6.8/etcd` */
export function entryOf(tool: ToolName, { version }: ToolPin): CacheEntry {
  return { folder: `${tool}-${version}`, program: tool };
}

/** The vendor's file for this machine. */
export function vendorFileOf({ platform }: Toolchain, { vendor }: Pick<ToolPin, 'vendor'>): VendorFile | undefined {
  return vendor?.[platform as Platform];
}

/** Where a cached copy may come from to be today's. */
export function originsOf(toolchain: Toolchain, pin: ToolPin): string[] {
  const file = vendorFileOf(toolchain, pin);
  return [
    ...(file === undefined ? [] : [file.url]),
    ...(pin.goPackage === undefined ? [] : [buildOrigin(moduleOf(toolchain, pin))]),
  ];
}
