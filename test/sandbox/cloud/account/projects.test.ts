import { deleteDroplet } from '#sandbox/cloud/account/droplets';
import {
  assignResources,
  createProject,
  deleteProject,
  getProject,
  updateProject,
} from '#sandbox/cloud/account/projects';
import { assignReservedIp, createReservedIp } from '#sandbox/cloud/account/reserved-ips';
import { createBucket, deleteBucket } from '#sandbox/cloud/spaces/buckets';
import { droplet, removeSampleAccounts, sampleAccount } from './sample-account';

afterAll(removeSampleAccounts);

const forge = { name: 'forge', description: '', purpose: 'Web Application', environment: 'production' };

describe('a project', () => {
  it('takes resources out of the default project and gives them back', async () => {
    const { session, account } = sampleAccount();
    const { id } = await droplet(session);
    createBucket(account.store, 'snapshots');
    const urns = [`do:droplet:${id}`, 'do:space:snapshots'];
    const project = await createProject(session, forge);
    const first = account.state.projects[0]!;
    expect(first.resources).toEqual(urns);

    await assignResources(session, project.id, urns);
    expect((await getProject(session, project.id)).resources).toEqual(urns);
    expect(first.resources).toEqual([]);

    await expect(deleteProject(session, project.id)).rejects.toMatchObject({
      status: 412,
      message: 'cannot delete a project with resources',
    });
    await assignResources(session, 'default', urns);
    await deleteProject(session, project.id);
    await expect(getProject(session, project.id)).rejects.toMatchObject({ status: 404 });
  });

  it('forgets a resource that is deleted', async () => {
    const { session } = sampleAccount();
    const { id } = await droplet(session);
    const project = await createProject(session, forge);
    await assignResources(session, project.id, [`do:droplet:${id}`]);
    await deleteDroplet(session, id);
    expect((await getProject(session, project.id)).resources).toEqual([]);
  });

  it('forgets a bucket that is deleted over S3', async () => {
    const { session, account } = sampleAccount();
    createBucket(account.store, 'snapshots');
    const project = await createProject(session, forge);
    await assignResources(session, project.id, ['do:space:snapshots']);
    deleteBucket(account.store, 'snapshots');
    expect((await getProject(session, project.id)).resources).toEqual([]);
  });

  it('names a reserved IP by its old name, whatever it was given', async () => {
    const { session } = sampleAccount();
    const { ip } = await createReservedIp(session, 'fra1');
    const project = await createProject(session, forge);
    await assignResources(session, project.id, [`do:reservedip:${ip}`]);
    expect((await getProject(session, project.id)).resources).toEqual([`do:floatingip:${ip}`]);
  });

  it('gets a reserved IP along with its droplet, never without', async () => {
    const { session } = sampleAccount();
    const { ip } = await createReservedIp(session, 'fra1');
    const { id } = await droplet(session);
    await assignReservedIp(session, ip, id);
    const project = await createProject(session, forge);
    await expect(assignResources(session, project.id, [`do:floatingip:${ip}`])).rejects.toMatchObject({
      status: 412,
      message: 'Cannot move a Reserved IP with an associated Droplet. Move the Droplet instead',
    });
    const both = [`do:droplet:${id}`, `do:floatingip:${ip}`];
    await expect(assignResources(session, project.id, [...both].reverse())).resolves.toEqual(both);
  });

  it('cannot hold what does not exist', async () => {
    const { session } = sampleAccount();
    const { id } = await createProject(session, forge);
    await expect(assignResources(session, id, ['do:droplet:7'])).rejects.toMatchObject({ status: 404 });
  });

  it('has a name of its own, and one of the known environments', async () => {
    const { session } = sampleAccount();
    const { id } = await createProject(session, forge);
    await expect(getProject(session, id)).resolves.toMatchObject({ environment: 'Production' });
    await expect(createProject(session, forge)).rejects.toMatchObject({
      status: 409,
      message: 'name is already in use',
    });
    await expect(createProject(session, { ...forge, name: 'x', environment: 'holiday' })).rejects.toMatchObject({
      status: 422,
    });
  });

  it('can become the default, which cannot be deleted', async () => {
    const { session, account } = sampleAccount();
    const { id } = await createProject(session, forge);
    await updateProject(session, id, { ...forge, isDefault: true });
    expect(account.state.projects.map(({ isDefault }) => isDefault)).toEqual([false, true]);
    await expect(deleteProject(session, id)).rejects.toMatchObject({ status: 409 });
  });
});
