/** Why a droplet did not become a node, in words for a person. Never holds a secret. */
export class BootFailure extends Error {
  override readonly name = 'BootFailure';
}
