/** An SSH key for one repository. */
export interface DeployKey {
  readonly id: number;
  readonly title: string;
  /** Type and body, without the comment. */
  readonly key: string;
  readonly readOnly: boolean;
  readonly createdAt: string;
}
