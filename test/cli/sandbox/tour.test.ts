import { tour } from '#cli/sandbox/tour';
import { sandboxFolder } from '#sandbox/place/folder';
import { OPERATIONS } from '#sandbox/tour/operations';

describe('forge sandbox tour', () => {
  it('refuses numbers that no operation has, before it looks for a sandbox', async () => {
    const refused = tour(sandboxFolder('nowhere'), [1, 0, OPERATIONS.length + 1]);
    await expect(refused).rejects.toMatchObject({
      message: `There is no operation 0, ${OPERATIONS.length + 1}: they are 1 to ${OPERATIONS.length}.`,
      exitCode: 2,
    });
  });
});
