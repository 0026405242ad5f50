import { copyFile, constants, rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { Source } from './attempts';
import type { ToolName, VendorFile } from './pins';
import { downloadsIn, newWorkFolder, publish } from './tool-cache';
import { entryOf, vendorFileOf } from './tool-entry';
import { pinOf, type Toolchain, type ToolOptions } from './toolchain';
import { unpack } from './unpack';
import { vendorFiles } from './vendor-files';

/** Takes tools from their vendors. For the holder of the lock. */
export function toolDownloader(toolchain: Toolchain, { progress, signal }: ToolOptions): Source {
  return async (tools, { ready, attempts }) => {
    const files = vendorFiles(downloadsIn(toolchain.cache), signal);
    for (const tool of tools) {
      const pin = pinOf(toolchain, tool);
      const file = vendorFileOf(toolchain, pin);
      if (file === undefined) {
        attempts.refused(tool, 'download', `no vendor offers it for ${toolchain.platform}`);
        continue;
      }
      try {
        const downloaded = await files.fetch(file, (detail) => progress({ tool, phase: 'downloading', detail }));
        const prepared = await prepare(toolchain, tool, file, downloaded);
        ready(tool, await publish(toolchain.cache, entryOf(tool, pin), prepared, file.url));
      } catch (error) {
        signal?.throwIfAborted();
        attempts.refused(tool, 'download', (error as Error).message);
      }
    }
  };
}

/** @returns a folder with nothing but the program */
async function prepare({ cache }: Toolchain, tool: ToolName, file: VendorFile, downloaded: string): Promise<string> {
  const prepared = await newWorkFolder(cache, tool);
  const program = join(prepared, tool);
  if (file.member === undefined) {
    await copyFile(downloaded, program, constants.COPYFILE_FICLONE);
  } else {
    const unpacked = await newWorkFolder(cache, `${tool}-unpacked`);
    await unpack(downloaded, unpacked, file.member);
    await rename(join(unpacked, file.member), program);
  }
  return prepared;
}
