/** One call of an API as any program would make it. */

export interface Called {
  readonly status: number;
  readonly headers: Headers;
  readonly body: any;
}

/** @param path with its query */
export type Call = (method: string, path: string, body?: unknown) => Promise<Called>;

export function caller(url: string, token: string | undefined): Call {
  return async (method, path, body) => {
    const answer = await fetch(`${url}${path}`, {
      method,
      headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await answer.text();
    return { status: answer.status, headers: answer.headers, body: text === '' ? undefined : JSON.parse(text) };
  };
}
