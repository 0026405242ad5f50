/** A named group of what the account holds. */
export interface Project {
  readonly id: string;
  readonly ownerId: number;
  readonly ownerUuid: string;
  name: string;
  description: string;
  purpose: string;
  /** `Development`, `Staging`, `Production` or empty. */
  environment: string;
  isDefault: boolean;
  /** URNs. */
  resources: string[];
  readonly createdAt: string;
  updatedAt: string;
}
