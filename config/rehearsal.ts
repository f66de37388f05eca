import type { LimitLengths } from '../domain/time-limits.ts';

/** What is for rehearsals only, and has no place in an installation that decides about people. */
export function rehearsalFaults(config: {
  nodeEnv: string;
  rehearsal: boolean;
  limitLengths?: LimitLengths | undefined;
}): { name: string; zh: string; en: string }[] {
  if (config.nodeEnv !== 'production') return [];
  const faults: { name: string; zh: string; en: string }[] = [];
  if (config.rehearsal)
    faults.push({
      name: 'REHEARSAL',
      zh: 'REHEARSAL 不能用于 NODE_ENV=production:正式案件的时间不能快进',
      en: 'REHEARSAL is refused when NODE_ENV is production: the time of real cases must not be moved',
    });
  if (config.limitLengths)
    faults.push({
      name: 'LIMIT_LENGTHS',
      zh: 'LIMIT_LENGTHS 不能用于 NODE_ENV=production:法定时限不得更改',
      en: 'LIMIT_LENGTHS is refused when NODE_ENV is production: statutory limits are not for trying',
    });
  return faults;
}
