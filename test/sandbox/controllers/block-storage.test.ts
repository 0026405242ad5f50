import { attachVolume } from '#sandbox/cloud/account/volumes';
import { accountStorage } from '#sandbox/controllers/block-storage';
import { withToken } from '#sandbox/cloud/account/session';
import { droplet, removeSampleAccounts, sampleAccount, TOKENS } from '../cloud/account/sample-account';

afterAll(removeSampleAccounts);

/** With the token of the cluster, as the driver has it. */
function storage() {
  const { session, account } = sampleAccount();
  const driver = withToken(account, TOKENS.cluster);
  const options = { session: driver, region: 'fra1', tag: 'forge-production' };
  return { session, state: account.state, storage: accountStorage(options) };
}

describe('the volumes of claims', () => {
  it('are volumes of the account, with the tag of the cluster', async () => {
    const { state, storage: volumes } = storage();
    const id = await volumes.create('pvc-1', 10);
    expect(state.volumes).toMatchObject([
      { id, name: 'pvc-1', sizeGiB: 10, region: 'fra1', tags: ['forge-production'] },
    ]);
  });

  it('are made, grown and deleted once, however often it is asked', async () => {
    const { state, storage: volumes } = storage();
    const id = await volumes.create('pvc-1', 10);
    expect(await volumes.create('pvc-1', 10)).toBe(id);
    await volumes.resize(id, 20);
    await volumes.resize(id, 20);
    await volumes.resize(id, 15);
    expect(state.volumes).toMatchObject([{ id, sizeGiB: 20 }]);
    await volumes.delete(id);
    await volumes.delete(id);
    expect(state.volumes).toEqual([]);
  });

  it('are not deleted while a droplet has them', async () => {
    const { session, storage: volumes } = storage();
    const id = await volumes.create('pvc-1', 10);
    await attachVolume(session, id, (await droplet(session)).id);
    await expect(volumes.delete(id)).rejects.toMatchObject({ status: 409 });
  });
});
