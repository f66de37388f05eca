import { sleep } from '../../embedded/wait.ts';
import { watchStillness } from '../../faults/stillness.ts';

const LIMIT_MS = 100;
const EVERY_MS = 5;

it('says nothing while work goes on, and once when it stands still', async () => {
  let decided = 0;
  const watch = watchStillness(() => decided, LIMIT_MS, EVERY_MS);
  for (; decided < 10; decided++) await sleep(LIMIT_MS / 4);
  const going = watch.end();
  expect(going).toEqual([]);

  const still = watchStillness(() => decided, LIMIT_MS, EVERY_MS);
  await sleep(LIMIT_MS * 3);
  decided++;
  await sleep(EVERY_MS * 2);
  await sleep(LIMIT_MS * 3);
  expect(still.end()).toEqual([expect.stringContaining('0.1 s'), expect.stringContaining('0.1 s')]);
});
