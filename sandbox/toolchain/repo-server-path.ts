import { join } from 'node:path';

/**
 * Folder with what Argo CD's repo-server runs besides git: goes on its PATH. Its image has a git-verify-wrapper.sh there, which the
 * repo-server calls at each render even with signature checks off.
 */
export const REPO_SERVER_PATH = join(__dirname, 'argocd');
