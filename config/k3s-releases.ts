/** The k3s releases that this project can install. A new one is added here, with its checksum, before it is used. */

export interface K3sRelease {
  /** Tag of the release, as in forge.yaml's `kubernetes.version`. */
  readonly version: string;
  /** SHA-256 of the file `k3s` (linux, amd64), from the release's sha256sum-amd64.txt. */
  readonly sha256: string;
}

const SHA256_AMD64 = {
  'v1.36.4+k3s1': '835873f37245fc615f547a2fe2af9402a347875f13fa64a1f136de644955ea3f',
} as const;

export type K3sVersion = keyof typeof SHA256_AMD64;

/** Every version that forge.yaml may name, oldest first. */
export const K3S_VERSIONS = Object.keys(SHA256_AMD64) as [K3sVersion, ...K3sVersion[]];

export const DEFAULT_K3S_VERSION: K3sVersion = 'v1.36.4+k3s1';

export function k3sRelease(version: K3sVersion): K3sRelease {
  return { version, sha256: SHA256_AMD64[version] };
}
