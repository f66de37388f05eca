import type { Config } from '../config.ts';

/** What is made for trying things out and refused where real cases are. */
export function rehearsalFaults({
  nodeEnv,
  rehearsal,
  limitLengths,
}: Pick<Config, 'nodeEnv' | 'rehearsal' | 'limitLengths'>): { name: string; zh: string; en: string }[] {
  if (nodeEnv !== 'production') return [];
  const moved = {
    name: 'REHEARSAL',
    zh: 'REHEARSAL 不能用于 NODE_ENV=production:正式案件的时间不能快进',
    en: 'REHEARSAL is refused when NODE_ENV is production: the time of real cases must not be moved',
  };
  const tried = {
    name: 'LIMIT_LENGTHS',
    zh: 'LIMIT_LENGTHS 不能用于 NODE_ENV=production:法定时限不得更改',
    en: 'LIMIT_LENGTHS is refused when NODE_ENV is production: statutory limits are not for trying',
  };
  return [...(rehearsal ? [moved] : []), ...(limitLengths ? [tried] : [])];
}
