import { configFile } from '#config/environment';
import type { SandboxFolder } from '#sandbox/place/folder';
import { readSettings } from '#sandbox/place/settings';
import { mirrorFolder, type ProviderChoice } from '#sandbox/providers';
import { runTasks } from '../output/task-list';
import { reportMissing } from './real-layers';
import { printSummary } from './summary';
import {
  cloud,
  deploy,
  deployAll,
  layers,
  machines,
  providers,
  realLayers,
  realMachines,
  realNodes,
  tools,
  type UpContext,
} from './up-tasks';

export interface UpCommandOptions {
  readonly real?: boolean;
  readonly servers?: 1 | 3;
  readonly config?: string;
  readonly providers: ProviderChoice;
}

/** Brings the sandbox up, with progress, and ends with what it holds. */
export async function up(
  folder: SandboxFolder,
  { servers, config, providers: choice, real: wanted }: UpCommandOptions,
): Promise<void> {
  const isReal = wanted === true || readSettings(folder)?.real !== undefined;
  const mirror = mirrorFolder(process.env);
  const options = {
    configFile: config ?? configFile(process.env),
    real: wanted === true,
    ...(servers !== undefined && { servers }),
    ...(mirror !== undefined && { mirror }),
  };
  const { sandbox, podImages, layersEnd } = await runTasks<UpContext>([
    ...(isReal ? realMachines(folder, options) : []),
    tools(isReal),
    providers(folder, choice),
    ...cloud(folder, options),
    ...(isReal ? [deploy(['network']), machines(folder), realNodes(), ...realLayers()] : [deployAll(folder), layers()]),
  ]);
  await printSummary(sandbox);
  if (layersEnd && layersEnd.layers.length > 0) console.log(reportMissing(layersEnd, podImages?.lacking ?? []));
}
