/** The guide's day-2 operations in its order, one of docs/restore.md, and what only machines that run containers can show. */
import type { Operation } from './operation';
import { brokenManifest } from './operations/broken-manifest';
import { drift } from './operations/drift';
import { guideCommands } from './operations/guide-commands';
import { certificate } from './operations/certificate';
import { lostForge } from './operations/lost-forge';
import { lostMachine } from './operations/lost-machine';
import { lostVolume } from './operations/lost-volume';
import { movedVolume } from './operations/moved-volume';
import { networkRules } from './operations/network-rules';
import { newApplication } from './operations/new-application';
import { pruning } from './operations/pruning';
import { replicas } from './operations/replicas';
import { resources } from './operations/resources';
import { secret } from './operations/secret';
import { troubleshooting } from './operations/troubleshooting';

export const OPERATIONS: readonly Operation[] = [
  replicas,
  resources,
  newApplication,
  secret,
  drift,
  pruning,
  brokenManifest,
  troubleshooting,
  lostMachine,
  guideCommands,
  lostVolume,
  movedVolume,
  certificate,
  networkRules,
  // The last: nothing is as before after it.
  lostForge,
];
