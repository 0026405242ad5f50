import { alreadyExists, notFound } from './errors';
import { canonicalName, checkSize } from './names';
import type { Repository } from './resources/repository';
import type { Variable } from './resources/variable';
import { request, timestampAfter, type GithubSession, type RepositoryName } from './session';

export function createVariable(
  session: GithubSession,
  repository: RepositoryName,
  name: string,
  value: string,
): Promise<Variable> {
  return request(session, 'variables:write', 'POST', repository, '/actions/variables', (found) => {
    const canonical = canonicalName('Variable', name);
    checkSize('Variable', value);
    if (found.variables.some((variable) => variable.name === canonical)) throw alreadyExists('Variable already exists');
    const createdAt = timestampAfter();
    const variable: Variable = { name: canonical, value, createdAt, updatedAt: createdAt };
    found.variables.push(variable);
    return variable;
  });
}

export function listVariables(session: GithubSession, repository: RepositoryName): Promise<Variable[]> {
  return request(session, 'variables:read', 'GET', repository, '/actions/variables', ({ variables }) => [...variables]);
}

export function getVariable(session: GithubSession, repository: RepositoryName, name: string): Promise<Variable> {
  return request(session, 'variables:read', 'GET', repository, `/actions/variables/${name}`, (found) =>
    find(found, name),
  );
}

export function updateVariable(
  session: GithubSession,
  repository: RepositoryName,
  name: string,
  value: string,
): Promise<Variable> {
  return request(session, 'variables:write', 'PATCH', repository, `/actions/variables/${name}`, (found) => {
    checkSize('Variable', value);
    const variable = find(found, name);
    return Object.assign(variable, { value, updatedAt: timestampAfter(variable.updatedAt) });
  });
}

export function deleteVariable(session: GithubSession, repository: RepositoryName, name: string): Promise<void> {
  return request(session, 'variables:write', 'DELETE', repository, `/actions/variables/${name}`, (found) => {
    const variable = find(found, name);
    found.variables = found.variables.filter((candidate) => candidate !== variable);
  });
}

function find({ variables }: Repository, name: string): Variable {
  const variable = variables.find((candidate) => candidate.name === name.toUpperCase());
  if (variable === undefined) throw notFound();
  return variable;
}
