/** A DNS record; what its type does not know is 0 or empty. */
export interface DomainRecord {
  readonly id: number;
  readonly type: string;
  /** Below the domain; `@` for the domain itself. */
  name: string;
  data: string;
  ttl: number;
  priority: number;
  port: number;
  weight: number;
  flags: number;
  tag: string;
}

/** A DNS zone. */
export interface Domain {
  readonly name: string;
  readonly ttl: number;
  /** There from the start, so no deploy has to take it away. */
  readonly preset: boolean;
  records: DomainRecord[];
}
