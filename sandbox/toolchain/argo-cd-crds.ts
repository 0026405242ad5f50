/** Argo CD's custom resource definitions, which its one binary does not contain. */
import { copyFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { changeCache } from './change-cache';
import { ToolsMissing } from './failure';
import { findGo, runGo } from './go-program';
import { ARGO_CD_CRDS } from './pins';
import { sha256OfFile } from './sha256';
import { downloadsIn, newWorkFolder, replaceFolder } from './tool-cache';
import { userToolchain, type Toolchain, type ToolOptions } from './toolchain';
import { vendorFiles, type VendorFiles } from './vendor-files';

export interface PinnedFiles {
  readonly version: string;
  /** Go module that holds them, and the folder inside of it. */
  readonly module: string;
  readonly folder: string;
  /** Address of the folder. */
  readonly site: string;
  readonly sha256: Readonly<Record<string, string>>;
}

/**
 * Absolute paths of the manifests of Application and AppProject: cached, or from Argo CD's Git tag, or from its Go module.
 * Whatever the source, each file has the pinned SHA-256.
 *
 * @throws ToolsMissing with what each source answered
 */
export function argoCdCrds(options: ToolOptions): Promise<string[]> {
  return obtainCrds(options, userToolchain(), ARGO_CD_CRDS);
}

/** Like argoCdCrds, with files and folders of the caller's choice. */
export async function obtainCrds(options: ToolOptions, toolchain: Toolchain, crds: PinnedFiles): Promise<string[]> {
  const folder = `argocd-crds-${crds.version}`;
  const paths = Object.keys(crds.sha256).map((file) => join(toolchain.cache, folder, file));
  if (await areRight(paths, crds)) return paths;
  await changeCache(toolchain, 'argocd', options, async () => {
    if (await areRight(paths, crds)) return;
    const prepared = await newWorkFolder(toolchain.cache, 'crds');
    const vendor = vendorFiles(downloadsIn(toolchain.cache), options.signal);
    await fromSite(vendor, prepared, crds, options).catch(async (siteError: Error) => {
      options.signal?.throwIfAborted();
      await fromModule(toolchain, vendor, prepared, crds, options).catch((moduleError: Error) => {
        options.signal?.throwIfAborted();
        throw crdsMissing(siteError, moduleError);
      });
    });
    await replaceFolder(toolchain.cache, folder, prepared);
  });
  return paths;
}

async function areRight(paths: readonly string[], { sha256 }: PinnedFiles): Promise<boolean> {
  const expected = Object.values(sha256);
  const actual = await Promise.all(paths.map((path) => sha256OfFile(path).catch(() => undefined)));
  return actual.every((checksum, index) => checksum === expected[index]);
}

async function fromSite(
  vendor: VendorFiles,
  prepared: string,
  { site, sha256 }: PinnedFiles,
  { progress }: ToolOptions,
): Promise<void> {
  for (const [file, checksum] of Object.entries(sha256)) {
    progress({ tool: 'argocd', phase: 'downloading', detail: file });
    const fetched = await vendor.fetch({ url: `${site}/${file}`, checksum: { sha256: checksum } }, () => undefined);
    await rename(fetched, join(prepared, file));
  }
}

async function fromModule(
  toolchain: Toolchain,
  vendor: VendorFiles,
  prepared: string,
  crds: PinnedFiles,
  { progress, signal }: ToolOptions,
): Promise<void> {
  const report = (detail: string) => progress({ tool: 'argocd', phase: 'downloading', detail });
  const go = await findGo(toolchain, vendor, { progress: report, signal });
  report(`Go module ${crds.module}`);
  const answer = await runGo(go, ['mod', 'download', '-json', crds.module], { module: toolchain.module, signal });
  const { Dir } = JSON.parse(answer) as { Dir: string };
  const files = Object.keys(crds.sha256);
  for (const file of files) await copyFile(join(Dir, crds.folder, file), join(prepared, file));
  const right = await areRight(
    files.map((file) => join(prepared, file)),
    crds,
  );
  if (!right) throw new Error(`${join(Dir, crds.folder)} does not hold the pinned files`);
}

function crdsMissing(siteError: Error, moduleError: Error): ToolsMissing {
  return new ToolsMissing(
    [
      "Argo CD's custom resource definitions cannot be had:",
      `  download: ${siteError.message}`,
      `  Go module: ${moduleError.message}`,
      'What helps: Go on PATH and a Go module proxy that it can reach (go env GOPROXY), or HTTPS without a proxy to raw.githubusercontent.com',
    ].join('\n'),
  );
}
